using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TrafficFlow.Core.Sites;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Web.Streams;
using TrafficFlow.Web.Feeds;
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
        var next = await receiver.NextAsync();
        // What was taken just before the end may come once more, under the same number: nobody had told the sender yet.
        if (Id(next).EndsWith("T230300Z/1", StringComparison.Ordinal)) next = await receiver.NextAsync();
        Assert.EndsWith("T230400Z/1", Id(next));
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
    public async Task After_a_restart_an_entity_is_replaced_by_a_revision_of_the_newest_bin_and_by_none_of_an_older()
    {
        await using var receiver = await HttpReceiver.StartAsync((204, null));
        var settings = new NgsiFeedSettings("city", [], [1], receiver.Address, null, null);
        IReadOnlyList<Site> sites = [SyntheticJunction.Site with { Geo = new GeoAnchor(35.52, 139.71) }];
        await _server.CloseAsync(1, 2);
        await using (RunningFeed.Start(_server, settings, sites)) await UntilAsync(receiver, 2);
        await _server.CloseAsync(TopicServer.Revised(2, 3, 71));
        await using (RunningFeed.Start(_server, settings, sites)) await UntilAsync(receiver, 71, before: 2);
        await _server.CloseAsync(TopicServer.Revised(1, 4, 73));
        await _server.CloseAsync(5, 5);
        await using (RunningFeed.Start(_server, settings, sites)) await UntilAsync(receiver, 5, before: 71);
    }

    /// <param name="before">What was taken just before the end of a feed may come once more.</param>
    private static async Task UntilAsync(HttpReceiver receiver, int buses, int? before = null)
    {
        while (true)
        {
            using var entities = JsonDocument.Parse((await receiver.NextAsync()).Body);
            var entity = entities.RootElement.EnumerateArray().Single(e => e.GetProperty("id").GetString() == "urn:ngsi-ld:TrafficFlowObserved:demo:north:entering:bus:1min");
            var told = entity.GetProperty("intensity").GetProperty("value").GetInt32();
            if (told == buses) return;
            Assert.Equal(before, told);
        }
    }

    [Fact]
    public async Task A_feed_for_everybody_holds_released_totals_and_nothing_else()
    {
        await using var receiver = await HttpReceiver.StartAsync((200, null));
        await _server.CloseAsync(1, 1);
        await using var feed = RunningFeed.Start(_server, Settings(receiver) with { IsPublic = true });
        var received = await receiver.NextAsync();

        using var sent = JsonDocument.Parse(received.Body);
        var rows = sent.RootElement.GetProperty("data").GetProperty("items").EnumerateArray().ToList();
        Assert.All(rows, r => Assert.Equal("all", r.GetProperty("class").GetString()));
        Assert.Contains(rows, r => (r.GetProperty("movement").GetString(), r.GetProperty("count").ValueKind) == ("entering", JsonValueKind.Number));
        // Ways of single minutes are few vehicles each.
        var ways = rows.Where(r => r.GetProperty("movement").GetString()!.StartsWith("to ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(ways);
        Assert.All(ways, r => Assert.Equal(("coarsened", JsonValueKind.Null), (r.GetProperty("state").GetString(), r.GetProperty("count").ValueKind)));
        Assert.All(rows, r => Assert.Equal(("", "", JsonValueKind.Null), (r.GetProperty("model").GetString(), r.GetProperty("calibration").GetString(), r.GetProperty("queue_mean_m").ValueKind)));
    }

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
