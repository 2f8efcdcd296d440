using Microsoft.Data.Sqlite;

namespace TrafficFlow.Benchmarks;

/// <summary>A folder that goes with the benchmark.</summary>
internal sealed class TempFolder : IDisposable
{
    public string FullName { get; } = Directory.CreateTempSubdirectory("trafficflow-benchmark-").FullName;

    public string File(string name) => Path.Combine(FullName, name);

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(FullName, recursive: true);
    }
}
