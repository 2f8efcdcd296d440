using Microsoft.Extensions.Logging.Abstractions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Tables;
using TrafficFlow.SystemTests.Web.Streams;
using TrafficFlow.Web.Feeds;

namespace TrafficFlow.SystemTests.Web.Feeds;

/// <summary>A feed of a server, as the node runs it, until it is disposed of.</summary>
internal sealed class RunningFeed(TopicServer server, FeedSettings settings) : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private Task _running = Task.CompletedTask;

    /// <param name="sites">Null for the server's own.</param>
    public static RunningFeed Start(TopicServer server, FeedSettings settings, IReadOnlyList<Site>? sites = null)
    {
        var feed = new RunningFeed(server, settings);
        var ports = sites is null ? server.Ports : server.Ports with { Sites = () => sites };
        feed._running = new FeedRunner([settings], ports, new FeedPlaces(server.Journal), NullLoggerFactory.Instance).RunAsync(feed._end.Token);
        return feed;
    }

    public FeedSettings Settings => settings;

    public TopicServer Server => server;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running;
        _end.Dispose();
    }
}
