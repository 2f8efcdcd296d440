using System.Collections.Immutable;
using TrafficFlow.Analysis.Simulators;
using TrafficFlow.Core.Detection;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Simulators;

public sealed class PlanComparisonTests
{
    private static readonly TurnId s_through = new(TestJunction.North, TestJunction.South);
    private static readonly TurnId s_side = new(TestJunction.East, TestJunction.West);

    [Fact]
    public void What_changed_is_the_mean_of_the_differences_with_Students_interval()
    {
        // Differences -4, -6, -8: mean -6, deviation 2, t(2, 0.975) = 4.3027.
        var comparison = PlanComparison.Of([One(30), One(50), One(40)], [One(26), One(44), One(32)], 0);

        var delay = comparison.All.DelaySeconds;
        Assert.Equal((40, 34, -6), (delay.Before, delay.After, delay.Change));
        Assert.Equal(-6 - (4.302653 * 2 / Math.Sqrt(3)), delay.Low, 4);
        Assert.Equal(-6 + (4.302653 * 2 / Math.Sqrt(3)), delay.High, 4);
        Assert.True(delay.IsBeyondNoise);
        Assert.False(PlanComparison.Of([One(30), One(50)], [One(28), One(51)], 0).All.DelaySeconds.IsBeyondNoise);
    }

    [Fact]
    public void Side_streets_and_classes_stand_apart_and_the_warm_up_does_not_count()
    {
        ImmutableArray<SimulatedJourney> before = [Journey(s_through, 20, 700), Journey(s_side, 20, 800, VehicleClass.Bus), Journey(s_through, 900, 100)];
        ImmutableArray<SimulatedJourney> after = [Journey(s_through, 10, 700), Journey(s_side, 35, 800, VehicleClass.Bus), Journey(s_through, 0, 100)];

        var comparison = PlanComparison.Of([before, before], [after, after], 600);

        Assert.Equal(2.5, comparison.All.DelaySeconds.Change, 9);
        Assert.Equal([("east", 15.0), ("north", -10.0)], comparison.Approaches.Select(a => (a.Name, a.DelaySeconds.Change)));
        Assert.Equal([("east to west", 15.0), ("north to south", -10.0)], comparison.Turns.Select(a => (a.Name, a.DelaySeconds.Change)));
        Assert.Equal([("bus", 1.0), ("passenger-car", 1.0)], comparison.Classes.Select(a => (a.Name, a.DelaySeconds.Vehicles)));
    }

    [Fact]
    public void Of_many_figures_chance_alone_changes_none()
    {
        // 20 movements that differ by noise alone, 400 times: without a correction two of three comparisons would tell some change.
        var random = new Random(4711);
        var turns = Enumerable.Range(0, 20).Select(i => new TurnId(new Core.Sites.ApproachId($"a{i}"), TestJunction.South)).ToList();
        var told = 0;
        for (var k = 0; k < 400; k++)
        {
            ImmutableArray<SimulatedJourney> Run() => [.. turns.Select(t => Journey(t, 30 + random.NextDouble(), 700))];
            var before = Enumerable.Range(0, 20).Select(_ => Run()).ToList();
            var after = Enumerable.Range(0, 20).Select(_ => Run()).ToList();
            if (PlanComparison.Of(before, after, 0).Turns.Any(t => t.DelaySeconds.IsBeyondNoise)) told++;
        }

        // Meant are 20 of 400; four deviations.
        Assert.InRange(told, 0, 38);
    }

    [Fact]
    public void Fuel_is_that_of_vehicles_that_came_onto_their_arm_with_both_plans()
    {
        ImmutableArray<SimulatedJourney> before = [Journey(s_through, 20, 700), Journey(s_through, 900, 710) with { FuelGrams = null, Co2Grams = null, HasLeft = false }];
        ImmutableArray<SimulatedJourney> after = [Journey(s_through, 10, 700) with { FuelGrams = 40 }, Journey(s_through, 300, 710) with { FuelGrams = 500 }];

        var all = PlanComparison.Of([before, before], [after, after], 600).All;

        Assert.Equal((50, 40, 1.0), (all.FuelGrams.Before, all.FuelGrams.After, all.FuelGrams.Vehicles));
        Assert.Equal(2, all.DelaySeconds.Vehicles);
    }

    [Fact]
    public void Plans_that_were_not_tried_on_the_same_vehicles_are_not_compared()
    {
        Assert.Throws<SimulatorException>(() => PlanComparison.Of([One(1)], [One(1)], 0));
        Assert.Throws<SimulatorException>(() => PlanComparison.Of([One(1), One(1)], [One(1)], 0));
        Assert.Contains("same vehicles", Assert.Throws<SimulatorException>(() => PlanComparison.Of([One(1), One(1)], [One(1), [Journey(s_side, 1, 700)]], 0)).Message, StringComparison.Ordinal);
        Assert.Contains("no vehicle", Assert.Throws<SimulatorException>(() => PlanComparison.Of([One(1), One(1)], [One(1), One(1)], 5000)).Message, StringComparison.Ordinal);
    }

    private static ImmutableArray<SimulatedJourney> One(double delay) => [Journey(s_through, delay, 700)];

    private static SimulatedJourney Journey(TurnId turn, double delay, double at, VehicleClass vehicleClass = VehicleClass.PassengerCar) =>
        new(turn, vehicleClass, at, delay, delay, 1, delay / 2, 50, 150, true);
}
