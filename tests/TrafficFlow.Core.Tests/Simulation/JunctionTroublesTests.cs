using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;
using TrafficFlow.Simulation.Troubles;
using Xunit;

namespace TrafficFlow.Core.Tests.Simulation;

/// <summary>What is injected does to the traffic what it is called after, and to nothing else.</summary>
public sealed class JunctionTroublesTests
{
    private static readonly TroubleSpan s_always = new(-1000, 10_000);

    private static readonly JunctionSettings s_usual = JunctionSettings.Default with { Programme = SignalProgramme.Of(JunctionPlans.Of(SignalTimes.Default)), StartUpSeconds = 1 };

    [Theory]
    [InlineData(2)]
    [InlineData(9)]
    public void A_signal_downstream_keeps_vehicles_from_leaving_by_its_exit(int seed)
    {
        var free = Run(s_usual with { Seed = seed });
        var full = Run(s_usual with { Seed = seed, Troubles = new() { Downstream = [new(JunctionLayout.South, s_always, 40, 100, 12)] } });
        Assert.True(Left(full, JunctionLayout.South) < 0.75 * Left(free, JunctionLayout.South), $"{Left(full, JunctionLayout.South)} of {Left(free, JunctionLayout.South)}");
        Assert.True(MeanSpeedAtExit(full, JunctionLayout.South) < 0.85 * MeanSpeedAtExit(free, JunctionLayout.South), $"{MeanSpeedAtExit(full, JunctionLayout.South)} of {MeanSpeedAtExit(free, JunctionLayout.South)} km/h");
        Assert.True(Left(full, JunctionLayout.West) > 0.4 * Left(free, JunctionLayout.West), $"{Left(full, JunctionLayout.West)} of {Left(free, JunctionLayout.West)}");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Others_pass_a_vehicle_that_stands_in_their_lane_and_it_drives_on_at_last(int seed)
    {
        var settings = s_usual with { Seed = seed, Troubles = new() { Standing = [new(JunctionLayout.North, false, 12, 300, 1200)] } };
        var simulation = new JunctionSimulation(settings);
        simulation.AdvanceTo(TimeSpan.FromSeconds(600));
        var before = Entered(simulation, JunctionLayout.North);
        simulation.AdvanceTo(TimeSpan.FromSeconds(1200));
        var passed = Entered(simulation, JunctionLayout.North) - before;
        Assert.InRange(passed, 15, 80);
        Assert.Single(simulation.Vehicles, v => v.Speed < 0.3 && Math.Abs(JunctionLayout.ToArm(0, v.Centre.X, v.Centre.Y).Y - JunctionLayout.StopLine - 12 - (v.Length / 2)) < 3
            && Math.Abs(JunctionLayout.ToArm(0, v.Centre.X, v.Centre.Y).X - JunctionLayout.KerbLane) < 1);
        simulation.AdvanceTo(TimeSpan.FromSeconds(3600));
        var later = Entered(simulation, JunctionLayout.North);
        simulation.AdvanceTo(TimeSpan.FromSeconds(4200));
        Assert.True(Entered(simulation, JunctionLayout.North) - later > passed, "the lane is free again");
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public void Nobody_passes_one_that_stands_across(int seed)
    {
        var simulation = new JunctionSimulation(s_usual with { Seed = seed, Troubles = new() { Standing = [new(JunctionLayout.North, false, 20, 300, 400) { IsAcross = true }] } });
        simulation.AdvanceTo(TimeSpan.FromSeconds(500));
        var before = Ahead(simulation);
        simulation.AdvanceTo(TimeSpan.FromSeconds(650));
        Assert.Equal(before, Ahead(simulation));
        simulation.AdvanceTo(TimeSpan.FromSeconds(1200));
        Assert.True(Ahead(simulation) > before + 20);

        static int Ahead(JunctionSimulation s) => s.Truth.Entries.Count(e => e.Approach == JunctionLayout.North && e.Exit != JunctionLayout.West);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    public void A_short_turn_lane_lets_those_who_wait_to_turn_hold_up_the_others(int seed)
    {
        var demand = new ApproachDemand(560, 0.1, 0.32);
        var longLane = Run(s_usual with { Seed = seed, North = demand });
        var shortLane = Run(s_usual with { Seed = seed, North = demand, Troubles = new() { TurnLanes = [new(JunctionLayout.North, 10)] } });
        Assert.True(Entered(shortLane, JunctionLayout.North) < 0.95 * Entered(longLane, JunctionLayout.North), $"{Entered(shortLane, JunctionLayout.North)} of {Entered(longLane, JunctionLayout.North)}");
    }

    [Fact]
    public void In_bad_weather_fewer_vehicles_pass_a_full_green()
    {
        var full = s_usual with { North = new(1500, 0.1, 0.1) };
        var dry = Run(full);
        var wet = Run(full with { Troubles = new() { Weather = [new(s_always, 0.65, 1.5, 0.65)] } });
        Assert.InRange((double)Entered(wet, JunctionLayout.North) / Entered(dry, JunctionLayout.North), 0.6, 0.88);
    }

    [Fact]
    public void Who_comes_through_a_signal_upstream_comes_in_its_green()
    {
        var settings = s_usual with { Troubles = new() { Upstream = [new(JunctionLayout.North, s_always, 100, 60, 30, 1)] } };
        var simulation = new JunctionSimulation(settings);
        var seen = new HashSet<long>();
        var within = new List<double>();
        while (simulation.Now < TimeSpan.FromMinutes(40))
        {
            simulation.Advance();
            foreach (var v in simulation.Vehicles)
            {
                if (JunctionLayout.ToArm(0, v.Centre.X, v.Centre.Y).X > 0 && JunctionLayout.ToArm(0, v.Centre.X, v.Centre.Y).Y > JunctionLayout.StopLine + 140 && seen.Add(v.Id) && simulation.Now > TimeSpan.FromSeconds(100))
                    within.Add((simulation.Now.TotalSeconds + 12.5) % 100);
            }
        }

        Assert.True(within.Count > 200);
        Assert.InRange(within.Count(w => w is >= 58 and < 95) / (double)within.Count, 0.95, 1);
    }

    [Fact]
    public void What_makes_no_sense_is_named()
    {
        var troubles = new JunctionTroubles
        {
            TurnLanes = [new(JunctionLayout.North, 2)],
            Standing = [new(new ApproachId("nowhere"), false, 20, 0, 60)],
            People = [new(0, 200)],
        };
        var error = Assert.Throws<ArgumentException>(() => (s_usual with { Troubles = troubles }).Validated());
        Assert.Contains("turn lane", error.Message, StringComparison.Ordinal);
        Assert.Contains("nowhere", error.Message, StringComparison.Ordinal);
        Assert.Contains("walk from the start", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Nobody_is_lost_when_everything_goes_wrong(int seed)
    {
        var simulation = Run(s_usual with
        {
            Seed = seed,
            Street = new StreetSettings { PedestriansPerHour = 200 },
            Troubles = new()
            {
                TurnLanes = [new(JunctionLayout.North, 40), new(JunctionLayout.East, 15)],
                Downstream = [new(JunctionLayout.West, new(600, 1800), 30, 100, 20)],
                Standing = [new(JunctionLayout.North, false, 10, 300, 900), new(JunctionLayout.South, true, 8, 300, 600)],
                Weather = [new(new(900, 2700), 0.7, 1.4, 0.7)],
                Upstream = [new(JunctionLayout.East, s_always, 100, 10, 40, 0.8)],
                Traffic = [new(JunctionLayout.North, new(1200, 2400)) { Mix = new(0.4, 0.1, 0.4, 0.1, 0), RightShare = 0.3 }],
                People = [new(1500, 1800), new(2400, 200)],
            },
        });
        Assert.Equal(simulation.Arrived, simulation.Gone + simulation.Waiting + simulation.Vehicles.Count);
        // In the last quarter of an hour, without any of it, every arm passes vehicles again.
        foreach (var approach in JunctionLayout.Approaches)
            Assert.True(simulation.Truth.Entries.Count(e => e.Approach == approach && e.Time > TimeSpan.FromMinutes(45)) > 30, $"{approach} stands");
    }

    private static JunctionSimulation Run(JunctionSettings settings)
    {
        var simulation = new JunctionSimulation(settings);
        simulation.AdvanceTo(TimeSpan.FromHours(1));
        return simulation;
    }

    private static int Entered(JunctionSimulation simulation, ApproachId approach) => simulation.Truth.Entries.Count(e => e.Approach == approach);

    private static int Left(JunctionSimulation simulation, ApproachId exit) => simulation.Truth.Journeys.Count(j => j.Exit == exit);

    private static double MeanSpeedAtExit(JunctionSimulation simulation, ApproachId exit) => simulation.Truth.Journeys.Where(j => j.Exit == exit).Average(j => j.LeaveSpeedKmh);
}
