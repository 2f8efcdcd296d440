using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;
using Xunit;

namespace TrafficFlow.Core.Tests.Simulation;

public sealed class SignalProgrammeTests
{
    private static readonly DateTimeOffset s_start = new(2026, 6, 1, 8, 0, 0, TimeSpan.FromHours(9));

    /// <summary>Each approach alone, then people on foot: what the four symmetric stages cannot do.</summary>
    private static readonly TimingPlan s_split = JunctionPlans.Of(
        "split", 0,
        [
            .. JunctionLayout.Approaches.Select(a => new SignalStage(a.Value, [JunctionPlans.Ahead(a), JunctionPlans.Right(a)], 16, 3, 2)),
            new("walk", [.. JunctionLayout.Approaches.Select(JunctionPlans.Walk)], 20, 0, 2) { PedestrianClearanceSeconds = 6 },
        ]);

    private static readonly TimingPlan s_twoStages = JunctionPlans.Of(
        "two", 7,
        new("ns", ["north", "south", "north-right", "south-right", "east-walk", "west-walk"], 35, 3, 2),
        new("ew", ["east", "west", "east-right", "west-right", "north-walk", "south-walk"], 25, 3, 2));

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void The_symmetric_times_as_a_plan_give_the_same_traffic(int seed)
    {
        var bySeconds = new JunctionSimulation(JunctionSettings.Default with { Seed = seed });
        var byPlan = new JunctionSimulation(JunctionSettings.Default with { Seed = seed, Programme = SignalProgramme.Of(JunctionPlans.Of(SignalTimes.Default)) });
        bySeconds.AdvanceTo(TimeSpan.FromMinutes(30));
        byPlan.AdvanceTo(TimeSpan.FromMinutes(30));
        Assert.Equal(bySeconds.Truth.Entries, byPlan.Truth.Entries);
    }

    [Theory]
    [InlineData(1, "split")]
    [InlineData(2, "two")]
    [InlineData(3, "two")]
    public void Nobody_enters_on_red_or_touches_anybody_under_other_plans(int seed, string name)
    {
        var plan = name == "split" ? s_split : s_twoStages;
        var simulation = new JunctionSimulation(JunctionSettings.Default with
        {
            Seed = seed,
            Programme = SignalProgramme.Of(plan),
            StartUpSeconds = 1,
            Street = new StreetSettings { PedestriansPerHour = 300, CrossOnRed = 0 },
        });
        var seen = 0;
        while (simulation.Now < TimeSpan.FromMinutes(30))
        {
            var shown = JunctionLayout.Approaches.ToDictionary(a => a, simulation.SignalOf);
            simulation.Advance();
            for (; seen < simulation.Truth.Entries.Count; seen++)
            {
                var entry = simulation.Truth.Entries[seen];
                Assert.NotEqual(SignalColour.Red, shown[entry.Approach].For(TurnOf(entry)));
            }

            if (simulation.Now.Ticks % TimeSpan.FromMilliseconds(200).Ticks != 0) continue;
            var vehicles = simulation.Vehicles.ToArray();
            for (var i = 0; i < vehicles.Length; i++)
            {
                for (var j = i + 1; j < vehicles.Length; j++)
                {
                    if (Outlines.Touch(in vehicles[i], in vehicles[j])) Assert.Fail($"{vehicles[i]} touches {vehicles[j]} at {simulation.Now}");
                }
            }
        }

        Assert.True(seen > 300);
        Assert.Contains(simulation.Truth.Entries, e => TurnOf(e) == Turn.Right);
    }

    [Fact]
    public void A_plan_changes_at_the_end_of_the_cycle_in_which_its_time_comes()
    {
        var settings = JunctionSettings.Default with { Programme = new SignalProgramme([new(0, s_twoStages), new(600, s_split)]) };
        var signals = new SimulatedSignals(settings, s_start);
        var greens = Greens(signals, JunctionLayout.North, Movement.To(JunctionLayout.South), 0, 1200);
        // Begins at 7 s and every 70 s; the cycle from 567 s on is the last.
        Assert.Equal([7, 77, 147, 217, 287, 357, 427, 497, 567, 637, 743, 849, 955, 1061, 1167], greens.Select(g => g.From).Where(f => f >= 0));
        Assert.All(greens.Where(g => g.From is > 0 and < 637), g => Assert.Equal(35, g.To - g.From, 1e-6));
        Assert.All(greens.Where(g => g.From > 600 && g.To < 1200), g => Assert.Equal(16, g.To - g.From, 1e-6));
    }

    [Fact]
    public void A_plan_with_an_offset_is_reached_by_longer_cycles()
    {
        var second = s_twoStages with { Name = "second", OffsetSeconds = 40 };
        var settings = JunctionSettings.Default with { Programme = new SignalProgramme([new(0, s_twoStages), new(300, second)]) { Transition = PlanTransition.Lengthen } };
        var begins = Greens(new SimulatedSignals(settings, s_start), JunctionLayout.North, Movement.To(JunctionLayout.South), 0, 1500).Select(g => g.From).ToList();
        var cycles = begins.Zip(begins.Skip(1)).Select(p => p.Second - p.First).ToList();
        Assert.All(cycles, c => Assert.InRange(c, 69.99, 84.01));
        Assert.Equal(33, cycles.Sum(c => c - 70), 1e-6);
        Assert.Equal(40, begins[^1] % 70, 1e-6);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Jitter_moves_greens_and_in_coordination_leaves_the_cycle(bool keepsCycle)
    {
        var programme = SignalProgramme.Of(s_twoStages) with { GreenJitterSeconds = 4, KeepsCycle = keepsCycle };
        var signals = new SimulatedSignals(JunctionSettings.Default with { Programme = programme }, s_start);
        var greens = Greens(signals, JunctionLayout.North, Movement.To(JunctionLayout.South), 0, 7200);
        var lengths = greens.Select(g => g.To - g.From).ToList();
        Assert.All(lengths, l => Assert.InRange(l, 31, 39));
        Assert.True(lengths.Max() - lengths.Min() > 5);
        var cycles = greens.Zip(greens.Skip(1)).Select(p => p.Second.From - p.First.From).ToList();
        if (keepsCycle) Assert.All(cycles, c => Assert.Equal(70, c, 1e-6));
        else Assert.True(cycles.Max() - cycles.Min() > 5);
    }

    [Fact]
    public void A_driver_who_reacts_late_starts_late()
    {
        Assert.InRange(FirstAfterGreen(1.2) - FirstAfterGreen(0), 0.7, 1.7);

        static double FirstAfterGreen(double startUp)
        {
            var settings = JunctionSettings.Default with { Programme = SignalProgramme.Of(s_twoStages), StartUpSeconds = startUp, North = new(900, 0.1, 0.1) };
            var simulation = new JunctionSimulation(settings);
            simulation.AdvanceTo(TimeSpan.FromMinutes(40));
            var entries = simulation.Truth.Entries.Where(e => e.Approach == JunctionLayout.North && TurnOf(e) != Turn.Right).Select(e => e.Time.TotalSeconds).ToList();
            var greens = Greens(new SimulatedSignals(settings, s_start), JunctionLayout.North, Movement.To(JunctionLayout.South), 60, 2300);
            return greens.Average(g => entries.Where(e => e >= g.From).Min() - g.From);
        }
    }

    [Fact]
    public void Demand_changes_when_it_is_asked_to()
    {
        var settings = JunctionSettings.Default with
        {
            Programme = SignalProgramme.Of(s_twoStages),
            North = new ApproachDemand(200, 0.1, 0.1) { Steps = [new(3600, 600), new(7200, 0)] },
        };
        var simulation = new JunctionSimulation(settings);
        simulation.AdvanceTo(TimeSpan.FromHours(3));
        var hours = simulation.Truth.Entries.Where(e => e.Approach == JunctionLayout.North).GroupBy(e => (int)e.Time.TotalHours).ToDictionary(g => g.Key, g => g.Count());
        Assert.InRange(hours[0], 150, 250);
        Assert.InRange(hours[1], 520, 680);
        Assert.InRange(hours.GetValueOrDefault(2), 0, 40);
    }

    [Fact]
    public void A_programme_that_makes_no_sense_is_refused_with_all_its_errors()
    {
        var conflicting = s_twoStages with { Stages = [new("all", ["north", "east", "east-right", "west", "south", "north-right", "south-right", "west-right", "east-walk", "west-walk", "north-walk", "south-walk"], 30, 3, 2)] };
        var settings = JunctionSettings.Default with { Programme = new SignalProgramme([new(0, conflicting), new(0, s_split)]) { GreenJitterSeconds = 50 } };
        var error = Assert.Throws<ArgumentException>(() => new JunctionSimulation(settings)).Message;
        foreach (var part in new[] { "north and east must not have green together", "begins no later", "a jitter of 50 s" }) Assert.Contains(part, error);
    }

    private static List<(double From, double To)> Greens(SimulatedSignals signals, ApproachId approach, Movement movement, double from, double to) =>
    [
        .. signals.Overlapping(approach, new Interval(s_start.AddSeconds(from), s_start.AddSeconds(to)))
            .Where(p => p.Colour == SignalColour.Green && p.Movements.Contains(movement))
            .Select(p => (Math.Round((p.Span.From - s_start).TotalSeconds, 6), Math.Round((p.Span.To - s_start).TotalSeconds, 6))),
    ];

    private static Turn TurnOf(StopLinePassage entry) =>
        Enum.GetValues<Turn>().Single(t => JunctionLayout.ExitOf(JunctionLayout.IndexOf(entry.Approach), t) == JunctionLayout.IndexOf(entry.Exit));
}
