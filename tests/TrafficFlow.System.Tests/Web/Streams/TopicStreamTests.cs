using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Web;
using TrafficFlow.Web.Access;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Streams;

/// <summary>Server-sent events of a server's own topics and tables: what is promised of them over a restart, and to whom they are not given.</summary>
public sealed class TopicStreamTests : IAsyncLifetime
{
    private const string Health = "/v1/sites/demo/topics/health.demo.cam-north";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // No write waits so long but where nobody reads.
    private readonly StreamLimits _limits = new(Most: 5, OfAnAccount: 4, SlowAfter: TimeSpan.FromSeconds(2));
    private TopicServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await TopicServer.StartAsync(_limits);

    [Fact]
    public async Task Who_goes_on_from_the_last_event_misses_nothing_and_gets_nothing_twice_although_the_server_was_restarted()
    {
        await _server.CloseAsync(1, 9);
        string? last;
        await using (var reader = await _server.FollowAsync())
        {
            // Of one length, the newest; then what follows.
            Assert.Equal(["9"], await reader.IdsAsync(1));
            await _server.CloseAsync(10, 12);
            var ids = await reader.IdsAsync(3);
            Assert.Equal(["10", "11", "12"], ids);
            last = ids[1];
        }

        await _server.StopAsync();
        await _server.StartAgainAsync();
        await _server.CloseAsync(13, 14);
        await using var again = await _server.FollowAsync(lastEvent: last);
        Assert.Equal(["12", "13", "14"], await again.IdsAsync(3));
        await _server.CloseAsync(15, 15);
        var next = (await again.NextAsync())!.Value;
        Assert.Equal(("15", "message"), (next.EventId, next.EventType));
        using var bin = JsonDocument.Parse(next.Data);
        Assert.Equal((15, 1, "complete", 15), (
            bin.RootElement.GetProperty("cursor").GetInt32(), bin.RootElement.GetProperty("revision").GetInt32(), bin.RootElement.GetProperty("quality").GetString(),
            bin.RootElement.GetProperty("rows")[0].GetProperty("count").GetInt32()));
    }

    [Fact]
    public async Task Who_may_no_longer_is_told_so_and_gets_nothing_more()
    {
        var callers = new Revocable();
        await using var server = await TopicServer.StartAsync(StreamLimits.Default with { CheckEach = TimeSpan.Zero }, callers);
        await server.CloseAsync(1, 1);
        await using var reader = await server.FollowAsync();
        Assert.Equal(["1"], await reader.IdsAsync(1));

        callers.IsRevoked = true;
        await server.CloseAsync(2, 3);

        var types = new List<string>();
        while (await reader.NextAsync() is { } next) types.Add(next.EventType);
        Assert.Equal("closing", types[^1]);
        Assert.True(types.Count <= 2, string.Join(", ", types));
        using var again = await server.OpenAsync(TopicServer.Path);
        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
    }

    [Fact]
    public async Task Who_loses_a_right_is_cut_off_in_that_moment_though_nothing_comes()
    {
        var callers = new Revocable();
        await using var server = await TopicServer.StartAsync(StreamLimits.Default with { CheckEach = TimeSpan.FromDays(1) }, callers);
        await server.CloseAsync(1, 1);
        await using var reader = await server.FollowAsync();
        Assert.Equal(["1"], await reader.IdsAsync(1));

        // Rights of somebody else were changed.
        callers.Tell();
        await server.CloseAsync(2, 2);
        Assert.Equal(["2"], await reader.IdsAsync(1));
        callers.IsRevoked = true;
        callers.Tell();

        Assert.Equal("closing", (await reader.NextAsync())?.EventType);
        Assert.Null(await reader.NextAsync());
    }

    private sealed class Revocable : ICallers
    {
        public event Action? Changed;

        public bool IsRevoked { get; set; }

        public void Tell() => Changed?.Invoke();

        public string SignInPath => "/sign-in";

        public ValueTask<Caller?> FindAsync(HttpContext context) => ValueTask.FromResult(IsRevoked ? null : new Caller("anna", new HashSet<Role> { Role.Analyst }, "test"));
    }

    [Fact]
    public async Task Many_readers_of_a_topic_are_one_subscription_and_each_gets_all()
    {
        await _server.CloseAsync(1, 1);
        List<EventReader> readers = [await _server.FollowAsync(), await _server.FollowAsync(), await _server.FollowAsync($"{TopicServer.Path}?after=0")];
        foreach (var reader in readers) Assert.Equal(["1"], await reader.IdsAsync(1));
        await _server.CloseAsync(2, 40);

        foreach (var reader in readers) Assert.Equal(Enumerable.Range(2, 39).Select(i => $"{i}"), await reader.IdsAsync(39));
        var second = _server.Server.Cluster.ActorSelection("/user/subscription-web-3").ResolveOne(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<Akka.Actor.ActorNotFoundException>(() => second);
        foreach (var reader in readers) await reader.DisposeAsync();
    }

    [Fact]
    public async Task Who_was_away_for_long_reads_the_tables_first_and_then_what_all_read()
    {
        await _server.CloseAsync(1, 1_500);
        await using var newest = await _server.FollowAsync();
        Assert.Equal(["1500"], await newest.IdsAsync(1));
        await using var old = await _server.FollowAsync(lastEvent: "3");
        Assert.Equal(Enumerable.Range(4, 700).Select(i => $"{i}"), await old.IdsAsync(700));
        await _server.CloseAsync(1_501, 1_510);

        Assert.Equal(Enumerable.Range(704, 807).Select(i => $"{i}"), await old.IdsAsync(807));
        Assert.Equal(Enumerable.Range(1_501, 10).Select(i => $"{i}"), await newest.IdsAsync(10));
    }

    [Fact]
    public async Task What_cannot_be_followed_is_told_with_the_remedy()
    {
        await _server.CloseAsync(50, 55);
        (string Path, HttpStatusCode Status, string Told)[] requests =
        [
            ($"{TopicServer.Path}?after=10", HttpStatusCode.Gone, "is kept no more"),
            ($"{TopicServer.Path}?after=900", HttpStatusCode.Gone, "has come to 55 only"),
            ($"{TopicServer.Path}?after=yesterday", HttpStatusCode.BadRequest, "no place in a topic"),
            ($"{TopicServer.Path}?form=1", HttpStatusCode.BadRequest, "there is no such parameter"),
            ($"{Health}?after=1", HttpStatusCode.BadRequest, "is kept"),
            ("/v1/sites/demo/topics/flow.demo.nowhere", HttpStatusCode.NotFound, "/v1/sites/demo/topics"),
            ("/v1/sites/demo/topics/flow.other.north", HttpStatusCode.NotFound, "/v1/sites/demo/topics"),
            ("/v1/sites/other/topics/flow.other.north", HttpStatusCode.NotFound, "it has demo"),
        ];
        foreach (var (path, status, told) in requests)
        {
            using var answer = await _server.OpenAsync(path);
            Assert.Equal((status, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
            var body = await answer.Content.ReadAsStringAsync(Cancel);
            Assert.Contains(told, body);
            Assert.Contains("\"remedy\"", body);
        }
    }

    [Fact]
    public async Task The_list_says_what_there_is_and_what_of_it_can_be_gone_on_from()
    {
        using var answer = await _server.OpenAsync("/v1/sites/demo/topics");
        using var list = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
        var kept = list.RootElement.GetProperty("items").EnumerateArray().ToDictionary(i => i.GetProperty("topic").GetString()!, i => i.GetProperty("is_kept").GetBoolean());

        Assert.True(kept[TopicServer.Topic]);
        Assert.True(kept["journeys.demo"]);
        Assert.False(kept["incidents.demo"]);
        Assert.False(kept[$"{TopicServer.Topic}.live"]);
        Assert.False(kept["health.demo.cam-north"]);
    }

    [Fact]
    public async Task There_are_so_many_streams_of_an_account_and_no_more_until_one_ends()
    {
        List<EventReader> open = [];
        for (var i = 0; i < _limits.OfAnAccount; i++) open.Add(await _server.FollowAsync());
        using (var refused = await _server.OpenAsync(TopicServer.Path))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero);
            Assert.Contains($"{_limits.OfAnAccount} streams of the account anna", await refused.Content.ReadAsStringAsync(Cancel));
        }

        await open[0].DisposeAsync();
        var after = HttpStatusCode.TooManyRequests;
        using var limit = new CancellationTokenSource(Patience);
        while (after == HttpStatusCode.TooManyRequests)
        {
            limit.Token.ThrowIfCancellationRequested();
            using var answer = await _server.OpenAsync(TopicServer.Path);
            after = answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, after);
        foreach (var reader in open) await reader.DisposeAsync();
    }

    [Fact]
    public async Task Who_takes_nothing_is_cut_off_counted_and_nobody_else_notices()
    {
        using var cutOff = new Counted("trafficflow.web.stream.slow");
        using var stuck = new TcpClient();
        stuck.ReceiveBufferSize = 4096;
        await stuck.ConnectAsync(IPAddress.Loopback, _server.Address.Port, Cancel);
        await stuck.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {Health} HTTP/1.1\r\nHost: localhost\r\nX-Test-Role: Analyst\r\n\r\n"), Cancel);
        await using var well = await _server.FollowAsync(Health);
        using var publishing = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        publishing.CancelAfter(Patience);
        var published = PublishAsync(200_000, publishing.Token);
        while (cutOff.Count == 0) Assert.NotNull(await well.NextAsync());

        // It still gets what comes.
        Assert.NotNull(await well.NextAsync());
        await publishing.CancelAsync();
        await published;
        Assert.Equal(1, cutOff.Count);
    }

    [Fact]
    public async Task A_server_that_stops_says_so_to_those_who_read()
    {
        await using var reader = await _server.FollowAsync(Health);
        using var publishing = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var published = PublishAsync(10, publishing.Token);
        Assert.NotNull(await reader.NextAsync());
        await publishing.CancelAsync();
        await published;
        var stopped = _server.Web.Server.StopAsync(Cancel);
        var last = await reader.NextAsync();
        while (last is { EventType: "message" }) last = await reader.NextAsync();

        Assert.Equal("closing", last!.Value.EventType);
        Assert.Contains("come again", last.Value.Data);
        Assert.Null(await reader.NextAsync());
        await stopped;
    }

    [Theory]
    [InlineData("journeys.demo")]
    [InlineData("incidents.demo")]
    public async Task The_city_follows_nothing(string topic)
    {
        using var answer = await _server.OpenAsync($"/v1/sites/demo/topics/{topic}", role: Role.City);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    /// <summary>Again and again: what is published before a subscription is known on all nodes does not come.</summary>
    private async Task PublishAsync(int length, CancellationToken end)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            for (var frames = 1; await timer.WaitForNextTickAsync(end); frames++) _server.PublishHealth(frames, length);
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>Sums up one counter of the process.</summary>
    private sealed class Counted : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _count;

        public Counted(string name)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == name) listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref _count, count));
            _listener.Start();
        }

        public long Count => Interlocked.Read(ref _count);

        public void Dispose() => _listener.Dispose();
    }
}
