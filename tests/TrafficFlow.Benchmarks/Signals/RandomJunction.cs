using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;

namespace TrafficFlow.Benchmarks.Signals;

/// <summary>A junction with signals and demands that nobody chose: by its seed alone.</summary>
internal sealed record RandomJunction(JunctionSettings Settings, double Seconds)
{
    /// <summary>Vehicles that one lane passes in a second of green.</summary>
    private const double PerGreenSecond = 0.48;

    public SignalProgramme Programme => Settings.Programme!;

    public static RandomJunction Draw(int seed, double hours)
    {
        var random = new Random(seed);
        var seconds = hours * 3600;
        var kind = random.Next(5);
        var plans = new List<PlanPeriod> { new(0, Plan(random, kind, random.Next(60, 151), "plan 1")) };
        var changes = random.Next(4) switch { 0 => 0, 3 => 2, _ => 1 };
        for (var i = 1; i <= changes; i++)
        {
            var from = seconds * (i + (0.3 * (random.NextDouble() - 0.5))) / (changes + 1);
            plans.Add(new PlanPeriod(from, Other(random, kind, plans[^1].Plan, $"plan {i + 1}")));
        }

        var settings = JunctionSettings.Default with
        {
            Seed = seed,
            Programme = new SignalProgramme(plans),
            StartUpSeconds = 0.6 + random.NextDouble(),
            DesiredSpeedKmh = 36 + (16 * random.NextDouble()),
            North = Demand(random, plans, 0, seconds),
            East = Demand(random, plans, 1, seconds),
            South = Demand(random, plans, 2, seconds),
            West = Demand(random, plans, 3, seconds),
        };
        return new RandomJunction(settings, seconds);
    }

    /// <summary>When each plan of the programme really began: at the end of the cycle in which its time came.</summary>
    public IReadOnlyList<double> Begins()
    {
        var begins = new List<double> { Programme.Periods[0].Plan.OffsetSeconds };
        for (var i = 1; i < Programme.Periods.Count; i++)
        {
            var cycle = Programme.Periods[i - 1].Plan.CycleSeconds;
            begins.Add(begins[^1] + (Math.Ceiling((Programme.Periods[i].FromSeconds - begins[^1]) / cycle) * cycle));
        }

        return begins;
    }

    /// <summary>Another cycle by 8 s at least, or the same with greens moved by 6 s at least.</summary>
    private static TimingPlan Other(Random random, int kind, TimingPlan plan, string name)
    {
        while (true)
        {
            var isSameCycle = random.Next(3) == 0;
            var cycle = isSameCycle ? (int)Math.Round(plan.CycleSeconds) : random.Next(60, 151);
            var other = Plan(random, kind, cycle, name);
            var moved = plan.Stages.Zip(other.Stages).Max(p => Math.Abs(p.Item1.SplitSeconds - p.Item2.SplitSeconds));
            if (isSameCycle ? moved >= 6 : Math.Abs(cycle - plan.CycleSeconds) >= 8) return other;
        }
    }

    private static TimingPlan Plan(Random random, int kind, int cycle, string name)
    {
        var (north, east, south, west) = (JunctionLayout.North, JunctionLayout.East, JunctionLayout.South, JunctionLayout.West);
        var (amber, red) = (3.0, 1.0 + random.Next(3));
        (string Name, string[] Groups, double Weight)[] stages = kind switch
        {
            // Both streets with arrows; two stages in which right turns give way; each approach alone; one street with arrows; arrows and a walk for all.
            0 => [("ns", Ahead(north, south), 1), ("ns right", Right(north, south), 0.3), ("ew", Ahead(east, west), 0.8), ("ew right", Right(east, west), 0.3)],
            1 => [("ns", [.. Ahead(north, south), .. Right(north, south)], 1), ("ew", [.. Ahead(east, west), .. Right(east, west)], 0.8)],
            2 => [("n", Both(north), 1), ("e", Both(east), 0.8), ("s", Both(south), 1), ("w", Both(west), 0.8)],
            3 => [("ns", Ahead(north, south), 1), ("ns right", Right(north, south), 0.35), ("ew", [.. Ahead(east, west), .. Right(east, west)], 0.7)],
            _ => [("ns", Ahead(north, south), 1), ("ns right", Right(north, south), 0.3), ("ew", Ahead(east, west), 0.8), ("ew right", Right(east, west), 0.3), ("walk", [.. JunctionLayout.Approaches.Select(JunctionPlans.Walk)], 0.5)],
        };
        var green = Math.Max(cycle, stages.Length * (8 + amber + red)) - (stages.Length * (amber + red));
        var weights = stages.Select(s => s.Weight * (0.6 + (0.8 * random.NextDouble()))).ToArray();
        var free = green - (7 * stages.Length);
        var greens = weights.Select(w => 7 + Math.Floor(free * w / weights.Sum())).ToArray();
        greens[0] += green - greens.Sum();
        var all = stages.Select((s, i) => new SignalStage(s.Name, [.. s.Groups], greens[i], s.Name == "walk" ? 0 : amber, s.Name == "walk" ? amber + red : red));
        var plan = JunctionPlans.Of(name, 0, all);
        return plan with { OffsetSeconds = random.Next((int)plan.CycleSeconds) };

        static string[] Ahead(params ApproachId[] approaches) => [.. approaches.Select(JunctionPlans.Ahead)];
        static string[] Right(params ApproachId[] approaches) => [.. approaches.Select(JunctionPlans.Right)];
        static string[] Both(ApproachId approach) => [JunctionPlans.Ahead(approach), JunctionPlans.Right(approach)];
    }

    /// <summary>From a quarter to nearly all of what its greens can pass, and in half of the cases another from some time on.</summary>
    private static ApproachDemand Demand(Random random, List<PlanPeriod> plans, int arm, double seconds)
    {
        var approach = JunctionLayout.Approaches[arm];
        var ahead = 3600 * PerGreenSecond * plans.Min(p => Share(p.Plan, JunctionPlans.Ahead(approach))) * (0.25 + (0.65 * random.NextDouble()));
        var isYielding = plans[0].Plan.Stages.Any(s => s.Groups.Contains(JunctionPlans.Right(approach)) && s.Groups.Contains(JunctionPlans.Ahead(JunctionLayout.Approaches[(arm + 2) & 3])));
        var right = isYielding ? 40 + (40 * random.NextDouble()) : 3600 * PerGreenSecond * plans.Min(p => Share(p.Plan, JunctionPlans.Right(approach))) * (0.25 + (0.65 * random.NextDouble()));
        right = Math.Min(right, ahead * 0.8);
        var all = ahead + right;
        var demand = new ApproachDemand(all, ahead / all * (0.1 + (0.3 * random.NextDouble())), right / all);
        return random.Next(2) == 0 ? demand : demand with { Steps = [new DemandStep(seconds * random.NextDouble(), all * (0.4 + (0.55 * random.NextDouble())))] };
    }

    private static double Share(TimingPlan plan, string group) => plan.Stages.Where(s => s.Groups.Contains(group)).Sum(s => s.GreenSeconds + 1) / plan.CycleSeconds;
}
