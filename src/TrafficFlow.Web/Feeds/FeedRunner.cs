using Microsoft.Extensions.Logging;
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
                await using var target = TargetOf(feed, ports.Time);
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

    internal static IFeedTarget TargetOf(FeedSettings feed, TimeProvider time) => feed switch
    {
        MqttFeedSettings mqtt => new MqttTarget(mqtt),
        WebhookFeedSettings webhook => new WebhookTarget(webhook, time),
        NgsiFeedSettings ngsi => new NgsiTarget(ngsi),
        _ => throw new NotSupportedException($"no feed of {feed.GetType().Name}"),
    };
}
