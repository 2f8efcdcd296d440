using System.Globalization;
using Akka.Actor;
using Akka.Hosting;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Node.Topics;
using TrafficFlow.Server.Topics;
using TrafficFlow.Web;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Routing;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Node.WebHosting;

/// <summary>The topics of the node's cluster system, for its web host and its feeds: each reader is a subscription of its own, /user/subscription-web-N.</summary>
/// <param name="reader">Who reads them, for the names of its subscriptions: one instance for each.</param>
internal sealed class NodeTopics(INodeSystems node, TimeProvider time, string reader = "web") : ITopicSource
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    private int _named;

    public async Task<bool> RunAsync(IReadOnlyList<AddTopic> topics, Func<TopicMessage?, Task> write, CancellationToken end)
    {
        if (node.Cluster is not { WhenTerminated.IsCompleted: false } system || !ActorRegistry.For(system).TryGet<ApproachRegion>(out var approaches)) return false;
        var number = Interlocked.Increment(ref _named).ToString(CultureInfo.InvariantCulture);
        await new TopicStream(system, approaches, time).RunMessagesAsync($"subscription-{reader}-{number}", topics, write, end);
        return true;
    }

    public async Task<TopicStand?> StandAsync(string topic, TopicPlace place, CancellationToken end)
    {
        if (node.Cluster is not { WhenTerminated.IsCompleted: false } system || !ActorRegistry.For(system).TryGet<ApproachRegion>(out var approaches)) return null;
        object question = TopicNames.ParseJourneys(topic) is { } site ? new GetJourneysAfter(site, place, 1)
            : TopicNames.ParseFlow(topic) is { } flow ? new GetBinsAfter(flow.Site, flow.Approach, place.Cursor, 1)
            : throw new ArgumentException($"nobody keeps {topic}", nameof(topic));
        try
        {
            return await approaches.Ask<object>(question, AnswerWithin, end) switch
            {
                // Cursors of bins leave out none: the first one after the place is the next, or what was between is kept no more.
                BinsAfter bins => new TopicStand(bins.Last, place.Cursor > 0 && !bins.Bins.IsEmpty && bins.Bins[0].Cursor > place.Cursor + 1),
                JourneysAfter journeys => new TopicStand(journeys.Last, IsTooOld: false),
                _ => null,
            };
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }
}
