using System.Net;
using System.Text.Json;
using Akka.Actor;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.ControlClient;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Topics;
using Xunit;

namespace TrafficFlow.SystemTests.Watch;

/// <summary>`GET /topics` on a node's control socket, as any program may read it.</summary>
public sealed class TopicStreamsTests : IAsyncLifetime
{
    private const string Topic = "health.demo.cam-north";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SettingsFolder _folder = new();
    private WatchedServer _server = null!;
    private ControlHttp _http = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await WatchedServer.StartAsync(_folder.Path, SyntheticJunction.Site);
        _http = new ControlHttp(_server.Socket);
    }

    [Fact]
    public async Task A_stream_says_that_it_lives_and_carries_what_is_published_and_its_subscription_goes_with_the_reader()
    {
        var answer = await _http.OpenAsync($"topics?topic={Topic}");
        var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.StartsWith("{\"alive\":\"", await NextAsync(lines));
        var subscription = await _server.Cluster.ActorSelection("/user/subscription-1").ResolveOne(Patience);

        var camera = await UntilAsync(lines, l => l.TryGetProperty("values", out _), () => Publish(7));
        Assert.StartsWith("{\"alive\":\"", await NextAsync(lines));
        answer.Dispose();

        Assert.Equal(Topic, camera.GetProperty("topic").GetString());
        Assert.Equal(("cam-north", 7), (camera.GetProperty("values")[0].GetProperty("camera").GetString(), camera.GetProperty("values")[0].GetProperty("frames").GetInt32()));
        Assert.True(await subscription.WatchAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_approach_that_is_none_is_told_with_those_that_there_are()
    {
        using var answer = await _http.OpenAsync("topics?topic=flow.demo.noth&from=0");
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

        var failed = await UntilAsync(lines, l => l.TryGetProperty("failed", out _));

        Assert.Contains("the server has no approach demo/noth", failed.GetProperty("failed").GetString());
        Assert.Contains("demo/north", failed.GetProperty("failed").GetString());
    }

    [Theory]
    [InlineData("", "name 1 to 64 topics")]
    [InlineData("?topic=", "is none: write flow.SITE.APPROACH")]
    [InlineData("?topic=weather.demo", "is none: write flow.SITE.APPROACH")]
    [InlineData("?topic=flow.demo.north&from=yesterday", "has no such place")]
    public async Task What_cannot_be_streamed_is_refused(string query, string told)
    {
        var (status, body) = await _http.GetAsync($"topics{query}");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(told, body);
    }

    [Fact]
    public async Task More_topics_or_a_longer_line_than_fit_are_refused()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await _http.GetAsync($"topics?{string.Join('&', Enumerable.Range(0, 65).Select(i => $"topic=flow.demo.a{i}"))}")).Status);
        Assert.Equal(HttpStatusCode.RequestUriTooLong, (await _http.GetAsync($"topics?topic={new string('a', 20_000)}")).Status);
    }

    [Fact]
    public async Task More_watchers_than_fit_are_refused_until_one_has_gone_and_commands_are_answered_all_the_time()
    {
        var open = new List<HttpResponseMessage>();
        for (var i = 0; i < TopicStreams.MostWatchers; i++) open.Add(await _http.OpenAsync($"topics?topic={Topic}"));
        Assert.All(open, o => Assert.Equal(HttpStatusCode.OK, o.StatusCode));

        var (status, body) = await _http.GetAsync($"topics?topic={Topic}");
        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        Assert.Contains("16 watchers are at this node already", body);
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("health")).Status);

        open[0].Dispose();
        using var patience = new CancellationTokenSource(Patience);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            using var again = await _http.OpenAsync($"topics?topic={Topic}");
            if (again.StatusCode == HttpStatusCode.OK) break;
            await pace.WaitForNextTickAsync(patience.Token);
        }

        foreach (var one in open) one.Dispose();
    }

    [Fact]
    public async Task A_reader_that_pauses_for_long_is_not_cut_off_and_gets_the_newest_and_how_many_it_missed()
    {
        using var answer = await _http.OpenAsync($"topics?topic={Topic}");
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        await UntilAsync(lines, l => l.TryGetProperty("values", out _), () => Publish(1));

        // Far more than sockets hold, and for longer than Kestrel gives a client that takes nothing.
        const int Rounds = 150;
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var round = 1; round <= Rounds; round++)
        {
            for (var i = 0; i < 100; i++) Publish((1_000 * round) + i);
            await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        var (missed, last) = (0L, 0);
        await UntilAsync(lines, l =>
        {
            if (!l.TryGetProperty("values", out var values)) return false;
            missed += l.GetProperty("dropped").GetInt64();
            last = values[0].GetProperty("frames").GetInt32();
            return last == (1_000 * Rounds) + 99;
        });
        Assert.InRange(missed, 1_000, 100 * Rounds);
    }

    [Fact]
    public async Task A_stream_ends_when_the_cluster_part_of_the_node_or_the_node_itself_does()
    {
        using var first = await _http.OpenAsync($"topics?topic={Topic}");
        using var second = await _http.OpenAsync($"topics?topic={Topic}");

        await _server.StopSocketAsync().WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.DoesNotContain("values", await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task While_the_cluster_part_is_away_a_watcher_is_told_to_come_again()
    {
        using var open = await _http.OpenAsync($"topics?topic={Topic}");

        await _server.Cluster.Terminate();

        await open.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _http.GetAsync($"topics?topic={Topic}")).Status);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private void Publish(int frames) => TopicPublisher.Of(_server.Cluster).Publish(
        Topic, new CameraStatus(new SiteId("demo"), new CameraId("cam-north"), CameraState.Streaming, new string('x', 1_000), frames, 0, 10, 0, null, 1, 0, ""));

    private static async Task<string> NextAsync(StreamReader lines) =>
        await lines.ReadLineAsync().WaitAsync(Patience) ?? throw new EndOfStreamException("the stream has ended");

    /// <param name="meanwhile">Done again with each line.</param>
    private static async Task<JsonElement> UntilAsync(StreamReader lines, Func<JsonElement, bool> found, Action? meanwhile = null)
    {
        while (true)
        {
            meanwhile?.Invoke();
            using var line = JsonDocument.Parse(await NextAsync(lines));
            if (found(line.RootElement)) return line.RootElement.Clone();
        }
    }
}
