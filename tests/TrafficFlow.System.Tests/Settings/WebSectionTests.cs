using System.Net;
using TrafficFlow.Node.Settings;
using TrafficFlow.Web;
using Xunit;

namespace TrafficFlow.SystemTests.Settings;

public sealed class WebSectionTests : IDisposable
{
    private const string Files = "certificate = \"tls/pages.crt\", private-key = \"tls/pages.key\"";

    private readonly SettingsFolder _folder = new();

    [Fact]
    public void What_is_written_is_in_force_and_without_it_no_port_is_opened()
    {
        Assert.Null(NodeSettings.Load(Write(null)).Web);
        Assert.Null(NodeSettings.Load(Write("listen = off")).Web);
        Assert.Equal(
            new WebSettings(IPEndPoint.Parse("0.0.0.0:8080"), new WebCertificate(Path.Combine(_folder.Path, "tls", "pages.crt"), Path.Combine(_folder.Path, "tls", "pages.key"))),
            NodeSettings.Load(Write($"listen = \"0.0.0.0:8080\", {Files}")).Web);
        Assert.True(NodeSettings.Load(Write("listen = \"127.0.0.1:8080\", released-to-everybody = on")).Web!.IsReleasePublic);
        Assert.Equal(new WebSettings(IPEndPoint.Parse("[::1]:8080"), null, IsBehindProxy: true), NodeSettings.Load(Write("listen = \"[::1]:8080\", behind-proxy = on")).Web);
    }

    [Theory]
    [InlineData("listen = \"8080\"", "has no port")]
    [InlineData("listen = \"127.1:8080\"", "is not an IP address")]
    [InlineData("listen = \"0.0.0.0:8080\"", "passwords would go there in the clear")]
    [InlineData("listen = \"0.0.0.0:8080\", behind-proxy = on", "passwords would go there in the clear")]
    [InlineData($"listen = \"0.0.0.0:8080\", {Files}, behind-proxy = on", "is reached past the proxy")]
    [InlineData("listen = \"127.0.0.1:8080\", certificate = \"x\"", "trafficflow.web.private-key: is missing")]
    [InlineData("listen = \"127.0.0.1:8080\", private-key = \"x\"", "trafficflow.web.certificate: is missing")]
    [InlineData("listen = \"127.0.0.1:8080\", port = 3", "trafficflow.web.port: is not a known key")]
    public void A_slip_is_told_with_the_remedy(string web, string told) =>
        Assert.Contains(told, Assert.Single(Assert.Throws<SettingsException>(() => NodeSettings.Load(Write(web))).Problems).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Only_a_server_has_pages()
    {
        var problems = Assert.Throws<SettingsException>(() => NodeSettings.Load(Write("listen = \"127.0.0.1:8080\"", "[roadside]"))).Problems;
        Assert.Contains(problems, p => p.ToString().Contains("node without the role server", StringComparison.Ordinal));
    }

    private string Write(string? web, string roles = "[roadside, server]")
    {
        _folder.Write("site.conf", SettingsFolder.GoodSite);
        return _folder.Write("node.conf", $$"""
            trafficflow {
              node { roles = {{roles}}, sites = ["site.conf"], data-directory = "data" }
              {{(web is null ? "" : $"web {{ {web} }}")}}
            }
            """);
    }

    public void Dispose() => _folder.Dispose();
}
