using TrafficFlow.Node.WebHosting;
using TrafficFlow.Server.Tables;
using TrafficFlow.Web;

namespace TrafficFlow.Node.Run;

/// <summary>What pages and feeds see of a node.</summary>
internal static class NodePorts
{
    /// <param name="reader">web or feeds: each has subscriptions of its own.</param>
    public static WebPorts Of(NodeDefinition node, NodeSystems systems, string reader) => new(
        () => systems.Sites, () => ReadTables.Flows(node.Journal), () => ReadTables.Journeys(node.Journal), new NodeTopics(systems, TimeProvider.System, reader), () => systems.HealthOfAll, TimeProvider.System)
    {
        Record = async e => systems.AuditLog is { } log && await log.RecordSoonAsync(e) is not null,
        KeptFor = node.Actors.Tables.LongBins,
    };
}
