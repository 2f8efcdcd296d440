using System.Net;
using TrafficFlow.Node.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Settings;

public sealed class SubscriptionsSectionTests : IDisposable
{
    private const string Files = "certificate = \"tls/own.crt\", private-key = \"tls/own.key\"";

    private readonly SettingsFolder _folder = new();

    [Fact]
    public void What_is_written_is_in_force()
    {
        var read = NodeSettings.Load(Write($"listen = \"[::1]:8443\", {Files}, tokens-file = \"who.json\", limits {{ streams = 5, streams-of-a-token = 2, unknown-connections = 9, slow-after = 2s }}")).Subscriptions;

        Assert.Equal(
            new SubscriptionsSettings(
                IPEndPoint.Parse("[::1]:8443"), Path.Combine(_folder.Path, "tls", "own.crt"), Path.Combine(_folder.Path, "tls", "own.key"),
                Path.Combine(_folder.Path, "data", "who.json"), new SubscriptionLimits(5, 2, 9, TimeSpan.FromSeconds(2))),
            read);
    }

    [Fact]
    public void Without_the_section_nobody_is_let_in_and_with_it_the_rest_has_defaults()
    {
        Assert.Null(NodeSettings.Load(Write(null)).Subscriptions);
        var read = NodeSettings.Load(Write($"listen = \"0.0.0.0:8443\", {Files}")).Subscriptions;
        Assert.Equal((SubscriptionLimits.Default, Path.Combine(_folder.Path, "data", "tokens.json")), (read!.Limits, read.TokensFile));
    }

    [Theory]
    [InlineData($"{Files}", "trafficflow.subscriptions.listen: is missing")]
    [InlineData($"listen = \"8443\", {Files}", "is no address to listen on")]
    [InlineData($"listen = \"127.0.0.1\", {Files}", "is no address to listen on")]
    [InlineData($"listen = \"::1\", {Files}", "is no address to listen on")]
    [InlineData($"listen = \"server.example:8443\", {Files}", "is no address to listen on")]
    [InlineData($"listen = \"127.0.0.1:70000\", {Files}", "is no address to listen on")]
    [InlineData("listen = \"127.0.0.1:8443\", certificate = \"x\"", "trafficflow.subscriptions.private-key: is missing")]
    [InlineData($"listen = \"127.0.0.1:8443\", {Files}, limits {{ streams = 0 }}", "trafficflow.subscriptions.limits.streams: 0 is out of range")]
    [InlineData($"listen = \"127.0.0.1:8443\", {Files}, token-file = x", "trafficflow.subscriptions.token-file: is not a known key; did you mean tokens-file?")]
    public void A_slip_is_told_with_the_remedy(string subscriptions, string told) =>
        Assert.Contains(told, Assert.Single(Assert.Throws<SettingsException>(() => NodeSettings.Load(Write(subscriptions))).Problems).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Only_a_server_lets_subscribers_in()
    {
        var problems = Assert.Throws<SettingsException>(() => NodeSettings.Load(Write($"listen = \"127.0.0.1:8443\", {Files}", "[roadside]"))).Problems;
        Assert.Contains(problems, p => p.ToString().Contains("node without the role server", StringComparison.Ordinal));
    }

    private string Write(string? subscriptions, string roles = "[roadside, server]")
    {
        _folder.Write("site.conf", SettingsFolder.GoodSite);
        return _folder.Write("node.conf", $$"""
            trafficflow {
              node { roles = {{roles}}, sites = ["site.conf"], data-directory = "data" }
              {{(subscriptions is null ? "" : $"subscriptions {{ {subscriptions} }}")}}
            }
            """);
    }

    public void Dispose() => _folder.Dispose();
}
