using Xunit;

namespace TrafficFlow.SystemTests.Settings;

/// <summary>Finds the repository and the folder of real data beside it.</summary>
internal static class SharedFiles
{
    public static string Repository { get; } = FindRepository();

    /// <summary>Skips the test where the data is absent.</summary>
    public static string Shared(string path)
    {
        var full = Path.GetFullPath(Path.Combine(Repository, "..", "shared", path));
        Assert.SkipUnless(Path.Exists(full), $"real data is absent: ../shared/{path}");
        return full;
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "TrafficFlow.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException($"no TrafficFlow.sln above {AppContext.BaseDirectory}");
    }
}
