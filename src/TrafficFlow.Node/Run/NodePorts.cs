using TrafficFlow.Node.WebHosting;
using TrafficFlow.Server.Tables;
using TrafficFlow.Web;

namespace TrafficFlow.Node.Run;

/// <summary>What pages and feeds see of a node.</summary>
internal static class NodePorts
{
    public static WebPorts Of(NodeDefinition node, NodeSystems systems) => new(
        () => systems.Sites, () => ReadTables.Flows(node.Journal), () => ReadTables.Journeys(node.Journal), new NodeTopics(systems, TimeProvider.System), () => systems.HealthOfAll, TimeProvider.System)
    {
        Record = e => systems.AuditLog?.RecordSoonAsync(e) ?? Task.CompletedTask,
        KeptFor = node.Actors.Tables.LongBins,
    };
}
