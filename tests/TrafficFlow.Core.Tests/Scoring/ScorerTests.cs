using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Scoring;
using TrafficFlow.Core.Sites;
using Xunit;

namespace TrafficFlow.Core.Tests.Scoring;

public class ScorerTests
{
    [Fact]
    public void An_optional_vehicle_that_is_counted_is_neither_right_nor_wrong()
    {
        var score = Scorer.Score([True(1, optional: true), True(5)], [Counted(1.1), Counted(5)], 0.8);

        Assert.Equal(new Tally(True: 1, Matched: 1, Extra: 0, SetAside: 1), score.Total);
        Assert.Empty(score.Extra);
    }

    [Fact]
    public void An_optional_vehicle_that_is_not_counted_costs_nothing()
    {
        var score = Scorer.Score([True(1, optional: true)], [], 0.8);

        Assert.Equal(Tally.Empty, score.Total);
        Assert.Empty(score.Missed);
    }

    [Fact]
    public void Gates_and_directions_are_matched_apart()
    {
        var score = Scorer.Score(
            [True(1, "a"), True(1, "b", CrossingDirection.Backward)],
            [Counted(1, "b"), Counted(1, "a")],
            0.8);

        Assert.Equal(
            [("a", CrossingDirection.Forward, 1, 0, 0), ("b", CrossingDirection.Forward, 0, 0, 1), ("b", CrossingDirection.Backward, 0, 1, 0)],
            score.Gates.Select(g => (g.Gate.Value, g.Direction, g.Tally.Matched, g.Tally.Missed, g.Tally.Extra)));
    }

    [Fact]
    public void A_gate_that_the_count_never_names_is_missed()
    {
        var score = Scorer.Score([True(1, "a"), True(2, "silent")], [Counted(1, "a")], 0.8);

        Assert.Equal("silent", Assert.Single(score.Missed).Gate.Value);
        Assert.Equal(0.5, score.Total.Recall);
    }

    [Fact]
    public void Rows_need_not_come_in_order_of_time()
    {
        var score = Scorer.Score([True(9), True(1)], [Counted(1.2), Counted(9.4)], 0.8);

        Assert.Equal(2, score.Total.Matched);
        Assert.Equal(0.3, score.Total.MeanErrorSeconds!.Value, 6);
        Assert.Equal(0.4, score.Total.MaxErrorSeconds, 6);
    }

    [Fact]
    public void Time_shift_keeps_its_sign_and_time_error_does_not()
    {
        var total = Scorer.Score([True(1), True(5)], [Counted(0.7), Counted(5.3)], 0.8).Total;

        Assert.Equal(0, total.MeanShiftSeconds!.Value, 6);
        Assert.Equal(0.3, total.MeanErrorSeconds!.Value, 6);
    }

    [Theory]
    [InlineData(0, 0, 3600, 0.0)]
    [InlineData(100, 100, 60, 0.0)]
    [InlineData(100, 120, 3600, 1.9069)] // sqrt(2 * 400 / 220)
    [InlineData(100, 120, 900, 3.8139)]  // hourly volumes of 400 and 480
    [InlineData(10, 0, 3600, 4.4721)]
    [InlineData(0, 10, 3600, 4.4721)]
    public void Geh_is_formed_on_hourly_volumes(int truth, int counted, double seconds, double expected)
    {
        var matched = Math.Min(truth, counted);

        Assert.Equal(expected, new Tally(truth, matched, counted - matched).Geh(seconds)!.Value, 4);
    }

    [Fact]
    public void Figures_that_cannot_be_formed_are_null_and_not_zero()
    {
        Assert.Null(Tally.Empty.Precision);
        Assert.Null(Tally.Empty.Recall);
        Assert.Null(Tally.Empty.SignedErrorPercent);
        Assert.Null(Tally.Empty.MeanErrorSeconds);
        Assert.Null(new Tally(1, 0, 0).Geh(0));
    }

    [Fact]
    public void Signed_error_is_negative_where_too_few_were_counted() =>
        Assert.Equal(-25, new Tally(True: 8, Matched: 5, Extra: 1).SignedErrorPercent);

    [Fact]
    public void Duration_is_the_last_row_of_either_side_unless_it_is_given()
    {
        Assert.Equal(7, Scorer.Score([True(1)], [Counted(7)], 0.8).Seconds);
        Assert.Equal(60, Scorer.Score([True(1)], [Counted(7)], 0.8, 60).Seconds);
    }

    [Fact]
    public void Only_vehicles_whose_class_was_judged_enter_the_confusion()
    {
        var score = Scorer.Score(
            [
                True(1) with { Class = VehicleClass.Bus, Size = VehicleSize.Large },
                True(5) with { Class = VehicleClass.Bus },
                True(9) with { Class = VehicleClass.PassengerCar },
                True(13),
            ],
            [
                Counted(1) with { Class = VehicleClass.HeavyGoods, Size = VehicleSize.Large },
                Counted(9) with { Class = VehicleClass.PassengerCar },
                Counted(13) with { Class = VehicleClass.Bus },
            ],
            0.8);

        Assert.Equal(
            [new("bus", "heavy-goods", 1), new("bus", "missed", 1), new("passenger-car", "passenger-car", 1)],
            Confusion.OfClasses([score]));
        Assert.Equal([new("large", "large", 1)], Confusion.OfSizes([score]));
    }

    private static TruthCrossing True(
        double time, string gate = "in", CrossingDirection direction = CrossingDirection.Forward, bool optional = false) =>
        new(new GateId(gate), direction, time, IsOptional: optional);

    private static CountedCrossing Counted(double time, string gate = "in") => new(new GateId(gate), CrossingDirection.Forward, time);

    [Fact]
    public void A_truth_of_any_direction_is_met_by_a_crossing_of_either()
    {
        TruthCrossing[] truth = [new(new GateId("g"), CrossingDirection.Forward, 1) { IsAnyDirection = true }, new(new GateId("h"), CrossingDirection.Forward, 1)];
        CountedCrossing[] counted = [new(new GateId("g"), CrossingDirection.Backward, 1.2), new(new GateId("h"), CrossingDirection.Backward, 1.2)];

        var score = Scorer.Score(truth, counted, 0.5);

        Assert.Equal("g", Assert.Single(score.Matched).Truth.Gate.Value);
        Assert.Equal("h", Assert.Single(score.Missed).Gate.Value);
        Assert.Equal("h", Assert.Single(score.Extra).Gate.Value);
    }
}
