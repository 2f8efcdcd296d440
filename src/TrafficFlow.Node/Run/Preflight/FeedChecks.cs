using System.Net.Sockets;
using TrafficFlow.Web.Feeds;

namespace TrafficFlow.Node.Run.Preflight;

/// <summary>What feeds need: receivers that can be reached, secrets that can be read. A receiver that is away is no reason not to start: what it misses is sent later.</summary>
internal static class FeedChecks
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<Finding>> RunAsync(NodeDefinition node, CancellationToken cancellation) =>
        [.. await Task.WhenAll(node.Feeds.Select(f => TryAsync(f, cancellation)))];

    private static async Task<Finding> TryAsync(FeedSettings feed, CancellationToken cancellation)
    {
        var what = $"feed {feed.Name}";
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(Patience);
        try
        {
            await FeedTrial.RunAsync(feed, limited.Token);
            return Finding.Good(what, $"{feed.Destination} can be reached{(feed is MqttFeedSettings ? ", and lets the node in" : "; whether it takes events is seen with the first one")}");
        }
        catch (FeedRefusedException e)
        {
            return Finding.Doubtful(what, $"{e.Message} (events wait in the tables until it takes them)");
        }
        catch (Exception e) when (e is SocketException or HttpRequestException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return Finding.Doubtful(what, $"{feed.Destination} cannot be reached ({(e is OperationCanceledException ? "no answer" : e.Message)}): does it run, is the way to it open? (Events wait in the tables until it takes them.)");
        }
    }
}
