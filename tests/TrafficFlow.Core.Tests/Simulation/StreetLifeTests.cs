using TrafficFlow.Core.Detection;
using TrafficFlow.Simulation;
using TrafficFlow.Simulation.People;
using TrafficFlow.Simulation.Vehicles;
using Xunit;

namespace TrafficFlow.Core.Tests.Simulation;

public class StreetLifeTests
{
    private static readonly JunctionSettings s_all = JunctionSettings.Default with
    {
        Street = new StreetSettings { PedestriansPerHour = 600, CyclistsPerHour = 240, Parked = 16, DeliveriesPerHour = 10 },
    };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Nobody_that_drives_touches_another_vehicle_driving_or_parked(int seed)
    {
        var simulation = new JunctionSimulation(s_all with { Seed = seed });
        Assert.Equal(16, simulation.Parked.Count);
        while (simulation.Now < TimeSpan.FromMinutes(20))
        {
            for (var i = 0; i < 4; i++) simulation.Advance();
            VehicleView[] all = [.. simulation.Vehicles, .. simulation.Parked];
            for (var i = 0; i < all.Length; i++)
            {
                for (var j = i + 1; j < all.Length; j++)
                {
                    if (Outlines.Touch(in all[i], in all[j])) Assert.Fail($"{all[i]} touches {all[j]} at {simulation.Now}");
                }
            }
        }

        var late = simulation.Truth.Journeys.Count(j => j.LeftAt > TimeSpan.FromMinutes(15));
        Assert.True(late > 70, $"only {late} got through in the last five minutes");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Cyclists_get_through_and_no_vehicle_that_drives_touches_one(int seed)
    {
        var simulation = new JunctionSimulation(s_all with { Seed = seed });
        var arms = new Dictionary<long, HashSet<int>>();
        while (simulation.Now < TimeSpan.FromMinutes(20))
        {
            for (var i = 0; i < 2; i++) simulation.Advance();
            VehicleView[] all = [.. simulation.Vehicles, .. simulation.Parked];
            foreach (var cyclist in simulation.Cyclists)
            {
                var outline = new VehicleView(
                    0, VehicleClass.Unclassified, BodyShape.Scooter, cyclist.Place, cyclist.HeadingRadians, CyclistView.Length, CyclistView.Width, 1.7, 0, default, false, Indicator.Off);
                for (var i = 0; i < all.Length; i++)
                {
                    if (Outlines.Touch(in all[i], in outline)) Assert.Fail($"{all[i]} touches {cyclist} at {simulation.Now}");
                }

                if (!arms.TryGetValue(cyclist.Id, out var on)) arms[cyclist.Id] = on = [];
                if (Math.Max(Math.Abs(cyclist.Place.X), Math.Abs(cyclist.Place.Y)) > 20)
                    on.Add((Math.Abs(cyclist.Place.X) > Math.Abs(cyclist.Place.Y) ? 2 : 0) + (cyclist.Place.X + cyclist.Place.Y > 0 ? 1 : 0));
            }
        }

        Assert.InRange(arms.Count, 50, 130);
        // The others are still on their way: behind a parked vehicle one may wait long for a gap in the lane.
        var through = arms.Values.Count(on => on.Count == 2);
        Assert.True(through > 0.5 * arms.Count, $"{through} of {arms.Count} rode in by one arm and out by another");
    }

    [Fact]
    public void A_delivering_vehicle_stands_for_20_to_60_seconds_away_from_the_junction_and_goes_on()
    {
        var simulation = new JunctionSimulation(JunctionSettings.Default with { Street = new StreetSettings { DeliveriesPerHour = 30 } });
        var (stood, last) = (new Dictionary<long, double>(), new Dictionary<long, double>());
        while (simulation.Now < TimeSpan.FromMinutes(30))
        {
            simulation.Advance();
            foreach (var v in simulation.Vehicles.Where(v => v.Indicator == Indicator.Hazard))
            {
                stood[v.Id] = stood.GetValueOrDefault(v.Id) + 0.05;
                last[v.Id] = Math.Max(Math.Abs(v.Centre.X), Math.Abs(v.Centre.Y));
            }
        }

        var done = stood.Where(s => simulation.Vehicles.All(v => v.Id != s.Key)).ToList();
        Assert.InRange(done.Count, 6, 25);
        Assert.All(done, s => Assert.InRange(s.Value, 19.9, 60.1));
        Assert.All(last.Values, metres => Assert.InRange(metres, 22, 100));
    }

    [Fact]
    public void The_same_seed_parks_the_same_vehicles_of_several_classes_at_the_kerb_and_on_pavements()
    {
        var street = new StreetSettings { Parked = 30, ParkedOnPavement = 0.4 };
        var (one, same) = (Parked(3), Parked(3));
        Assert.Equal(one, same);
        Assert.NotEqual(one, Parked(4));
        Assert.True(one.Select(v => v.Class).Distinct().Count() >= 3);
        var onPavement = one.Count(v => Math.Min(Math.Abs(v.Centre.X), Math.Abs(v.Centre.Y)) - (v.Width / 2) > JunctionLayout.HalfWidth);
        Assert.InRange(onPavement, 5, 20);

        VehicleView[] Parked(int seed) => [.. new JunctionSimulation(JunctionSettings.Default with { Seed = seed, Street = street }).Parked];
    }
}
