using TrafficFlow.Node.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Settings;

public sealed class AnalysisSectionTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    [Fact]
    public void What_is_written_is_in_force_and_the_rest_is_as_documented()
    {
        Assert.Null(Load("").Analysis);
        var usual = Load("analysis {}").Analysis!;
        Assert.Equal((0, new TimeOnly(4, 0), "jartic-ordinary", true, TimeSpan.FromDays(400), Path.Combine(_folder.Path, "data", "studies")), (usual.Sites.Count, usual.At, usual.Profile.Name, usual.Simulates, usual.Keep, usual.Folder));

        var read = Load("""analysis { sites = [a], at = "05:30", profile = police-ordinary, simulator = off, keep = 40d, folder = "/srv/studies" }""").Analysis!;

        Assert.Equal(("a", new TimeOnly(5, 30), "police-ordinary", false, TimeSpan.FromDays(40), "/srv/studies"), (Assert.Single(read.Sites), read.At, read.Profile.Name, read.Simulates, read.Keep, read.Folder));
    }

    [Theory]
    [InlineData("sites = [b]", "this node has no site b")]
    [InlineData("at = \"24:00\"", "is no time of day")]
    [InlineData("profile = jartic", "there is no profile \"jartic\"")]
    [InlineData("simulator = vissim", "write sumo or off")]
    [InlineData("keep = 30d", "out of range")]
    [InlineData("day = monday", "is not a known key")]
    public void What_cannot_be_is_told(string setting, string why) =>
        Assert.Contains(why, string.Join('\n', Assert.Throws<SettingsException>(() => Load($"analysis {{ {setting} }}")).Problems));

    [Fact]
    public void Only_servers_make_studies() =>
        Assert.Contains("without the role server", string.Join('\n', Assert.Throws<SettingsException>(() => Load("analysis {}", "roadside")).Problems));

    private NodeSettings Load(string section, string role = "server")
    {
        _folder.Write("site.conf", SettingsFolder.GoodSite);
        return NodeSettings.Load(_folder.Write("node.conf", $$"""
            trafficflow {
              {{section}}
              node {
                roles = [{{role}}]
                sites = ["site.conf"]
                data-directory = "data"
              }
            }
            """));
    }

    public void Dispose() => _folder.Dispose();
}
