namespace TrafficFlow.SystemTests.Support;

/// <summary>A link to a folder, without the blanks of its path: for words that are split at blanks.</summary>
internal sealed class PlainPath : IDisposable
{
    public PlainPath(string folder) => Directory.CreateSymbolicLink(Path, folder);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"trafficflow-link-{Guid.NewGuid():N}");

    public void Dispose() => File.Delete(Path);
}
