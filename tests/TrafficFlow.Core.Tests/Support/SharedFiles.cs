using Xunit;

namespace TrafficFlow.Core.Tests.Support;

/// <summary>Finds the folder of real data beside the repository.</summary>
internal static class SharedFiles
{
    /// <summary>Skips the test where the data is absent.</summary>
    public static string Path(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "TrafficFlow.sln"))) folder = folder.Parent;
        var full = folder is null ? path : System.IO.Path.GetFullPath(System.IO.Path.Combine(folder.FullName, "..", "shared", path));
        Assert.SkipUnless(File.Exists(full), $"real data is absent: ../shared/{path}");
        return full;
    }
}
