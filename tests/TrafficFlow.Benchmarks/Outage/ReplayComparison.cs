using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation.Replay;
using TrafficFlow.SystemTests.Lab;

namespace TrafficFlow.Benchmarks.Outage;

/// <summary>What the read tables say of virtual cameras against what these played.</summary>
internal static class ReplayComparison
{
    /// <summary>Event time through which every site's bins are closed; null before the first.</summary>
    public static async Task<DateTimeOffset?> ClosedThroughAsync(PostgresServer database, IReadOnlyList<Site> sites)
    {
        DateTimeOffset? through = DateTimeOffset.MaxValue;
        foreach (var site in sites)
        {
            var own = await ClusterTables.ClosedThroughAsync(database, site);
            if (own is null) return null;
            if (own < through) through = own;
        }

        return through;
    }

    public static async Task<IReadOnlyList<BinComparison>> CompareAsync(PostgresServer database, IReadOnlyList<Site> sites, ReplayScripts logs)
    {
        var compared = new List<BinComparison>();
        foreach (var site in sites)
        {
            var bins = await ClusterTables.ReadAsync(database, site.Id);
            IReadOnlyList<ApproachId> approaches = [.. site.Approaches.Select(a => a.Id)];
            var span = new Interval(ReplaySource.Default.Start, BinComparison.ClosedThrough(bins, approaches) ?? ReplaySource.Default.Start);
            compared.Add(BinComparison.Of(bins, new ReplayTruth(site, logs.Script), approaches, span));
        }

        return compared;
    }
}
