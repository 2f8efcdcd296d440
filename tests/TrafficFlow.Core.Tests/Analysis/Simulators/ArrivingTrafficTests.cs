using TrafficFlow.Analysis.Simulators;
using TrafficFlow.Core.Detection;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Simulators;

public sealed class ArrivingTrafficTests
{
    private static readonly TurnId s_through = new(TestJunction.North, TestJunction.South);

    [Fact]
    public void As_many_arrive_as_are_wanted_within_what_chance_explains()
    {
        var demand = new DemandSlice(0, 3600, [new(s_through, VehicleClass.PassengerCar, 400), new(s_through, VehicleClass.Bus, 25)]);

        var seeds = Enumerable.Range(1, 200).Select(seed => ArrivingTraffic.Of([demand], seed)).ToList();

        // Of 200 hours: mean 400, and a variance like it, as Poisson's.
        var cars = seeds.Select(s => (double)s.Count(v => v.Class == VehicleClass.PassengerCar)).ToList();
        Assert.InRange(cars.Average(), 400 - (4 * 20 / Math.Sqrt(200)), 400 + (4 * 20 / Math.Sqrt(200)));
        Assert.InRange(cars.Sum(c => (c - 400) * (c - 400)) / 200, 240, 560);
        Assert.InRange(seeds.Average(s => s.Count(v => v.Class == VehicleClass.Bus)), 23.5, 26.5);
    }

    [Fact]
    public void They_arrive_in_order_within_their_slice_and_only_then()
    {
        var vehicles = ArrivingTraffic.Of([new(600, 900, [new(s_through, VehicleClass.PassengerCar, 1200)]), new(1800, 2100, [new(s_through, VehicleClass.PassengerCar, 600)])], 7);

        Assert.Equal(vehicles.Select(v => v.WantsToArriveAt).Order(), vehicles.Select(v => v.WantsToArriveAt));
        Assert.Equal(Enumerable.Range(0, vehicles.Length), vehicles.Select(v => v.Number));
        Assert.All(vehicles, v => Assert.True(v.WantsToArriveAt is (>= 600 and < 900) or (>= 1800 and < 2100)));
        Assert.InRange(vehicles.Count(v => v.WantsToArriveAt < 900), 70, 130);
    }

    [Fact]
    public void A_stream_is_the_same_whatever_others_there_are()
    {
        var one = new DemandFlow(s_through, VehicleClass.PassengerCar, 300);
        var other = new DemandFlow(new TurnId(TestJunction.East, TestJunction.West), VehicleClass.PassengerCar, 300);

        var alone = ArrivingTraffic.Of([new(0, 3600, [one])], 3).Select(v => v.WantsToArriveAt);
        var beside = ArrivingTraffic.Of([new(0, 3600, [other, one])], 3).Where(v => v.Turn == s_through).Select(v => v.WantsToArriveAt);

        Assert.Equal(alone, beside);
        Assert.NotEqual(alone, ArrivingTraffic.Of([new(0, 3600, [one])], 4).Select(v => v.WantsToArriveAt));
        Assert.NotEqual(alone, ArrivingTraffic.Of([new(0, 3600, [other])], 3).Select(v => v.WantsToArriveAt));
    }

    [Fact]
    public void A_demand_that_is_not_known_well_is_drawn_anew_for_each_seed_and_once_for_a_movement()
    {
        DemandFlow Flow(VehicleClass vehicleClass, double error) => new(s_through, vehicleClass, 1000, error);
        double[] Counts(double error) => [.. Enumerable.Range(1, 200).Select(seed => (double)ArrivingTraffic.Of([new(0, 3600, [Flow(VehicleClass.PassengerCar, error)])], seed).Length)];

        // A fifth of a thousand, and a thousand's own chance beside it.
        var counts = Counts(0.2);
        Assert.InRange(counts.Average(), 940, 1060);
        Assert.InRange(Math.Sqrt(counts.Sum(c => (c - 1000) * (c - 1000)) / 200), 160, 250);
        Assert.InRange(Math.Sqrt(Counts(0).Sum(c => (c - 1000) * (c - 1000)) / 200), 25, 40);
        var both = Enumerable.Range(1, 100).Select(seed => ArrivingTraffic.Of([new(0, 3600, [Flow(VehicleClass.PassengerCar, 0.5), Flow(VehicleClass.Bus, 0.5)])], seed)).ToList();
        Assert.All(both, v => Assert.InRange(v.Count(x => x.Class == VehicleClass.Bus) / (double)v.Count(x => x.Class == VehicleClass.PassengerCar), 0.75, 1.33));
        Assert.Throws<SimulatorException>(() => ArrivingTraffic.Of([new(0, 3600, [Flow(VehicleClass.Bus, 2)])], 1));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1)]
    [InlineData(1e9)]
    public void Demand_that_is_none_is_refused(double perHour)
    {
        var refusal = Assert.Throws<SimulatorException>(() => ArrivingTraffic.Of([new(0, 3600, [new(s_through, VehicleClass.PassengerCar, perHour)])], 1));

        Assert.Contains("north to south", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<SimulatorException>(() => ArrivingTraffic.Of([new(100, 100, [])], 1));
        Assert.Throws<SimulatorException>(() => ArrivingTraffic.Of([new(0, double.PositiveInfinity, [])], 1));
        Assert.Contains("fewer hours", Assert.Throws<SimulatorException>(() => ArrivingTraffic.Of([new(0, 90_000, [new(s_through, VehicleClass.PassengerCar, 20_000)])], 1)).Message, StringComparison.Ordinal);
    }
}
