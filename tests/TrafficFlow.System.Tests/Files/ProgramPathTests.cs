using TrafficFlow.Core.Files;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Files;

public sealed class ProgramPathTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    [Fact]
    public void A_program_is_looked_for_in_the_folders_of_PATH_and_never_in_the_current_one()
    {
        var tool = _folder.Write("tool", "");

        Assert.Equal(tool, ProgramPath.Of("tool", $"/nowhere:{_folder.Path}:/usr/bin"));
        Assert.Equal("/usr/bin/tool", ProgramPath.Of("tool", $":.:{Path.GetRelativePath(Environment.CurrentDirectory, _folder.Path)}"));
        Assert.Equal("./tool", ProgramPath.Of("./tool", _folder.Path));
    }

    /// <summary>What is started by a bare name would be looked for in the current folder first.</summary>
    [Fact]
    public void Nothing_is_started_by_a_bare_name() => Assert.DoesNotContain(
        Directory.EnumerateFiles(Path.Combine(SharedFiles.Repository, "src"), "*.cs", SearchOption.AllDirectories),
        f => File.ReadAllText(f).Contains("new ProcessStartInfo(\"", StringComparison.Ordinal));

    public void Dispose() => _folder.Dispose();
}
