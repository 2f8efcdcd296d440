using System.Globalization;
using TrafficFlow.SystemTests.Lab;

namespace TrafficFlow.Benchmarks.Scale;

/// <summary>What the processes of a cluster have used so far, by /proc.</summary>
/// <param name="DatabaseCpu">Of the PostgreSQL server with all its processes, also those that are gone.</param>
internal sealed record ProcessUsage(TimeSpan RoadsideCpu, TimeSpan ServersCpu, TimeSpan DatabaseCpu, double RoadsideMegabytes, double ServersMegabytes)
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux that .NET runs on.

    public TimeSpan Cpu => RoadsideCpu + ServersCpu + DatabaseCpu;

    public static ProcessUsage Of(ProcessCluster cluster, PostgresServer database)
    {
        var servers = cluster.Servers.Select(s => s.Life.Id).ToList();
        return new ProcessUsage(
            CpuOf(cluster.Roadside.Life.Id, withEnded: false),
            Sum(servers.Select(s => CpuOf(s, withEnded: false))),
            Sum(DatabaseProcesses(database).Select(p => CpuOf(p, withEnded: true))),
            Megabytes(cluster.Roadside.Life.Id),
            servers.Sum(Megabytes));
    }

    private static IEnumerable<int> DatabaseProcesses(PostgresServer database)
    {
        var postmaster = int.Parse(File.ReadLines(Path.Combine(database.Folder, "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);
        var parent = postmaster.ToString(CultureInfo.InvariantCulture);
        yield return postmaster;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Stat(id) is { } stat && stat[1] == parent) yield return id;
        }
    }

    private static TimeSpan CpuOf(int process, bool withEnded) =>
        Stat(process) is { } stat
            ? TimeSpan.FromSeconds(stat.Skip(11).Take(withEnded ? 4 : 2).Sum(t => long.Parse(t, CultureInfo.InvariantCulture)) / TicksPerSecond)
            : TimeSpan.Zero;

    private static double Megabytes(int process) =>
        ProcessFigures.Read(process)?.MemoryMib ?? throw new BenchmarkException(BenchmarkException.Failed, $"process {process} has ended");

    /// <summary>The fields after the name, which may hold anything: state first. Null for a process that is gone.</summary>
    private static string[]? Stat(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static TimeSpan Sum(IEnumerable<TimeSpan> times) => times.Aggregate(TimeSpan.Zero, (a, b) => a + b);
}
