using System.Net.Http.Headers;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.WebHosting;
using TrafficFlow.Server.Tables;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Tables;
using TrafficFlow.SystemTests.Watch;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Web;
using TrafficFlow.Web.Access;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Topics;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Streams;

/// <summary>A server's cluster system with real topics and tables, and the web host before it; it can be stopped and started again on the same folder.</summary>
internal sealed class TopicServer : IAsyncDisposable
{
    public const string Topic = "flow.demo.north";
    public const string Path = $"/v1/sites/demo/topics/{Topic}";

    private readonly SettingsFolder _folder = new();
    private readonly StreamLimits? _limits;
    private readonly ICallers? _callers;
    private WatchedServer _server = null!;

    private TopicServer(StreamLimits? limits, ICallers? callers) => (_limits, _callers) = (limits, callers);

    public WebHost Web { get; private set; } = null!;

    public WatchedServer Server => _server;

    public ITopicSource Topics { get; private set; } = null!;

    public SqliteJournal Journal => new(System.IO.Path.Combine(_folder.Path, "journal.db"));

    public string Folder => _folder.Path;

    public Uri Address => Web.Server.Address!;

    public static async Task<TopicServer> StartAsync(StreamLimits? limits = null, ICallers? callers = null)
    {
        var server = new TopicServer(limits, callers);
        await server.StartAgainAsync();
        return server;
    }

    /// <param name="port">0 for any free one.</param>
    public async Task StartAgainAsync(int port = 0)
    {
        _server = await WatchedServer.StartAsync(_folder.Path, SyntheticJunction.Site);
        Topics = new NodeTopics(_server, TimeProvider.System);
        Web = await WebHost.StartAsync(_callers, topics: Topics, tables: Journal, streams: _limits, port: port);
    }

    /// <summary>What feeds see of it, beside its pages.</summary>
    public WebPorts Ports => new(() => _server.Sites, () => ReadTables.Flows(Journal), () => ReadTables.Journeys(Journal), new NodeTopics(_server, TimeProvider.System, "feeds"), () => null, TimeProvider.System);

    public async Task StopAsync()
    {
        await Web.DisposeAsync();
        await _server.DisposeAsync();
    }

    /// <summary>As an aggregator does: into the tables, and published.</summary>
    public async Task CloseAsync(params IReadOnlyList<ClosedBin> bins)
    {
        await new FlowTables(Journal).WriteAsync(bins, CancellationToken.None);
        foreach (var bin in bins) TopicPublisher.Of(_server.Cluster).Publish(Topic, new FlowBinClosed(bin.Bin, bin.Cursor));
    }

    public Task CloseAsync(long from, long to) => CloseAsync([.. Enumerable.Range((int)from, (int)(to - from + 1)).Select(c => Bin(c))]);

    /// <summary>The bin of one minute for each cursor, with as many buses.</summary>
    public static ClosedBin Bin(long cursor, int minutes = 1) => StoredBins.Closed(
        cursor, new Interval(StoredBins.Morning.AddMinutes(cursor), StoredBins.Morning.AddMinutes(cursor + minutes)), 1, (int)cursor, minutes, new ApproachId("north"), site: new SiteId("demo"));

    /// <summary>The second revision of the bin of one minute.</summary>
    public static ClosedBin Revised(int minute, long cursor, int buses) => StoredBins.Closed(
        cursor, new Interval(StoredBins.Morning.AddMinutes(minute), StoredBins.Morning.AddMinutes(minute + 1)), 2, buses, 1, new ApproachId("north"), site: new SiteId("demo"));

    /// <summary>To health.demo.cam-north, of which nobody keeps anything.</summary>
    public void PublishHealth(int frames, int length = 10) => TopicPublisher.Of(_server.Cluster).Publish(
        TopicNames.Health(new SiteId("demo"), new CameraId("cam-north")),
        new CameraStatus(new SiteId("demo"), new CameraId("cam-north"), CameraState.Streaming, new string('x', length), frames, 0, 10, 0, null, 1, 0, ""));

    /// <param name="lastEvent">Header Last-Event-ID.</param>
    public async Task<HttpResponseMessage> OpenAsync(string path, string? lastEvent = null, Role role = Role.Analyst)
    {
        var client = new HttpClient { BaseAddress = Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Test-Role", role.ToString());
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (lastEvent is not null) request.Headers.Add("Last-Event-ID", lastEvent);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public async Task<EventReader> FollowAsync(string path = Path, string? lastEvent = null)
    {
        var answer = await OpenAsync(path, lastEvent);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}: {(answer.IsSuccessStatusCode ? "" : await answer.Content.ReadAsStringAsync())}");
        return new EventReader(answer, await answer.Content.ReadAsStreamAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }
}
