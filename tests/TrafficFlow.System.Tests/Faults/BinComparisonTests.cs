using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation.Replay;
using TrafficFlow.SystemTests.Lab;
using Xunit;

namespace TrafficFlow.SystemTests.Faults;

/// <summary>The laboratory's own judgement: it sees every wrong number.</summary>
public sealed class BinComparisonTests
{
    private static readonly Site Site = ClusterFiles.Site(1, 50);
    private static readonly IReadOnlyList<ApproachId> Approaches = [.. Site.Approaches.Select(a => a.Id)];
    private static readonly ReplayTruth Truth = new(Site, new ReplayScripts().Script);
    private static readonly Interval Span = new(ReplaySource.Default.Start, ReplaySource.Default.Start.AddMinutes(15));
    private static readonly IReadOnlyList<StoredBin> Right = [.. from approach in Approaches from duration in BinDuration.All from bin in Truth.Bins(approach, duration, Span) where bin.Bin.To <= Span.To select Stored(bin)];

    [Fact]
    public void What_is_true_is_equal()
    {
        var compared = BinComparison.Of(Right, Truth, Approaches, Span);

        Assert.True(compared.IsEqual);
        Assert.Equal(4 * (15 + 3 + 1), compared.Bins);
        Assert.True(compared.Vehicles > 100);
        Assert.Equal(Span.To, BinComparison.ClosedThrough(Right, Approaches));
    }

    [Fact]
    public void A_vehicle_less_is_lost_and_one_more_is_doubled()
    {
        var less = BinComparison.Of(Change(b => b with { Counts = Shift(b.Counts, -1) }), Truth, Approaches, Span);
        var more = BinComparison.Of(Change(b => b with { Counts = Shift(b.Counts, 1) }), Truth, Approaches, Span);

        Assert.Equal((1, 0, 1), (less.Lost, less.Doubled, less.Wrong));
        Assert.Equal((0, 1, 1), (more.Lost, more.Doubled, more.Wrong));
    }

    [Fact]
    public void An_absent_bin_loses_its_vehicles_and_its_seconds()
    {
        var absent = BinComparison.Of(Right.Where(b => b != Busiest), Truth, Approaches, Span);

        Assert.Equal((Busiest.Counts.Values.Sum(), TimeSpan.FromMinutes(1), 1), (absent.Lost, absent.CoverageLost, absent.Wrong));
    }

    [Fact]
    public void A_second_that_was_not_watched_shows()
    {
        var blink = BinComparison.Of(Change(b => b with { Observed = b.Observed - TimeSpan.FromSeconds(1) }), Truth, Approaches, Span);

        Assert.Equal((0, TimeSpan.FromSeconds(1), 1), (blink.Lost, blink.CoverageLost, blink.Wrong));
        Assert.Contains("1 s of watching are missing", Assert.Single(blink.Differences));
    }

    private static StoredBin Busiest => Right.Where(b => b.Duration == BinDuration.OneMinute).MaxBy(b => b.Counts.Values.Sum())!;

    private static IEnumerable<StoredBin> Change(Func<StoredBin, StoredBin> change) => Right.Select(b => b == Busiest ? change(b) : b);

    private static Dictionary<(Movement, TrafficFlow.Core.Detection.VehicleClass), long> Shift(IReadOnlyDictionary<(Movement, TrafficFlow.Core.Detection.VehicleClass), long> counts, int by)
    {
        var first = counts.Keys.First();
        return counts.ToDictionary(c => c.Key, c => c.Key == first ? c.Value + by : c.Value);
    }

    private static StoredBin Stored(TrueBin bin) => new(
        bin.Approach, bin.Duration, bin.Bin.From, bin.Bin.To, bin.Observed,
        bin.Counts.GroupBy(c => (c.Key.Movement, c.Key.Class)).ToDictionary(g => g.Key, g => g.Sum(c => c.Value)));
}
