using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Scoring;
using TrafficFlow.Core.Sites;
using Xunit;

namespace TrafficFlow.Core.Tests.Scoring;

public sealed class BreakdownTests
{
    [Fact]
    public void Vehicles_are_told_by_their_true_class_and_ghosts_by_what_they_were_counted_as()
    {
        var score = Score(
            [True(1) with { Class = VehicleClass.Bus }, True(5) with { Class = VehicleClass.PassengerCar }, True(9)],
            [Counted(1) with { Class = VehicleClass.HeavyGoods }, Counted(20) with { Class = VehicleClass.Bus }]);

        Assert.Equal(
            ["bus 1 1 0 1", "passenger-car 1 0 1 0", "not known 1 0 1 0"], Breakdown.ByClass([score]).Select(Told));
    }

    [Fact]
    public void Movements_are_told_apart_and_confused()
    {
        var score = Score(
            [True(1) with { Movement = "a->b" }, True(5) with { Movement = "a->b" }, True(9) with { Movement = "a->c" }],
            [Counted(1) with { Movement = "a->b" }, Counted(5) with { Movement = "a->c" }, Counted(30) with { Movement = "a->c" }]);

        Assert.Equal(["a->b 2 2 0 0", "a->c 1 0 1 1"], Breakdown.ByMovement([score]).Select(Told));
        Assert.Equal(
            [new("a->b", "a->b", 1), new("a->b", "a->c", 1), new("a->c", Confusion.Missed, 1)], Confusion.OfMovements([score]));
    }

    [Fact]
    public void What_was_marked_as_degraded_is_judged_by_itself_and_by_its_reason()
    {
        var score = Score([True(1), True(20), True(100)], [Counted(1), Counted(25), Counted(100)]) with
        {
            Degraded = [new DegradedTime(10, 30, "glare"), new DegradedTime(50, 60, "dark")],
        };

        Assert.Equal(["dark 0 0 0 0", "glare 1 0 1 1", "seen well 2 2 0 0"], Breakdown.ByScene([score]).Select(Told));
        Assert.Equal([10, 20], Breakdown.ByScene([score]).Take(2).Select(b => b.Seconds));
        Assert.Empty(Breakdown.ByScene([score with { Degraded = [] }]));
    }

    [Fact]
    public void A_ghost_appears_in_the_light_of_its_time()
    {
        var score = Score([True(1) with { Lighting = "day" }, True(100) with { Lighting = "night" }], [Counted(1), Counted(70)]);

        Assert.Equal(["day 1 1 0 0", "night 1 0 1 1"], Breakdown.ByLighting([score]).Select(Told));
    }

    [Fact]
    public void The_time_of_a_recording_is_split_among_the_lightings_it_saw()
    {
        var mixed = Scorer.Score(
            [True(10) with { Lighting = "day" }, True(1000) with { Lighting = "day" }, True(1400) with { Lighting = "night" }, True(3000)], [], 0.8, seconds: 3600);
        var night = Scorer.Score([True(5) with { Lighting = "night" }], [], 0.8, seconds: 600);
        var empty = Scorer.Score([], [Counted(9)], 0.8, seconds: 60);

        var lightings = Breakdown.ByLighting([mixed, night, empty]);

        Assert.Equal([("day", 1200.0), ("night", 1000.0 + 600), ("not known", 1400.0 + 60)], lightings.Select(b => (b.Name, b.Seconds)));
    }

    [Fact]
    public void What_no_truth_names_is_not_told_apart()
    {
        var score = Score([True(1)], [Counted(1) with { Class = VehicleClass.Bus, Movement = "a->b" }]);

        Assert.Empty(Breakdown.ByClass([score]));
        Assert.Empty(Breakdown.ByMovement([score]));
        Assert.Empty(Breakdown.ByLighting([score]));
        Assert.Null(SpeedErrors.Of([score]));
    }

    [Fact]
    public void Speed_errors_are_formed_where_both_speeds_are_known()
    {
        var score = Score(
            [True(1) with { SpeedKmh = 50 }, True(5) with { SpeedKmh = 40 }, True(9)],
            [Counted(1) with { SpeedKmh = 52 }, Counted(5) with { SpeedKmh = 39 }, Counted(9) with { SpeedKmh = 10 }]);

        var speed = SpeedErrors.Of([score])!;

        Assert.Equal(2, speed.Pairs.Count);
        Assert.Equal((0.5, 1.5, 2.0), (speed.MeanKmh, speed.MeanAbsoluteKmh, speed.MaxKmh));
        Assert.Equal(Math.Sqrt(4.5), speed.SigmaKmh, 9);
    }

    [Fact]
    public void Errors_that_cancel_out_over_the_recording_show_in_its_segments()
    {
        var score = Scorer.Score([True(10), True(70)], [Counted(10), Counted(11)], 0.8, seconds: 120);

        Assert.Equal(0, score.Total.SignedErrorPercent);
        var segments = SegmentScore.Of(score, 60);
        Assert.Equal([(0.0, 1, 2), (60.0, 1, 0)], segments.Segments.Select(s => (s.StartSeconds, s.True, s.Counted)));
        Assert.Equal((0.0, 0.0, 1.0, 1.0, 100.0), (segments.ExactShare, segments.MeanError, segments.MeanAbsoluteError, segments.RootMeanSquareError, segments.MeanAbsolutePercentError));
    }

    [Fact]
    public void A_vehicle_counted_just_after_a_segments_end_belongs_where_it_truly_passed()
    {
        var segments = SegmentScore.Of(Scorer.Score([True(59.8)], [Counted(60.3)], 0.8, seconds: 90), 60);

        Assert.Equal(1, segments.ExactShare);
        Assert.Equal([60.0, 30.0], segments.Segments.Select(s => s.Seconds));
    }

    [Fact]
    public void An_optional_vehicle_is_in_no_segment()
    {
        var segments = SegmentScore.Of(Scorer.Score([True(10) with { IsOptional = true }], [Counted(10)], 0.8, seconds: 60), 60);

        Assert.Equal((0, 0), (segments.Segments.Single().True, segments.Segments.Single().Counted));
    }

    private static CountScore Score(TruthCrossing[] truth, CountedCrossing[] counted) => Scorer.Score(truth, counted, 0.8);

    private static string Told(Breakdown b) => $"{b.Name} {b.Tally.True} {b.Tally.Matched} {b.Tally.Missed} {b.Tally.Extra}";

    private static TruthCrossing True(double time) => new(new GateId("in"), CrossingDirection.Forward, time);

    private static CountedCrossing Counted(double time) => new(new GateId("in"), CrossingDirection.Forward, time);
}
