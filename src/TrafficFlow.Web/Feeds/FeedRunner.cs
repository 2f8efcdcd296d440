using Microsoft.Extensions.Logging;
using TrafficFlow.Core.Flow;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Tables;

namespace TrafficFlow.Web.Feeds;

/// <summary>All feeds of a cluster, run by one of its servers at a time: who runs it sees to that.</summary>
public sealed class FeedRunner(IReadOnlyList<FeedSettings> feeds, WebPorts ports, FeedPlaces places, ILoggerFactory logs)
{
    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(10);

    public IReadOnlyList<FeedSettings> Feeds => feeds;

    /// <summary>Ends when it is ended, and then how far each has come is stored.</summary>
    public Task RunAsync(CancellationToken end) => Task.WhenAll(feeds.Select(f => RunAsync(f, end)));

    private async Task RunAsync(FeedSettings feed, CancellationToken end)
    {
        var log = logs.CreateLogger<FeedPump>();
        while (!end.IsCancellationRequested)
        {
            try
            {
                await using var target = TargetOf(feed, ports);
                await new FeedPump(feed, ports, places, target, log).RunAsync(end).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.LogError(e, "Feed {Feed} has failed, and is begun anew", feed.Name);
                await Task.Delay(ComeAgain, ports.Time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    internal static IFeedTarget TargetOf(FeedSettings feed, WebPorts ports) => feed switch
    {
        MqttFeedSettings mqtt => new MqttTarget(mqtt, (sent, end) => IsNewestAsync(ports.Flows, sent, end)),
        WebhookFeedSettings webhook => new WebhookTarget(webhook, ports.Time),
        NgsiFeedSettings ngsi => new NgsiTarget(ngsi, (sent, end) => IsNewestAsync(ports.Flows, sent, end)),
        _ => throw new NotSupportedException($"no feed of {feed.GetType().Name}"),
    };

    /// <summary>Whether no later bin of its length had closed when it was closed or revised. Bins of one length close in order: the next one tells.</summary>
    /// <exception cref="FeedRefusedException">The tables cannot be read now.</exception>
    internal static async Task<bool> IsNewestAsync(Func<IFlowQuery> flows, FeedEvent sent, CancellationToken cancellation)
    {
        if (sent.Cursor is not { } cursor) return sent.Revision == 1;
        var later = new FlowFilter(sent.Key.Site, sent.Key.Duration, new Interval(sent.End, sent.End.AddYears(100))) { Approach = sent.Key.Approach, Revisions = RevisionFilter.Exactly(1) };
        try
        {
            return (await flows().ReadAsync(later, null, 1, cancellation).ConfigureAwait(false)).Bins is not [var next] || next.Cursor > cursor;
        }
        catch (QueryException e)
        {
            throw new FeedRefusedException($"whether {sent.Key.Site}/{sent.Key.Approach} has a newer bin is not known: {e.Message}", e);
        }
    }
}
