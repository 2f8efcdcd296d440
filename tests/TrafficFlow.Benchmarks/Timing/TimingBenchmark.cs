using System.Collections.Immutable;
using System.Globalization;
using TrafficFlow.Analysis.Capacity;
using TrafficFlow.Analysis.Proposals;
using TrafficFlow.Analysis.Simulators;
using TrafficFlow.Analysis.Simulators.Sumo;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Tests.Analysis.Simulators;

namespace TrafficFlow.Benchmarks.Timing;

/// <summary>Do proposed timings help in a simulator that knows nothing of the formulas that they were found with?</summary>
internal sealed class TimingBenchmark : IBenchmark
{
    /// <summary>Nobody looked at these while the search was made.</summary>
    private const int FirstSeed = 21_000;

    private const double WarmUp = 600;
    private const double Hour = 3600;

    private static readonly SumoSimulator s_sumo = new();
    private static readonly JunctionModel s_junction = TestJunction.Model();

    public string Name => "timing";

    public string Description =>
        """
        Cycle and splits proposed for a junction of four arms, random demands (flow ratios of 0.4 to 0.9) and random plans of today, tried in SUMO: an hour with today's plan, with
        Webster's and with the proposed one, on the same vehicles, seed by seed. Saturation flows are what SUMO discharges.
          patterns, seeds              how many demands, and runs of each plan
          worse_than_webster           patterns whose mean delay is beyond noise (95 %) above that of Webster's plan: 0 is meant
          worse_than_today             the same against today's plan: 0 is meant
          better_than_webster          beyond noise below it
          gain_against_today_s         mean over the patterns, seconds for each vehicle; and against Webster
          model_error_s                mean of the absolute differences between HCM's delay and SUMO's, all plans
          sides_worse, sides_told      groups that wait at least 5 s longer than today beyond noise in SUMO, and how many of those the proposal named
        """;

    public IReadOnlyDictionary<string, string> Options => new Dictionary<string, string> { ["--first-seed"] = "seed of the first pattern", ["--patterns"] = "how many", ["--seeds"] = "runs of each plan" };

    public Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation) => RunAsync(isQuick, new Dictionary<string, string>(), cancellation);

    public async Task<Figures> RunAsync(bool isQuick, IReadOnlyDictionary<string, string> options, CancellationToken cancellation)
    {
        if (s_sumo.Missing is { } missing) throw new BenchmarkException(BenchmarkException.CannotRun, missing);
        var (first, patterns, seeds) = (options.WholeNumber("--first-seed") ?? FirstSeed, options.WholeNumber("--patterns") ?? (isQuick ? 2 : 10), options.WholeNumber("--seeds") ?? (isQuick ? 4 : PlanComparison.UsualSeeds));
        var batch = new SumoBatch(s_sumo);
        var saturation = await SaturationAsync(batch, cancellation);
        Console.Error.WriteLine($"saturation flows: {string.Join(", ", saturation.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Key} {s.Value:0}")))}");
        var (worseWebster, worseToday, betterWebster, sidesWorse, sidesTold) = (0L, 0L, 0L, 0L, 0L);
        var (gains, againstWebster, errors) = (new List<double>(), new List<double>(), new List<double>());
        for (var seed = first; seed < first + patterns; seed++)
        {
            var (today, demand, slice) = Draw(seed, saturation);
            // For as long as the demand stays in the simulator.
            var proposal = TimingProposal.Of(today, demand, TimingRules.Default with { PeriodHours = (WarmUp + Hour) / 3600 });
            var plans = new[] { proposal.Today, proposal.Webster, proposal.Proposed }.OfType<PlanEffect>().ToList();
            var runs = new List<ImmutableArray<ImmutableArray<SimulatedJourney>>>();
            foreach (var effect in plans)
            {
                var steps = PlanSteps.Of(effect.Plan, s_junction);
                runs.Add(await batch.RunAsync([.. Enumerable.Range(1, seeds).Select(i => new SimulatorRun(s_junction, steps, [slice], DriverModel.Default, (1000 * seed) + i))], null, cancellation));
                errors.Add(Math.Abs(effect.MeanDelaySeconds - runs[^1].SelectMany(r => r).Where(j => j.WantsToArriveAt >= WarmUp).Average(j => j.DelaySeconds)));
            }

            var toToday = PlanComparison.Of(runs[0], runs[^1], WarmUp);
            var toWebster = proposal.Webster is null ? null : PlanComparison.Of(runs[1], runs[^1], WarmUp);
            gains.Add(-toToday.All.DelaySeconds.Change);
            if (toToday.All.DelaySeconds.Low > 0) worseToday++;
            if (toWebster is not null)
            {
                againstWebster.Add(-toWebster.All.DelaySeconds.Change);
                if (toWebster.All.DelaySeconds.Low > 0) worseWebster++;
                if (toWebster.All.DelaySeconds.High < 0) betterWebster++;
            }

            foreach (var turn in toToday.Turns.Where(t => t.DelaySeconds is { IsBeyondNoise: true, Change: >= 5 }))
            {
                sidesWorse++;
                if (proposal.Worse.Any(w => today.Groups.First(g => g.Name == w.Group) is var g && turn.Name.StartsWith($"{g.Approach} ", StringComparison.Ordinal) && g.Movements.Any(m => turn.Name.EndsWith(m.Name, StringComparison.Ordinal)))) sidesTold++;
            }

            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"pattern {seed}: today {Told(proposal.Today, toToday.All.DelaySeconds.Before)}, Webster {(proposal.Webster is { } w2 ? Told(w2, toWebster!.All.DelaySeconds.Before) : "has no answer")}, proposed {Told(proposal.Proposed, toToday.All.DelaySeconds.After)}"));
        }

        return new Figures().Add("patterns", patterns).Add("seeds", seeds).Add("worse_than_webster", worseWebster).Add("worse_than_today", worseToday).Add("better_than_webster", betterWebster)
            .Add("gain_against_today_s", gains.Average(), 2).Add("gain_against_webster_s", againstWebster.DefaultIfEmpty(double.NaN).Average(), 2).Add("model_error_s", errors.Average(), 2)
            .Add("sides_worse", sidesWorse).Add("sides_told", sidesTold);
    }

    private static string Told(PlanEffect effect, double simulated) => string.Create(
        CultureInfo.InvariantCulture, $"{effect.Plan.CycleSeconds:0} s ({string.Join('+', effect.Plan.Stages.Select(s => s.GreenSeconds))}): {effect.MeanDelaySeconds:0.0} s by HCM, {simulated:0.0} s in SUMO");

    /// <summary>What each group's lane discharges for each hour of green while nobody is missing.</summary>
    private static async Task<Dictionary<string, double>> SaturationAsync(SumoBatch batch, CancellationToken cancellation)
    {
        var plan = Plan(40, 20, 40, 20);
        var flood = TestJunction.Demand(Hour, [3600, 3600, 3600, 3600], acrossShare: 0.5);
        var runs = await batch.RunAsync(
            [.. Enumerable.Range(1, 4).Select(seed => new SimulatorRun(s_junction, PlanSteps.Of(plan, s_junction), [flood], DriverModel.Default, seed) { DrainSeconds = 0 })], null, cancellation);
        return plan.Groups.ToDictionary(
            g => g.Name,
            g =>
            {
                var left = runs.Average(r => r.Count(j => j.HasLeft && j.Turn.Approach == g.Approach && g.Movements.Any(m => m == Movement.To(j.Turn.Exit))));
                return left * 3600 / Hour * plan.CycleSeconds / GroupGreens.Of(plan, g.Name, TimingRules.Default).Sum(x => x.Length);
            });
    }

    private static (TimingPlan Today, ImmutableArray<GroupDemand> Demand, DemandSlice Slice) Draw(int seed, Dictionary<string, double> saturation)
    {
        var random = new Random(seed);
        var (volumes, across) = (Enumerable.Range(0, 4).Select(_ => 150 + (random.NextDouble() * 650)).ToArray(), 0.05 + (random.NextDouble() * 0.2));
        var wanted = 0.4 + (random.NextDouble() * 0.5);
        var today = Plan(12 + random.Next(35), 8 + random.Next(8), 12 + random.Next(35), 8 + random.Next(8));
        // Scaled so that the flow ratios of the four stages sum up to what is wanted.
        var ratio = today.Stages.Sum(s => s.Groups.Max(g => Of(g, 1).FlowRatio));
        var slice = TestJunction.Demand(WarmUp + Hour, [.. volumes.Select(v => v * wanted / ratio)], across);
        return (today, [.. today.Groups.Select(g => Of(g.Name, wanted / ratio))], slice);

        GroupDemand Of(string group, double scale)
        {
            var arm = Array.FindIndex(TestJunction.Arms, a => a.Value == group.Split(' ')[0]);
            return new GroupDemand(group, [new LaneGroup(group, volumes[arm] * scale * (group.EndsWith("across", StringComparison.Ordinal) ? across : 1 - across), saturation[group])]);
        }
    }

    private static TimingPlan Plan(double ns, double nsAcross, double ew, double ewAcross)
    {
        var groups = TestJunction.Arms.SelectMany((arm, i) => new[]
        {
            new SignalGroup($"{arm} ahead", arm, [Movement.To(TestJunction.Arms[(i + 1) & 3]), Movement.To(TestJunction.Arms[(i + 2) & 3])]),
            new SignalGroup($"{arm} across", arm, [Movement.To(TestJunction.Arms[(i + 3) & 3])]),
        }).ToImmutableArray();
        return new TimingPlan(
            "today",
            groups,
            [
                new SignalStage("NS", ["north ahead", "south ahead"], ns, 3, 2), new SignalStage("NS across", ["north across", "south across"], nsAcross, 3, 2),
                new SignalStage("EW", ["east ahead", "west ahead"], ew, 3, 2), new SignalStage("EW across", ["east across", "west across"], ewAcross, 3, 2),
            ]);
    }
}
