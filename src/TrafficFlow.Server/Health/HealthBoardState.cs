using System.Collections.Immutable;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Health;

namespace TrafficFlow.Server.Health;

/// <summary>The last report of each node, by its address, with the server's time of it.</summary>
internal sealed record HealthBoardState(ImmutableDictionary<string, KnownNode> Nodes)
{
    public static readonly HealthBoardState Empty = new(ImmutableDictionary<string, KnownNode>.Empty);

    public HealthBoardState Take(NodeReport report, DateTimeOffset now) => new(Nodes.SetItem(report.Node, new KnownNode(report with { ClockOffset = report.ClockOffset ?? report.Time - now }, now)));

    /// <summary>What an earlier board had stored; who has reported since is known better.</summary>
    public HealthBoardState Restore(HealthBoardSnapshot stored) =>
        new(Nodes.AddRange(stored.Nodes.Where(n => !Nodes.ContainsKey(n.Report.Node)).DistinctBy(n => n.Report.Node).Select(n => KeyValuePair.Create(n.Report.Node, n))));

    public HealthBoardState Forget(DateTimeOffset now, HealthSettings settings)
    {
        var tooMany = Nodes.Count - settings.MaxNodes;
        var gone = Nodes.Values.OrderBy(n => n.ReceivedAt).Where((n, i) => i < tooMany || now - n.ReceivedAt > settings.ForgetAfter).Select(n => n.Report.Node).ToList();
        return gone.Count == 0 ? this : new HealthBoardState(Nodes.RemoveRange(gone));
    }

    public HealthOverview Answer(SiteId? site, DateTimeOffset now, TimeSpan silentAfter) => new(
        now, [.. Nodes.Values.Where(n => site is not { } one || n.Report.Sites.Contains(one)).OrderBy(n => n.Report.Node, StringComparer.Ordinal)], silentAfter);

    public HealthBoardSnapshot Snapshot() => new([.. Nodes.Values.OrderBy(n => n.Report.Node, StringComparer.Ordinal)]);
}
