using TrafficFlow.Node.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Settings;

/// <summary>Whoever may write a settings file names others, which the node reads with its own rights: nothing of them is shown.</summary>
public sealed class ForeignFileTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    public static TheoryData<string> Secrets =>
    [
        "s3cr3t-only-line",
        "root:$6$s3cr3t$hash:19000:0:99999:7:::\ndaemon:*:19000::::::\n",
        "-----BEGIN PRIVATE KEY-----\nMIIs3cr3t\n-----END PRIVATE KEY-----\n",
        "PASSWORD=s3cr3t\nS3CR3T_KEY=\"x\"\n",
        "a = \"s3cr3t",
        "{ s3cr3t { ",
        "include \"s3cr3t\"",
        "s3cr3t.x = [ 1, ",
    ];

    [Theory]
    [MemberData(nameof(Secrets))]
    public void What_is_included_into_a_site_is_not_shown(string secret) => NothingIsShown(
        secret, file => SiteSettings.Load(_folder.Write("site.conf", SettingsFolder.GoodSite.Replace("name = Crossing", $"name = Crossing\n include \"{file}\""))));

    [Theory]
    [MemberData(nameof(Secrets))]
    public void What_a_node_names_as_its_site_is_not_shown(string secret) => NothingIsShown(
        secret, file => NodeSettings.Load(_folder.Write("node.conf", $$"""
            trafficflow {
              node { roles = [roadside, server], sites = ["{{file}}"], data-directory = "data", remoting { hostname = "127.0.0.1", port = 5001, seed-nodes = [] } }
            }
            """)));

    [Fact]
    public void The_line_of_the_include_and_the_line_in_the_file_are_told()
    {
        _folder.Write("bad.conf", "x = 1\ny = s3cr3t = 2\n");

        var error = Assert.Throws<SettingsException>(() => SiteSettings.Load(_folder.Write("site.conf", "trafficflow.site {\n include \"bad.conf\"\n}\n")));

        Assert.Contains("site.conf:2: include \"bad.conf\" is no settings file (at its line 2), and nothing of it is shown", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private void NothingIsShown(string secret, Action<string> load)
    {
        _folder.Write("foreign", secret);

        var error = Assert.Throws<SettingsException>(() => load("foreign"));

        Assert.DoesNotContain("s3cr3t", error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("root", error.Message.Replace(_folder.Path, "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("foreign", error.Message, StringComparison.Ordinal);
    }
}
