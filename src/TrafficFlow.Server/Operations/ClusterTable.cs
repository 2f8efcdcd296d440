using System.Collections.Immutable;
using Akka.Cluster;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Server.Operations;

/// <summary>The cluster as this node sees it.</summary>
/// <param name="Leader">Null while there is none.</param>
/// <param name="Seeds">With which this node was started; none for a node without peers.</param>
internal sealed record ClusterView(
    Akka.Actor.Address Self, ImmutableArray<Member> Members, ImmutableHashSet<Member> Unreachable, Akka.Actor.Address? Leader, ImmutableList<Akka.Actor.Address> Seeds)
{
    public static ClusterView Of(Cluster cluster) =>
        new(cluster.SelfAddress, [.. cluster.State.Members.OrderBy(m => m.Address)], cluster.State.Unreachable, cluster.State.Leader, cluster.Settings.SeedNodes);

    public bool IsMember => Members.Any(m => m.Address == Self);

    /// <summary>For a failure that the cluster may be the cause of.</summary>
    public string Summary
    {
        get
        {
            if (!IsMember) return "this node is in no cluster";
            var servers = Members.Where(m => m.HasRole(TrafficFlowRoles.Server)).ToList();
            var lost = servers.Count(Unreachable.Contains);
            return $"the cluster has {Count(Members.Length, "member")}, {Count(servers.Count, "server")} among them, {lost} of those unreachable";
        }
    }

    private static string Count(int n, string what) => n == 1 ? $"1 {what}" : $"{n} {what}s";
}

internal static class ClusterTable
{
    private static readonly InspectionColumn[] Columns =
    [
        new("address"), new("roles"), new("status"), new("reachable", Kind: CellKind.Flag), new("leader", Kind: CellKind.Flag),
        new("self", Kind: CellKind.Flag), new("version"),
    ];

    public static InspectionTable Of(ClusterView view)
    {
        var rows = view.Members.Select(m => new object?[]
        {
            Name(m.Address), string.Join(' ', m.Roles.Where(r => !r.StartsWith("dc-", StringComparison.Ordinal)).Order(StringComparer.Ordinal)), m.Status.ToString().ToLowerInvariant(),
            !view.Unreachable.Contains(m), m.Address == view.Leader, m.Address == view.Self, m.AppVersion.Version,
        });
        return InspectionTable.Of("members", Columns, rows, [.. Notes(view)]);
    }

    private static IEnumerable<string> Notes(ClusterView view)
    {
        if (!view.IsMember) yield return $"this node, {Name(view.Self)}, is in no cluster yet: it joins as soon as a seed node answers";
        var unnamed = view.Seeds.IsEmpty ? [] : view.Members.Where(m => m.HasRole(TrafficFlowRoles.Server) && !view.Seeds.Contains(m.Address)).Select(m => Name(m.Address)).ToList();
        if (unnamed.Count > 0)
            yield return $"not among the seed-nodes with which this node was started: {string.Join(", ", unnamed)}. Name every server there, in the same order on all nodes; it is read at the next start";
    }

    /// <summary>The member that is meant by HOST:PORT or by a full address.</summary>
    public static Member? Find(ClusterView view, string address) =>
        view.Members.FirstOrDefault(m => Name(m.Address) == address || m.Address.ToString() == address);

    public static string Name(Akka.Actor.Address address) => $"{address.Host}:{address.Port}";
}
