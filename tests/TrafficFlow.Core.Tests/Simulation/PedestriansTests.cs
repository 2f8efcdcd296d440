using TrafficFlow.Core.Geometry;
using TrafficFlow.Simulation;
using TrafficFlow.Simulation.People;
using TrafficFlow.Simulation.Vehicles;
using Xunit;

namespace TrafficFlow.Core.Tests.Simulation;

public class PedestriansTests
{
    private static readonly JunctionSettings s_lively = JunctionSettings.Default with { Street = new StreetSettings { PedestriansPerHour = 1200 } };

    [Fact]
    public void Nobody_walks_unless_asked_for()
    {
        var simulation = new JunctionSimulation(JunctionSettings.Default);
        simulation.AdvanceTo(TimeSpan.FromMinutes(5));
        Assert.Empty(simulation.People);
    }

    [Fact]
    public void The_same_seed_brings_the_same_people_and_another_seed_others()
    {
        var (one, same, other) = (People(7), People(7), People(8));
        Assert.Equal(one, same);
        Assert.NotEqual(one, other);

        static PersonView[] People(int seed)
        {
            var simulation = new JunctionSimulation(s_lively with { Seed = seed });
            simulation.AdvanceTo(TimeSpan.FromMinutes(3));
            return [.. simulation.People];
        }
    }

    [Fact]
    public void As_many_come_as_were_asked_for_alone_and_in_company()
    {
        var simulation = new JunctionSimulation(s_lively with { WarmUpSeconds = 0 });
        var seen = new HashSet<long>();
        while (simulation.Now < TimeSpan.FromMinutes(60))
        {
            simulation.AdvanceTo(simulation.Now + TimeSpan.FromSeconds(2));
            foreach (var person in simulation.People) seen.Add(person.Id);
        }

        Assert.InRange(seen.Count, 1200 * 0.85, 1200 * 1.15);
    }

    [Fact]
    public void Some_walk_some_stand_and_some_stand_in_groups()
    {
        var simulation = new JunctionSimulation(s_lively);
        var (walking, standing, together) = (0, 0, 0);
        for (var i = 0; i < 60; i++)
        {
            simulation.AdvanceTo(simulation.Now + TimeSpan.FromSeconds(5));
            var people = simulation.People.ToArray();
            walking += people.Count(p => p.Speed > 0.5);
            standing += people.Count(p => p.Speed == 0);
            together += people.Count(p => people.Count(q => q.Id != p.Id && Distance(p.Place, q.Place) < 1) >= 2);
        }

        Assert.True(walking > 60 * 10, $"{walking} walk");
        Assert.True(standing > 60 * 5, $"{standing} stand");
        Assert.True(together > 60 * 3, $"{together} have two others beside them");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Nobody_is_run_over_in_half_an_hour(int seed)
    {
        var simulation = new JunctionSimulation(s_lively with { Seed = seed });
        var crossed = new HashSet<long>();
        while (simulation.Now < TimeSpan.FromMinutes(30))
        {
            for (var i = 0; i < 2; i++) simulation.Advance();
            var vehicles = simulation.Vehicles;
            foreach (var person in simulation.People)
            {
                if (IsOnCarriageway(person.Place)) crossed.Add(person.Id);
                foreach (var vehicle in vehicles)
                {
                    if (vehicle.Speed > 0.3 && Stands(vehicle, person.Place)) Assert.Fail($"{vehicle} drives into {person} at {simulation.Now}");
                }
            }
        }

        Assert.True(crossed.Count > 150, $"only {crossed.Count} people crossed");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Vehicles_that_let_people_pass_still_touch_no_other_and_get_through(int seed)
    {
        var simulation = new JunctionSimulation(s_lively with { Seed = seed });
        while (simulation.Now < TimeSpan.FromMinutes(30))
        {
            for (var i = 0; i < 4; i++) simulation.Advance();
            var vehicles = simulation.Vehicles.ToArray();
            for (var i = 0; i < vehicles.Length; i++)
            {
                for (var j = i + 1; j < vehicles.Length; j++)
                {
                    if (Outlines.Touch(in vehicles[i], in vehicles[j])) Assert.Fail($"{vehicles[i]} touches {vehicles[j]} at {simulation.Now}");
                }
            }
        }

        // Some 140 arrive in five minutes; those who turn left lose part of their green to the people who cross beside them.
        var late = simulation.Truth.Journeys.Count(j => j.LeftAt > TimeSpan.FromMinutes(25));
        Assert.True(late > 90, $"only {late} got through in the last five minutes");
    }

    [Fact]
    public void Settings_that_make_no_sense_are_named()
    {
        var error = Assert.Throws<ArgumentException>(() =>
            new JunctionSimulation(JunctionSettings.Default with { Street = new StreetSettings { PedestriansPerHour = -1, InCompany = 2 } }));
        Assert.Contains("pedestrians per hour", error.Message);
        Assert.Contains("in company", error.Message);
    }

    private static double Distance(GroundPoint p, GroundPoint q) => Math.Sqrt(Math.Pow(p.X - q.X, 2) + Math.Pow(p.Y - q.Y, 2));

    private static bool IsOnCarriageway(GroundPoint p) =>
        Math.Min(Math.Abs(p.X), Math.Abs(p.Y)) < JunctionLayout.HalfWidth - 1;

    private static bool Stands(in VehicleView v, GroundPoint p)
    {
        var (cos, sin) = (Math.Cos(v.HeadingRadians), Math.Sin(v.HeadingRadians));
        var (dx, dy) = (p.X - v.Centre.X, p.Y - v.Centre.Y);
        return Math.Abs((cos * dx) + (sin * dy)) < v.Length / 2 && Math.Abs((cos * dy) - (sin * dx)) < v.Width / 2;
    }
}
