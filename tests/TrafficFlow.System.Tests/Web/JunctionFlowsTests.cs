using System.Collections.Immutable;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Live;
using Xunit;

namespace TrafficFlow.SystemTests.Web;

/// <summary>What the page of a junction shows: added up over the latest minutes, missing never as zero.</summary>
public sealed class JunctionFlowsTests
{
    private static readonly ApproachId North = new("north");
    private static readonly DateTimeOffset Noon = new(2026, 5, 1, 12, 0, 0, TimeSpan.FromHours(9));
    private static readonly IReadOnlyList<Movement> Movements = [Movement.Entering, Movement.To(new ApproachId("south"))];

    [Fact]
    public void Counts_add_up_and_the_rate_is_of_the_time_that_was_watched()
    {
        var flow = Of(4, Bin(0, 60, 3), Bin(1, 30, 2), Bin(3, 60, 1));

        Assert.Equal(6, flow.Entering!.Count);
        Assert.Equal(6 / (150 / 3600.0), flow.Entering.PerHour!.Value, 6);
        Assert.Equal(150.0 / 240, flow.Coverage, 6);
        Assert.Equal(BinQuality.Partial, flow.Quality);
        Assert.Equal(0, flow.Streams[1].Count);
    }

    [Fact]
    public void Who_was_not_watched_is_missing_and_not_zero()
    {
        var flow = Of(2, Bin(0, 0), Bin(1, 0));

        Assert.Null(flow.Entering!.Count);
        Assert.Null(flow.Entering.PerHour);
        Assert.Equal((BinQuality.Blind, 0), (flow.Quality, flow.Coverage));
    }

    [Fact]
    public void One_degraded_minute_is_told() => Assert.Equal(BinQuality.Degraded, Of(2, Bin(0, 60, 3), Bin(1, 60, 2) with { Quality = BinQuality.Degraded }).Quality);

    [Fact]
    public void A_minute_that_is_open_counts_until_it_closes_and_a_late_revision_replaces_the_former()
    {
        var now = ApproachNow.Empty.WithClosed(Bin(0, 60, 3)) with { Open = Bin(1, 20, 1) with { Revision = 0 } };
        var site = SiteNow.Empty.With(North, _ => now);
        Assert.Equal(4, Entering(site));
        Assert.Equal(Noon.AddSeconds(80), site.Through);

        site = site.With(North, a => a.WithClosed(Bin(1, 60, 2)));
        Assert.Equal(5, Entering(site));
        site = site.With(North, a => a.WithClosed(Bin(1, 60, 4) with { Revision = 2 })).With(North, a => a.WithClosed(Bin(1, 60, 2)));
        Assert.Equal(7, Entering(site));
    }

    [Fact]
    public void What_is_older_than_an_hour_is_forgotten()
    {
        var now = Enumerable.Range(0, 200).Aggregate(ApproachNow.Empty, (a, minute) => a.WithClosed(Bin(minute, 60, 1)));

        Assert.InRange(now.Closed.Count, 60, 61);
        Assert.Equal(5, Entering(SiteNow.Empty.With(North, _ => now)));
    }

    private static int? Entering(SiteNow now) => now.Latest(TimeSpan.FromMinutes(5), [North], _ => Movements)!.Value.Flows[0].Entering!.Count;

    private static ApproachFlow Of(int minutes, params FlowBin[] bins) => JunctionFlows.Of(North, new Interval(Noon, Noon.AddMinutes(minutes)), bins, Movements);

    private static FlowBin Bin(int minute, int observed, int entering = 0) => new(
        new BinKey(new SiteId("demo"), North, BinDuration.OneMinute, Noon.AddMinutes(minute)), Noon.AddMinutes(minute + 1), TimeSpan.FromSeconds(observed),
        FlowBin.Judge(new Interval(Noon.AddMinutes(minute), Noon.AddMinutes(minute + 1)), TimeSpan.FromSeconds(observed), false), 1,
        entering == 0 ? [] : [new FlowRow(Movement.Entering, VehicleClass.PassengerCar, new FlowSums(entering, entering, 0, 0, 0, 0))], ImmutableArray<BinSource>.Empty);
}
