using System.Diagnostics.Metrics;
using System.Text.Json;
using TrafficFlow.SystemTests.Security;
using TrafficFlow.SystemTests.Support;
using TrafficFlow.SystemTests.Web.Streams;
using TrafficFlow.Web.Feeds;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Feeds;

/// <summary>A feed to a real broker, Debian's mosquitto.</summary>
public sealed class MqttFeedTests : IAsyncLifetime
{
    private const string Status = "city/traffic/status/board";
    private TopicServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await TopicServer.StartAsync();

    [Fact]
    public async Task A_bin_comes_as_a_cloud_event_and_stays_for_who_comes_later_and_the_broker_says_whether_the_node_is_there()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var reader = await MqttReader.SubscribeAsync(broker, "city/traffic/#");
        await _server.CloseAsync(1, 1);
        // Pages and feeds read the same topics at a time.
        await using var page = await _server.FollowAsync();
        Assert.Equal(["1"], await page.IdsAsync(1));
        await using (RunningFeed.Start(_server, Settings(broker)))
        {
            Assert.Equal((Status, "online"), await NextAsync(reader));
            var bin = await reader.NextAsync();
            Assert.Equal(("city/traffic/flow/demo/north/1", "application/json"), (bin.Topic, bin.ContentType));
            Assert.Equal(("1.0", "trafficflow.flow.bin.closed.v1", "urn:trafficflow:site:demo", "north"), (bin.Properties["specversion"], bin.Properties["type"], bin.Properties["source"], bin.Properties["subject"]));
            using var data = JsonDocument.Parse(bin.Payload);
            var buses = data.RootElement.GetProperty("items").EnumerateArray().Single(r => r.GetProperty("movement").GetString() == "entering" && r.GetProperty("class").GetString() == "bus");
            Assert.Equal((1, 1, "complete"), (buses.GetProperty("count").GetInt32(), buses.GetProperty("revision").GetInt32(), buses.GetProperty("quality").GetString()));
            await _server.CloseAsync(2, 2);
            Assert.Equal("city/traffic/flow/demo/north/1", (await reader.NextAsync()).Topic);
        }

        Assert.Equal((Status, "offline"), await NextAsync(reader));
        await using var later = await MqttReader.SubscribeAsync(broker, "city/traffic/#", "later");
        List<Published> kept = [await later.NextAsync(), await later.NextAsync()];
        Assert.All(kept, k => Assert.True(k.IsRetained));
        Assert.Contains("T08:02:00", kept.Single(k => k.Topic.EndsWith("/1", StringComparison.Ordinal)).Payload);
        Assert.Equal("offline", kept.Single(k => k.Topic == Status).Payload);
    }

    [Fact]
    public async Task Nothing_is_lost_while_the_broker_is_away_and_the_node_is_restarted()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var reader = await MqttReader.SubscribeAsync(broker, "city/traffic/flow/#");
        await _server.CloseAsync(1, 3);
        await using (RunningFeed.Start(_server, Settings(broker)))
        {
            // A new feed begins with the newest.
            Assert.Equal(3, await MinuteAsync(reader));
            await _server.CloseAsync(4, 5);
            Assert.Equal(4, await MinuteAsync(reader));
            Assert.Equal(5, await MinuteAsync(reader));
            await broker.StopAsync();
            await _server.CloseAsync(6, 20);
            await broker.StartAgainAsync();
            await reader.ConnectAsync();
            var minutes = new List<int>();
            while (minutes.LastOrDefault() < 20) minutes.Add(await MinuteAsync(reader));
            Assert.Equal(Enumerable.Range(6, 15), minutes.Distinct());
        }

        await _server.StopAsync();
        await _server.StartAgainAsync();
        await _server.CloseAsync(21, 22);
        await using var again = RunningFeed.Start(_server, Settings(broker));
        Assert.Equal(21, await MinuteAsync(reader));
        Assert.Equal(22, await MinuteAsync(reader));
    }

    [Fact]
    public async Task After_a_restart_a_revision_of_the_newest_bin_is_retained_and_one_of_an_older_bin_is_not()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var reader = await MqttReader.SubscribeAsync(broker, "city/traffic/flow/#");
        await _server.CloseAsync(1, 2);
        await using (RunningFeed.Start(_server, Settings(broker)))
        {
            Assert.Equal(2, await MinuteAsync(reader));
            await _server.CloseAsync(3, 3);
            Assert.Equal(3, await MinuteAsync(reader));
        }

        await _server.CloseAsync(TopicServer.Revised(2, 4, 71), TopicServer.Revised(3, 5, 72));
        await using (RunningFeed.Start(_server, Settings(broker)))
        {
            await UntilAsync(reader, 3, 72);
            Assert.Equal((3, 72), await KeptAsync(broker, "first"));
        }

        // The other way round: the older one must not take the place of the newest.
        await _server.CloseAsync(TopicServer.Revised(1, 6, 73));
        await using (RunningFeed.Start(_server, Settings(broker)))
        {
            await UntilAsync(reader, 1, 73);
            Assert.Equal((3, 72), await KeptAsync(broker, "second"));
        }
    }

    [Fact]
    public async Task For_how_long_a_feed_has_been_behind_is_measured_until_it_has_caught_up()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var reader = await MqttReader.SubscribeAsync(broker, "city/traffic/flow/#");
        using var behind = new FeedGauge("trafficflow.feed.behind", "measured");
        await _server.CloseAsync(1, 1);
        await using (RunningFeed.Start(_server, Settings(broker) with { Name = "measured" }))
        {
            Assert.Equal(1, await MinuteAsync(reader));
            await TestCamera.UntilAsync(() => behind.Now == 0);
            await broker.StopAsync();
            await _server.CloseAsync(2, 4);
            await TestCamera.UntilAsync(() => behind.Now > 0);
            await broker.StartAgainAsync();
            await reader.ConnectAsync();
            await TestCamera.UntilAsync(() => behind.Now == 0);
        }

        // The server that runs it no more tells nothing.
        Assert.Null(behind.Now);
    }

    private sealed class FeedGauge : IDisposable
    {
        private readonly MeterListener _listener = new();
        private double? _now;

        public FeedGauge(string name, string feed)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == name) listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<double>((_, value, tags, _) =>
            {
                foreach (var tag in tags)
                {
                    if (tag is { Key: "trafficflow.feed", Value: string of } && of == feed) _now = value;
                }
            });
            _listener.Start();
        }

        /// <summary>Null where nobody tells any.</summary>
        public double? Now
        {
            get
            {
                _now = null;
                _listener.RecordObservableInstruments();
                return _now;
            }
        }

        public void Dispose() => _listener.Dispose();
    }

    /// <summary>Minute and buses of the bin that the broker keeps.</summary>
    private static async Task<(int Minute, int Buses)> KeptAsync(MosquittoBroker broker, string name)
    {
        await using var later = await MqttReader.SubscribeAsync(broker, "city/traffic/flow/demo/north/1", name);
        var kept = await later.NextAsync();
        Assert.True(kept.IsRetained);
        return Told(kept);
    }

    /// <summary>What was taken just before the end of a feed may come once more.</summary>
    private static async Task UntilAsync(MqttReader reader, int minute, int buses)
    {
        var told = Told(await reader.NextAsync());
        while (told != (minute, buses)) told = Told(await reader.NextAsync());
    }

    private static (int Minute, int Buses) Told(Published bin)
    {
        using var data = JsonDocument.Parse(bin.Payload);
        var buses = data.RootElement.GetProperty("items").EnumerateArray().Single(r => r.GetProperty("movement").GetString() == "entering" && r.GetProperty("class").GetString() == "bus");
        return (buses.GetProperty("start").GetDateTimeOffset().Minute, buses.GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task A_broker_with_tls_is_trusted_by_its_authority_alone_and_a_wrong_password_is_told()
    {
        using var certificates = new TestCertificates();
        using var others = new TestCertificates();
        var files = certificates.Node("broker");
        await using var broker = await MosquittoBroker.StartAsync(files);
        var settings = Settings(broker) with { IsTls = true, CaFile = files.Ca };

        await FeedTrial.RunAsync(settings, Cancel);
        Assert.Contains("does not answer", (await Assert.ThrowsAsync<FeedRefusedException>(() => FeedTrial.RunAsync(settings with { CaFile = others.Node("other").Ca }, Cancel))).Message);
        Assert.Contains("does not answer", (await Assert.ThrowsAsync<FeedRefusedException>(() => FeedTrial.RunAsync(settings with { CaFile = null }, Cancel))).Message);
        await File.WriteAllTextAsync(broker.PasswordFile, "another\n", Cancel);
        Assert.Contains("check user and password-file", (await Assert.ThrowsAsync<FeedRefusedException>(() => FeedTrial.RunAsync(settings, Cancel))).Message);
    }

    private static MqttFeedSettings Settings(MosquittoBroker broker) =>
        new("board", ["demo"], [1, 5], "127.0.0.1", broker.Port, false, null, MosquittoBroker.User, broker.PasswordFile, "city/traffic", "trafficflow-board");

    private static async Task<(string, string)> NextAsync(MqttReader reader)
    {
        var next = await reader.NextAsync();
        return (next.Topic, next.Payload);
    }

    /// <summary>The bin that begins so many minutes after eight.</summary>
    private static async Task<int> MinuteAsync(MqttReader reader)
    {
        using var data = JsonDocument.Parse((await reader.NextAsync()).Payload);
        return data.RootElement.GetProperty("items")[0].GetProperty("start").GetDateTimeOffset().Minute;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
