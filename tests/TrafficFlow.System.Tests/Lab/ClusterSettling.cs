using System.Diagnostics;
using System.Globalization;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation.Replay;

namespace TrafficFlow.SystemTests.Lab;

/// <summary>How a healed cluster ended.</summary>
/// <param name="Owed">Event time that the roadside had stored when it was healed.</param>
/// <param name="Drained">How long it then took until all of it stood in the tables; null where it never did.</param>
internal sealed record Settled(DateTimeOffset Owed, TimeSpan? Drained, BinComparison Bins);

/// <summary>Waits until a healed cluster has caught up, and compares its tables with the truth.</summary>
internal static class ClusterSettling
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <exception cref="TimeoutException">The roadside does not say what it has stored.</exception>
    public static async Task<Settled> SettleAsync(this LabCluster cluster, TimeSpan patience, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var state = new ClusterState(cluster);
        DateTimeOffset? stored;
        while ((stored = await state.StoredThroughAsync()) is null)
        {
            if (clock.Elapsed > patience) throw new TimeoutException($"within {patience.TotalSeconds:0} s the roadside did not say what it has stored; see {cluster.Roadside.Log}");
            await Task.Delay(Look, cancellation);
        }

        IReadOnlyList<ApproachId> approaches = [.. cluster.Site.Approaches.Select(a => a.Id)];
        var owed = new DateTimeOffset(stored.Value.UtcTicks - (stored.Value.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        while (true)
        {
            var isDrained = await ClusterTables.ClosedThroughAsync(cluster.Database, cluster.Site) >= owed;
            if (isDrained || clock.Elapsed > patience)
            {
                var bins = await ClusterTables.ReadAsync(cluster.Database, cluster.Site.Id);
                var through = BinComparison.ClosedThrough(bins, approaches);
                var compared = BinComparison.Of(bins, cluster.Truth, approaches, new Interval(ReplaySource.Default.Start, isDrained ? through!.Value : owed));
                return new Settled(owed, isDrained ? clock.Elapsed : null, compared);
            }

            await Task.Delay(Look, cancellation);
        }
    }

    /// <summary>Waits until every approach has closed bins up to an event time so long after the beginning.</summary>
    /// <exception cref="TimeoutException">It has not by then.</exception>
    public static async Task UntilClosedAsync(this LabCluster cluster, TimeSpan eventTime, TimeSpan patience, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var through = await ClusterTables.ClosedThroughAsync(cluster.Database, cluster.Site);
            if (through - ReplaySource.Default.Start >= eventTime) return;
            if (clock.Elapsed > patience)
                throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"within {patience.TotalSeconds:0} s the bins were closed through {through:O} only; see the logs in {cluster.Folder}"));
            await Task.Delay(Look, cancellation);
        }
    }
}
