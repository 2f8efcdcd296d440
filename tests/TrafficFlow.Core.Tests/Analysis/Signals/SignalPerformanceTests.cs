using TrafficFlow.Analysis.Signals;
using TrafficFlow.Analysis.Signals.Performance;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Signals;

public sealed class SignalPerformanceTests
{
    private static readonly DateTimeOffset s_start = QueuedDischarge.Start;
    private static readonly IntervalSet s_all = IntervalSet.Of(new Interval(s_start, s_start.AddHours(2)));

    /// <summary>Red 50 s, green 36 s, amber 4 s, from 7 o'clock on.</summary>
    private static readonly IReadOnlyList<MovementCycle> s_cycles =
        [.. Enumerable.Range(0, 60).Select(n => At(n * 90)).Select(r => new MovementCycle(r, r.AddSeconds(50), r.AddSeconds(86), r.AddSeconds(90)))];

    // Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17, 1998, table I, method 3.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void The_interval_of_a_share_is_that_of_the_published_table(int part, int all, double low, double high)
    {
        Assert.Equal(low, new Share(part, all).Low, 0.0001);
        Assert.Equal(high, new Share(part, all).High, 0.0001);
    }

    [Fact]
    public void Cycles_run_from_red_to_red_and_only_whole_ones_count()
    {
        var settings = JunctionSettings.Default;
        var signals = new SimulatedSignals(settings, s_start);
        var cycles = MovementCycles.Of(signals, JunctionLayout.North, Movement.To(JunctionLayout.South), new Interval(s_start, s_start.AddSeconds(500)));
        // The default plan: 100 s, north ahead green for 30 s from 0 on, 3 s of amber.
        Assert.Equal([33, 133, 233, 333], cycles.Select(c => (c.Red - s_start).TotalSeconds));
        Assert.All(cycles, c => Assert.Equal((100.0, 30.0), (c.CycleSeconds, c.GreenSeconds)));
    }

    [Fact]
    public void Arrivals_are_told_by_the_colour_that_they_meet()
    {
        var diagram = CoordinationDiagram.Of(s_cycles, [At(10), At(55), At(85), At(87), At(90), At(139)], s_all);
        Assert.Equal([SignalColour.Red, SignalColour.Green, SignalColour.Green, SignalColour.Amber, SignalColour.Red, SignalColour.Red], diagram.Points.Select(p => p.Colour));
        Assert.Equal([10, 55, 85, 87, 0, 49], diagram.Points.Select(p => p.SecondsInCycle));
        Assert.Equal(2 / 6.0, diagram.OnGreen.Value!.Value, 1e-9);
        Assert.Equal(0.4, diagram.GreenRatio!.Value, 1e-9);
        Assert.Equal(2 / 6.0 / 0.4, diagram.PlatoonRatio!.Value.Value, 1e-9);
    }

    [Fact]
    public void Random_arrivals_have_a_platoon_ratio_of_one_and_a_platoon_in_green_a_higher_one()
    {
        var random = new Random(1);
        var even = CoordinationDiagram.Of(s_cycles, Enumerable.Range(0, 1500).Select(_ => At(5400 * random.NextDouble())), s_all);
        Assert.InRange(1.0, even.PlatoonRatio!.Value.Low, even.PlatoonRatio.Value.High);
        var platoon = CoordinationDiagram.Of(s_cycles, s_cycles.SelectMany(c => Enumerable.Range(0, 10).Select(i => c.Green.AddSeconds(3 * i))), s_all);
        Assert.Equal(2.5, platoon.PlatoonRatio!.Value.Value, 1e-6);
    }

    [Fact]
    public void A_cycle_that_was_not_watched_whole_has_no_arrivals()
    {
        var watched = IntervalSet.Of(new Interval(At(0), At(100)), new Interval(At(180), At(270)));
        var diagram = CoordinationDiagram.Of(s_cycles, [At(60), At(150), At(240)], watched);
        Assert.Equal([0, 2], diagram.Points.Select(p => p.Cycle));
        Assert.Equal(2, diagram.ByCycle().Count());
    }

    [Fact]
    public void A_vehicle_arrives_when_it_would_have_without_its_delay_but_not_before_it_was_seen()
    {
        var journey = new Journey(1, JunctionLayout.North, null, At(80), null, VehicleClass.PassengerCar, 1) { DelaySeconds = 30, FirstSeenAt = At(20) };
        Assert.Equal(At(50), CoordinationDiagram.Arrival(journey));
        Assert.Equal(At(60), CoordinationDiagram.Arrival(journey with { FirstSeenAt = At(60) }));
        Assert.Null(CoordinationDiagram.Arrival(journey with { EnteredAt = null }));
    }

    [Fact]
    public void A_split_fails_where_the_zone_is_occupied_through_green_and_into_red()
    {
        var occupied = IntervalSet.Of(
            new Interval(At(50), At(95)), // all of the first green, and 5 s of red: fails
            new Interval(At(140), At(172)), // 32 of 36 s of the second green, no red
            new Interval(At(230), At(240)), new Interval(At(270), At(275))); // a third of the green, all of the red
        var failures = SplitFailures.Of(s_cycles.Take(3), occupied, s_all);
        Assert.Equal([true, false, false], failures.Cycles.Select(c => c.IsFailure));
        Assert.Equal(32 / 36.0, failures.Cycles[1].GreenOccupancy, 1e-9);
        Assert.Equal(1 / 3.0, failures.Failed.Value!.Value, 1e-9);
    }

    [Fact]
    public void Cycles_that_nobody_watched_neither_fail_nor_succeed() =>
        Assert.Empty(SplitFailures.Of(s_cycles.Take(3), IntervalSet.Empty, IntervalSet.Of(new Interval(At(0), At(60)))).Cycles);

    [Fact]
    public void Saturation_headway_and_lost_time_are_those_of_the_queue()
    {
        // The first passes 2.8 s after green, the next three each 2.4 s later, the others every 1.9 s.
        var crossings = s_cycles.Take(20).SelectMany(c => Enumerable.Range(0, 12).Select(i => c.Green.AddSeconds(2.8 + (2.4 * Math.Min(i, 3)) + (1.9 * Math.Max(0, i - 3))))).ToList();
        var measured = SaturationHeadways.Of(s_cycles, crossings, s_all);
        Assert.Equal(20, measured.Queues.Length);
        Assert.Equal(1.9, measured.HeadwaySeconds!.Value.Value, 1e-6);
        Assert.Equal(3600 / 1.9, measured.PerHourOfGreen!.Value.Value, 1e-3);
        Assert.Equal(10 - (4 * 1.9), measured.StartUpLostSeconds!.Value.Value, 1e-6);
    }

    [Fact]
    public void The_interval_of_the_saturation_flow_holds_it_as_often_as_it_says()
    {
        var (random, holds) = (new Random(3), 0);
        for (var run = 0; run < 300; run++)
        {
            var crossings = new List<DateTimeOffset>();
            foreach (var cycle in s_cycles.Take(25))
            {
                var at = cycle.Green.AddSeconds(2.5);
                for (var i = 0; i < 9 + random.Next(5); i++, at = at.AddSeconds(1.2 + (1.4 * random.NextDouble()))) crossings.Add(at);
            }

            var measured = SaturationHeadways.Of(s_cycles, crossings, s_all).PerHourOfGreen!.Value;
            if (measured.Low <= 3600 / 1.9 && measured.High >= 3600 / 1.9) holds++;
        }

        Assert.InRange(holds / 300.0, 0.89, 0.99);
    }

    [Fact]
    public void Short_queues_tell_no_saturation_flow()
    {
        var crossings = s_cycles.SelectMany(c => Enumerable.Range(0, 5).Select(i => c.Green.AddSeconds(2 + (2 * i)))).ToList();
        Assert.Null(SaturationHeadways.Of(s_cycles, crossings, s_all).PerHourOfGreen);
    }

    [Fact]
    public void The_degree_of_saturation_is_flow_over_capacity_with_the_errors_of_both()
    {
        var crossings = s_cycles.SelectMany(c => Enumerable.Range(0, 12).Select(i => c.Green.AddSeconds(2 + (2 * i)))).ToList();
        var performance = MovementPerformance.Of(s_cycles, crossings, s_all, new Estimate(1800, 1750, 1850));
        // 12 vehicles in each cycle of 90 s: 480 an hour; 1800 of which 36 of 90 s: 720.
        Assert.Equal(480, performance.PerHour!.Value.Value, 1e-6);
        Assert.Equal(720, performance.CapacityPerHour!.Value.Value, 1e-6);
        Assert.Equal(480 / 720.0, performance.DegreeOfSaturation!.Value.Value, 1e-6);
        Assert.InRange(performance.DegreeOfSaturation.Value.Margin, 0.04, 0.08);
        Assert.Null(MovementPerformance.Of(s_cycles, crossings, s_all, null).DegreeOfSaturation);
        Assert.Null(MovementPerformance.Of(s_cycles, crossings, IntervalSet.Empty, null).PerHour);
    }

    [Fact]
    public void Inferred_plans_are_phases_by_the_clock()
    {
        var discharge = new QueuedDischarge(31)
            .Add("north", "south", 450, QueuedDischarge.Every(90, 10, 40, 0, 3600))
            .Add("east", "west", 400, QueuedDischarge.Every(90, 55, 40, 0, 3600))
            .Watched((0, 3600));
        var phases = new InferredPhases(SignalInference.Infer(discharge));
        var shown = phases.Overlapping(new ApproachId("north"), new Interval(At(1020), At(1380))).ToList();
        Assert.Equal(4, shown.Count(p => p.Colour == SignalColour.Green && p.Span.From >= At(1020)));
        Assert.All(shown.Where(p => p.Colour == SignalColour.Green), p => Assert.Equal(0, Math.IEEERemainder((p.Span.From - At(10)).TotalSeconds, 90), 0.8));
        Assert.All(shown.Zip(shown.Skip(1)), p => Assert.Equal(0, (p.Second.Span.From - p.First.Span.To).TotalSeconds, 1e-3));
        Assert.InRange(phases.Green(new ApproachId("north"), Movement.To(new ApproachId("south")), new Interval(At(900), At(1800)))!.Value.TotalSeconds, 385, 415);
        Assert.Empty(phases.Overlapping(new ApproachId("west"), new Interval(At(0), At(3600))));
    }

    private static DateTimeOffset At(double seconds) => s_start.AddSeconds(seconds);
}
