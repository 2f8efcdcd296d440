using TrafficFlow.Node.Settings;
using TrafficFlow.Web.Pages.Reports;
using Xunit;

namespace TrafficFlow.SystemTests.Settings;

public sealed class ReportsSectionTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    [Fact]
    public void What_is_written_is_in_force_and_the_rest_is_as_documented()
    {
        Assert.Null(Load("").Reports);
        var usual = Load("reports {}").Reports!;
        Assert.Equal((new TimeOnly(6, 0), TimeSpan.FromDays(400), Path.Combine(_folder.Path, "data", "reports")), (usual.At, usual.Keep, usual.Folder));
        Assert.Equal((0, "en ja", "Html Pdf"), (usual.Sites.Count, string.Join(' ', usual.Languages), string.Join(' ', usual.Formats)));

        var read = Load("""reports { sites = [a], at = "05:30", languages = [ja], formats = [pdf], keep = 30d, folder = "/srv/reports" }""").Reports!;

        Assert.Equal((new TimeOnly(5, 30), TimeSpan.FromDays(30), "/srv/reports"), (read.At, read.Keep, read.Folder));
        Assert.Equal(("a", "ja", ReportFormat.Pdf), (Assert.Single(read.Sites), Assert.Single(read.Languages), Assert.Single(read.Formats)));
    }

    [Theory]
    [InlineData("sites = [b]", "this node has no site b")]
    [InlineData("at = \"24:00\"", "is no time of day")]
    [InlineData("at = 6", "is no time of day")]
    [InlineData("languages = [fr]", "there is no \"fr\" among languages")]
    [InlineData("formats = [docx]", "there is no \"docx\" among formats")]
    [InlineData("keep = 1d", "out of range")]
    [InlineData("every = day", "is not a known key")]
    public void What_cannot_be_is_told(string setting, string why) =>
        Assert.Contains(why, string.Join('\n', Assert.Throws<SettingsException>(() => Load($"reports {{ {setting} }}")).Problems));

    [Fact]
    public void Only_servers_make_reports() =>
        Assert.Contains("without the role server", string.Join('\n', Assert.Throws<SettingsException>(() => Load("reports {}", "roadside")).Problems));

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
