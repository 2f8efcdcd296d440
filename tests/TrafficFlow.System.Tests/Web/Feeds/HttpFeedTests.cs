using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Tables;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Web.Streams;
using TrafficFlow.Web.Feeds;
using TrafficFlow.Wire.Topics;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Feeds;

/// <summary>Feeds over HTTP to a server that takes them, refuses, or sends elsewhere.</summary>
public sealed class HttpFeedTests : IAsyncLifetime
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private readonly string _folder = Directory.CreateTempSubdirectory("trafficflow-webhook-").FullName;
    private TopicServer _server = null!;

    private string SecretFile => Path.Combine(_folder, "secret");

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(SecretFile, $"{Secret}\n");
        _server = await TopicServer.StartAsync();
    }

    [Fact]
    public void The_signature_is_that_of_standard_webhooks() => Assert.Equal(
        // Test vector of the specification's reference libraries.
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSignature.Of(WebhookSignature.ReadSecret(Secret)!, "msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330), Encoding.UTF8.GetBytes("{\"test\": 2432232314}")));

    [Theory]
    [InlineData("whsec_")]
    [InlineData("whsec_MfKQ9r8GKYqr")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("whsec_not base 64 at all, but long enough")]
    public void What_is_no_secret_is_not_taken_for_one(string text) => Assert.Null(WebhookSignature.ReadSecret(text));

    [Fact]
    public async Task A_webhook_is_signed_sent_again_until_it_is_taken_and_goes_on_after_a_restart()
    {
        await using var receiver = await HttpReceiver.StartAsync((503, null), (302, "/elsewhere"), (200, null));
        await _server.CloseAsync(1, 1);
        await using (RunningFeed.Start(_server, Settings(receiver)))
        {
            List<Received> tries = [await receiver.NextAsync(), await receiver.NextAsync(), await receiver.NextAsync()];
            Assert.All(tries, t => Assert.Equal(("POST /hook", tries[0].Headers["webhook-id"]), (t.Path, t.Headers["webhook-id"])));
            Assert.All(tries, t => Assert.Equal(Signed(t), t.Headers["webhook-signature"]));
            Assert.Equal("application/cloudevents+json; charset=utf-8", tries[0].Headers["content-type"]);
            Assert.Equal(tries[0].Headers["webhook-id"], Id(tries[0]));
            await _server.CloseAsync(2, 3);
            Assert.EndsWith("T230200Z/1", Id(await receiver.NextAsync()));
            Assert.EndsWith("T230300Z/1", Id(await receiver.NextAsync()));
        }

        await _server.CloseAsync(4, 4);
        await using var again = RunningFeed.Start(_server, Settings(receiver));
        Assert.EndsWith("T230400Z/1", Id(await receiver.NextAsync()));
    }

    [Fact]
    public async Task A_broker_of_ngsi_ld_gets_the_entities_of_each_bin_and_those_it_refused_again()
    {
        await using var receiver = await HttpReceiver.StartAsync((500, null));
        await _server.CloseAsync(1, 1);
        await using var feed = RunningFeed.Start(_server, new NgsiFeedSettings("city", [], [1], new Uri(receiver.Address, "/orion/"), "kawasaki", SecretFile), [SyntheticJunction.Site with { Geo = new GeoAnchor(35.52, 139.71) }]);
        var (refused, taken) = (await receiver.NextAsync(), await receiver.NextAsync());

        Assert.Equal(refused.Body, taken.Body);
        Assert.Equal(("POST /orion/ngsi-ld/v1/entityOperations/upsert", "kawasaki", $"Bearer {Secret}"), (taken.Path, taken.Headers["ngsild-tenant"], taken.Headers["authorization"]));
        using var entities = JsonDocument.Parse(taken.Body);
        Assert.Contains(entities.RootElement.EnumerateArray(), e => e.GetProperty("id").GetString() == "urn:ngsi-ld:TrafficFlowObserved:demo:north:entering:bus:1min" && e.GetProperty("intensity").GetProperty("value").GetInt32() == 1);
    }

    [Fact]
    public async Task Places_of_feeds_are_kept_apart_and_each_is_the_last_one_that_was_stored()
    {
        var places = new FeedPlaces(_server.Journal);
        Assert.Empty(await places.ReadAsync("a", TestContext.Current.CancellationToken));
        await places.SaveAsync("a", new Dictionary<string, TopicPlace> { ["flow.demo.north"] = TopicPlace.After(7), ["flow.demo.south"] = TopicPlace.After(1) }, TestContext.Current.CancellationToken);
        await places.SaveAsync("b", new Dictionary<string, TopicPlace> { ["flow.demo.north"] = TopicPlace.After(99) }, TestContext.Current.CancellationToken);
        await places.SaveAsync("a", new Dictionary<string, TopicPlace> { ["flow.demo.north"] = TopicPlace.After(8) }, TestContext.Current.CancellationToken);

        Assert.Equal(
            [("flow.demo.north", "8"), ("flow.demo.south", "1")],
            (await new FeedPlaces(_server.Journal).ReadAsync("a", TestContext.Current.CancellationToken)).Select(p => (p.Key, p.Value.ToString())).Order());
    }

    [Theory]
    [InlineData("https://example.com/hook", null)]
    [InlineData("http://localhost:8080/hook", null)]
    [InlineData("http://[::1]/hook", null)]
    [InlineData("http://example.com/hook", "in the clear")]
    [InlineData("https://169.254.169.254/latest/meta-data", "link-local")]
    [InlineData("https://[fe80::1]/", "link-local")]
    [InlineData("https://[::ffff:169.254.169.254]/", "link-local")]
    [InlineData("https://224.0.0.1/", "address of many")]
    [InlineData("https://0.0.0.0/", "no machine's address")]
    [InlineData("https://anna:secret@example.com/", "a name or a password")]
    [InlineData("ftp://example.com/", "no web address")]
    public void Where_a_feed_may_be_sent_is_looked_at(string url, string? why)
    {
        var told = FeedAddress.WhyNot(new Uri(url));
        if (why is null) Assert.Null(told);
        else Assert.Contains(why, told);
    }

    [Fact]
    public void A_link_local_address_is_one_however_it_is_written() =>
        Assert.All([IPAddress.Parse("169.254.1.2"), IPAddress.Parse("::ffff:169.254.1.2"), IPAddress.Parse("fe80::1%1")], a => Assert.NotNull(OutgoingHttp.WhyNot(a)));

    private WebhookFeedSettings Settings(HttpReceiver receiver) => new("hook", [], [1], new Uri(receiver.Address, "/hook"), SecretFile);

    /// <summary>As a receiver works it out, with other means.</summary>
    private static string Signed(Received received)
    {
        byte[] text = [.. Encoding.ASCII.GetBytes($"{received.Headers["webhook-id"]}.{received.Headers["webhook-timestamp"]}."), .. received.Body];
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(Secret["whsec_".Length..]), text))}";
    }

    private static string Id(Received received)
    {
        using var sent = JsonDocument.Parse(received.Body);
        return sent.RootElement.GetProperty("id").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
