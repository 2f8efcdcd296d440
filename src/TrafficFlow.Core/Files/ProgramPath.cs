namespace TrafficFlow.Core.Files;

/// <summary>
/// Where a program of the machine lies. .NET looks for a bare name beside the running program and in the current folder before it looks in PATH: whoever can write there, such as in
/// /tmp, would choose what root runs.
/// </summary>
public static class ProgramPath
{
    private const string Usual = "/usr/bin";

    /// <param name="name">One that holds a slash is its own path.</param>
    /// <param name="path">As PATH is written; null for that of this process. Folders that depend on the current one are left out.</param>
    /// <returns>Where it is first found, else where it would usually lie.</returns>
    public static string Of(string name, string? path = null) => name.Contains('/', StringComparison.Ordinal)
        ? name
        : (path ?? Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Where(Path.IsPathRooted).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists) ?? Path.Combine(Usual, name);
}
