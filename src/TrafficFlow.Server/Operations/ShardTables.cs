using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Server.Operations;

/// <summary>Regions, and the shards in them, as tables.</summary>
internal static class ShardTables
{
    private const int MostNames = 8;

    /// <summary>The oldest server: singletons live there. Null while there is none.</summary>
    public static Address? CoordinatorOf(ClusterView view) => view.Members
        .Where(m => m.HasRole(TrafficFlowRoles.Server) && m.Status is MemberStatus.Up or MemberStatus.Leaving)
        .Order(Member.AgeOrdering).FirstOrDefault()?.Address;

    /// <param name="all">Null where the coordinator, or a region that it asked, did not answer.</param>
    /// <param name="own">Of this node's region, with the names of its entities; null where it did not answer.</param>
    /// <param name="handovers">Null where only another node knows.</param>
    public static InspectionTable[] Of(ClusterView view, ClusterShardingStats? all, CurrentShardRegionState? own, int? handovers)
    {
        var names = own?.Shards.ToDictionary(s => s.ShardId, s => s.EntityIds.Order(StringComparer.Ordinal).ToList(), StringComparer.Ordinal) ?? [];
        var regions = all?.Regions.Select(r => (Node: Full(view, r.Key), r.Value)).OrderBy(r => r.Node).ToList() ?? [];
        var coordinator = CoordinatorOf(view);
        var servers = view.Members.Where(m => m.HasRole(TrafficFlowRoles.Server)).ToList();
        var silent = servers.Where(m => regions.All(r => r.Node != m.Address)).Select(m => ClusterTable.Name(m.Address)).ToList();
        var shards = all is null
            ? names.Select(n => (Shard: n.Key, Node: view.Self, Entities: n.Value.Count)).ToList()
            : [.. regions.SelectMany(r => r.Value.Stats.Select(s => (Shard: s.Key, r.Node, Entities: s.Value)))];
        return
        [
            InspectionTable.Of(
                "regions",
                [new("node"), new("shards", Kind: CellKind.Number), new("entities", Kind: CellKind.Number), new("coordinator", Kind: CellKind.Flag), new("reachable", Kind: CellKind.Flag)],
                servers.Select(m => new object?[]
                {
                    ClusterTable.Name(m.Address), Counted(m.Address, s => 1), Counted(m.Address, s => s.Entities), m.Address == coordinator, !view.Unreachable.Contains(m),
                }),
                [
                    coordinator is null ? "no server is up: nobody decides where a shard is" : $"the coordinator is on {ClusterTable.Name(coordinator)}, the oldest server",
                    handovers is { } moving ? $"{moving} shards are handed over now"
                        : coordinator is null ? "handovers: unknown" : $"handovers: only the coordinator's node knows; ask on {ClusterTable.Name(coordinator)}",
                    .. servers.Select(m => m.AppVersion).Distinct().Count() > 1
                        ? ["servers are of different versions: no shard is moved until they are not, but what one that leaves or fails has held, and that goes to the newest"] : Array.Empty<string>(),
                    .. all is null ? [$"the coordinator did not answer in time, or one of its regions did not: only the shards of this node, {ClusterTable.Name(view.Self)}, are shown"] : Array.Empty<string>(),
                    .. all is not null && silent.Count > 0 ? [$"no region is known on {string.Join(", ", silent)}: has it just joined?"] : Array.Empty<string>(),
                    .. regions.Where(r => r.Value.Failed.Count > 0).Select(r => $"on {ClusterTable.Name(r.Node)} these shards did not answer: {string.Join(", ", r.Value.Failed.Order(StringComparer.Ordinal))}"),
                    .. own is null ? ["this node's own region did not answer"] : Array.Empty<string>(),
                ]),
            InspectionTable.Of(
                "shards",
                [new("shard"), new("node"), new("entities", Kind: CellKind.Number), new("names here")],
                shards.OrderBy(s => s.Shard.Length).ThenBy(s => s.Shard, StringComparer.Ordinal).Select(s => new object?[]
                {
                    s.Shard, ClusterTable.Name(s.Node), (long)s.Entities, s.Node == view.Self && names.TryGetValue(s.Shard, out var entities) ? Listed(entities) : null,
                }),
                "a shard is started when somebody asks for an approach in it: one that is not listed holds none, or is just moving"),
        ];

        long? Counted(Address node, Func<(string Shard, Address Node, int Entities), int> of) =>
            all is null && node != view.Self ? null : shards.Where(s => s.Node == node).Sum(s => (long)of(s));
    }

    /// <summary>A region on the coordinator's own node may say its address without a host.</summary>
    private static Address Full(ClusterView view, Address address) => address.HasLocalScope ? view.Self : address;

    private static string Listed(List<string> names) =>
        names.Count <= MostNames ? string.Join(", ", names) : $"{string.Join(", ", names.Take(MostNames))} and {names.Count - MostNames} more";
}
