using System.Globalization;
using Akka.Hosting;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Node.Topics;
using TrafficFlow.Server.Topics;
using TrafficFlow.Web;
using TrafficFlow.Wire.Routing;

namespace TrafficFlow.Node.WebHosting;

/// <summary>The topics of the node's cluster system, for its web host: each reader is a subscription of its own, /user/subscription-web-N.</summary>
internal sealed class NodeTopics(INodeSystems node, TimeProvider time) : ITopicSource
{
    private int _named;

    public async Task<bool> RunAsync(IReadOnlyList<AddTopic> topics, Func<TopicMessage?, Task> write, CancellationToken end)
    {
        if (node.Cluster is not { WhenTerminated.IsCompleted: false } system || !ActorRegistry.For(system).TryGet<ApproachRegion>(out var approaches)) return false;
        var number = Interlocked.Increment(ref _named).ToString(CultureInfo.InvariantCulture);
        await new TopicStream(system, approaches, time).RunMessagesAsync($"subscription-web-{number}", topics, write, end);
        return true;
    }
}
