namespace TrafficFlow.Benchmarks;

/// <summary>Finds the repository, wherever it lies, and the folder of real data beside it.</summary>
internal static class RepositoryFiles
{
    private const string Solution = "TrafficFlow.sln";

    public static string Repository { get; } = FindRepository();

    /// <exception cref="BenchmarkException">It is absent.</exception>
    public static string Shared(string path)
    {
        var full = Path.GetFullPath(Path.Combine(Repository, "..", "shared", path));
        return Path.Exists(full)
            ? full
            : throw new BenchmarkException(
                BenchmarkException.CannotRun, $"needs ../shared/{path}, looked for as {full}: put the folder `shared` of real data beside the repository");
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Solution))) return folder.FullName;
        }

        throw new BenchmarkException(BenchmarkException.CannotRun, $"there is no {Solution} above {AppContext.BaseDirectory}: run this from a clone of the repository");
    }
}
