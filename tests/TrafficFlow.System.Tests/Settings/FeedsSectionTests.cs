using TrafficFlow.Node.Settings;
using TrafficFlow.Web.Feeds;
using Xunit;

namespace TrafficFlow.SystemTests.Settings;

public sealed class FeedsSectionTests : IDisposable
{
    private const string Webhook = "type = webhook, url = \"https://example.com/hook\", secret-file = secret";
    private const string Mqtt = "type = mqtt, broker = \"mqtts://broker.example\"";

    private readonly SettingsFolder _folder = new();

    [Fact]
    public void What_is_written_is_in_force()
    {
        var feeds = NodeSettings.Load(Write($$"""
            board { {{Mqtt}}, user = city, password-file = secret, ca = "tls/ca.crt", topic = "city/traffic", bins = [5, 15], sites = [a], audience = public }
            near { type = mqtt, broker = "mqtt://127.0.0.1:1884" }
            hook { {{Webhook}} }
            orion { type = ngsi-ld, url = "http://localhost:1026/orion", tenant = kawasaki, token-file = secret }
            """)).Feeds.ToDictionary(f => f.Name);

        Assert.Equal(
            ("broker.example", 8883, true, In("tls", "ca.crt"), "city", In("secret"), "city/traffic", "trafficflow-board"),
            feeds["board"] is MqttFeedSettings m ? (m.Host, m.Port, m.IsTls, m.CaFile, m.User, m.PasswordFile, m.TopicPrefix, m.ClientId) : default);
        Assert.Equal([5, 15], feeds["board"].Minutes);
        Assert.Equal((true, false), (feeds["board"].IsPublic, feeds["near"].IsPublic));
        Assert.Equal(["a"], feeds["board"].Sites);
        Assert.Equal(("mqtt://127.0.0.1:1884", 0), (feeds["near"].Destination, feeds["near"].Sites.Count));
        Assert.Equal([1, 5, 15, 60], feeds["near"].Minutes);
        Assert.Equal((new Uri("https://example.com/hook"), In("secret")), feeds["hook"] is WebhookFeedSettings h ? (h.Url, h.SecretFile) : default);
        Assert.Equal((new Uri("http://localhost:1026/orion/"), "kawasaki", In("secret")), feeds["orion"] is NgsiFeedSettings n ? (n.Url, n.Tenant, n.TokenFile) : default);
    }

    [Theory]
    [InlineData("x { type = amqp }", "there is no feed of type \"amqp\"")]
    [InlineData("x { broker = \"mqtts://b\" }", "trafficflow.feeds.x.type: is missing")]
    [InlineData("X { type = mqtt, broker = \"mqtts://b\" }", "is no name of a feed")]
    [InlineData("x { type = mqtt, broker = \"broker.example:8883\" }", "is no address of a broker")]
    [InlineData("x { type = mqtt, broker = \"mqtt://broker.example\" }", "events would go there in the clear")]
    [InlineData("x { type = mqtt, broker = \"mqtts://anna:pw@b\" }", "holds a name or a password")]
    [InlineData($"x {{ {Mqtt}, password-file = secret }}", "x.user: is missing beside password-file")]
    [InlineData($"x {{ {Mqtt}, user = u, password-file = none }}", "there is no file")]
    [InlineData($"x {{ {Mqtt}, topic = \"a/#\" }}", "is no topic to put others below")]
    [InlineData($"x {{ {Mqtt}, sites = [b] }}", "this node has no site b")]
    [InlineData($"x {{ {Mqtt}, bins = [7] }}", "is no length of a bin")]
    [InlineData($"x {{ {Mqtt}, audience = everybody }}", "there is no audience")]
    [InlineData($"x {{ {Mqtt}, qos = 2 }}", "trafficflow.feeds.x.qos: is not a known key")]
    [InlineData("x { type = webhook, url = \"https://example.com/\" }", "x.secret-file: is missing")]
    [InlineData("x { type = webhook, secret-file = secret, url = \"http://example.com/\" }", "goes over a network in the clear")]
    [InlineData("x { type = webhook, secret-file = secret, url = \"https://169.254.169.254/\" }", "is a link-local address")]
    [InlineData("x { type = ngsi-ld, url = \"https://example.com/\", tenant = \"a b\" }", "is no name of a tenant")]
    public void A_slip_is_told_with_the_remedy(string feeds, string told) =>
        Assert.Contains(told, Assert.Single(Assert.Throws<SettingsException>(() => NodeSettings.Load(Write(feeds))).Problems).ToString(), StringComparison.Ordinal);

    [Fact]
    public void A_secret_that_everybody_can_read_is_refused()
    {
        var file = Write($"x {{ {Webhook} }}");
        File.SetUnixFileMode(In("secret"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Contains("every account of this machine can read", Assert.Single(Assert.Throws<SettingsException>(() => NodeSettings.Load(file)).Problems).ToString());
    }

    [Fact]
    public void A_site_without_a_place_on_the_earth_has_no_entities() => Assert.Contains(
        "site a does not say where it lies",
        Assert.Single(Assert.Throws<SettingsException>(() => NodeSettings.Load(Write("x { type = ngsi-ld, url = \"https://example.com/\" }", hasPlace: false))).Problems).ToString());

    [Fact]
    public void Only_a_server_has_feeds() => Assert.Contains(
        Assert.Throws<SettingsException>(() => NodeSettings.Load(Write($"x {{ {Webhook} }}", "[roadside]"))).Problems, p => p.ToString().Contains("node without the role server", StringComparison.Ordinal));

    private string In(params string[] parts) => Path.Combine([_folder.Path, .. parts]);

    private string Write(string feeds, string roles = "[roadside, server]", bool hasPlace = true)
    {
        _folder.Write("site.conf", hasPlace ? SettingsFolder.GoodSite.Replace("name = Crossing", "name = Crossing\n  geo { latitude = 35.52, longitude = 139.71 }", StringComparison.Ordinal) : SettingsFolder.GoodSite);
        File.SetUnixFileMode(_folder.Write("secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return _folder.Write("node.conf", $$"""
            trafficflow {
              node { roles = {{roles}}, sites = ["site.conf"], data-directory = "data" }
              feeds { {{feeds}} }
            }
            """);
    }

    public void Dispose() => _folder.Dispose();
}
