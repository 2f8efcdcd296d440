using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tests.Support;
using Xunit;

namespace TrafficFlow.Core.Tests.Flow;

public sealed class RecordedFlowTests
{
    private static readonly ApproachId North = new("north");
    private static readonly DateTimeOffset Seven = new(2026, 11, 28, 7, 0, 0, TimeSpan.FromHours(9));
    private static readonly BinAlignment Japan = new(TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo"));

    private static readonly CameraSetup Camera = Film.Camera(
        10,
        Film.Across(100, "in") with { Forward = new GateMeaning(GateRole.Enters, North) },
        Film.Across(200, "out") with { Forward = new GateMeaning(GateRole.Exits, new ApproachId("south")) });

    [Fact]
    public void Bins_are_aligned_to_the_wall_clock_and_tell_what_of_them_was_watched()
    {
        var span = new Interval(Seven.AddMinutes(-10), Seven.AddMinutes(20));
        var flow = Flow(span, IntervalSet.Of(span), IntervalSet.Empty, Enter(Seven.AddMinutes(1)), Enter(Seven.AddMinutes(14)), Enter(Seven.AddMinutes(16)));

        var bins = flow.Bins(North, BinDuration.QuarterHour, Japan).ToList();

        Assert.Equal([Seven.AddMinutes(-15), Seven, Seven.AddMinutes(15)], bins.Select(b => b.Key.Start));
        Assert.Equal([(0, 600, BinQuality.Partial), (2, 900, BinQuality.Complete), (1, 300, BinQuality.Partial)],
            bins.Select(b => (b.Count(Movement.Entering)!.Value, (int)b.ObservedSeconds, b.Quality)));
    }

    [Fact]
    public void Missing_time_is_never_zero()
    {
        var span = new Interval(Seven, Seven.AddMinutes(45));
        var watched = IntervalSet.Of(new Interval(Seven, Seven.AddMinutes(15)), new Interval(Seven.AddMinutes(30), Seven.AddMinutes(45)));
        var flow = Flow(span, watched, IntervalSet.Empty, Enter(Seven.AddMinutes(1)));

        var bins = flow.Bins(North, BinDuration.QuarterHour, Japan).ToList();

        Assert.Equal([1, null, 0], bins.Select(b => b.Count(Movement.Entering)));
        Assert.Equal([BinQuality.Complete, BinQuality.Blind, BinQuality.Complete], bins.Select(b => b.Quality));
    }

    [Fact]
    public void A_doubtful_second_degrades_its_bin_only()
    {
        var span = new Interval(Seven, Seven.AddMinutes(2));
        var flow = Flow(span, IntervalSet.Of(span), IntervalSet.Of(new Interval(Seven.AddSeconds(70), Seven.AddSeconds(71))));

        Assert.Equal([BinQuality.Complete, BinQuality.Degraded], flow.Bins(North, BinDuration.OneMinute, Japan).Select(b => b.Quality));
    }

    [Fact]
    public void Every_movement_that_the_gates_can_tell_has_a_figure_though_nobody_came()
    {
        var flow = Flow(new Interval(Seven, Seven.AddMinutes(1)), IntervalSet.Empty, IntervalSet.Empty);

        Assert.Equal(["north: entering", "north: to south", "south: exiting"], flow.Approaches.SelectMany(a => flow.Movements(a).Select(m => $"{a}: {m}")));
        Assert.Equal([VehicleClass.Unclassified], flow.Classes);
    }

    [Fact]
    public void A_movement_counts_in_the_bin_in_which_it_ended()
    {
        var span = new Interval(Seven, Seven.AddMinutes(2));
        var passage = new FlowPassage(
            Camera.Id, new GateId("in"), CrossingDirection.Forward, new GateId("out"), CrossingDirection.Forward, 1,
            Seven.AddSeconds(55), Seven.AddSeconds(65), VehicleClass.Bus, VehicleSize.Large, 1);

        var flow = new RecordedFlow(
            Camera, new SiteId("s"), new Provenance("h", "d", "1", "none"), span, IntervalSet.Of(span), IntervalSet.Empty, [Enter(Seven.AddSeconds(55))], [passage]);

        Assert.Equal([(1, 0), (0, 1)], flow.Bins(North, BinDuration.OneMinute, Japan)
            .Select(b => (b.Count(Movement.Entering)!.Value, b.Count(Movement.To(new ApproachId("south")), VehicleClass.Bus)!.Value)));
    }

    private static RecordedFlow Flow(Interval span, IntervalSet watched, IntervalSet degraded, params Crossing[] crossings) =>
        new(Camera, new SiteId("s"), new Provenance("h", "d", "1", "none"), span, watched, degraded, crossings, []);

    private static Crossing Enter(DateTimeOffset time) =>
        new(Camera.Id, new GateId("in"), CrossingDirection.Forward, time.Ticks, time, VehicleClass.PassengerCar, VehicleSize.Small, null, 1);
}
