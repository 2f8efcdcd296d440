using TrafficFlow.Analysis.Optimisation;
using TrafficFlow.Analysis.Optimisation.Exact;
using TrafficFlow.Analysis.Optimisation.Search;
using TrafficFlow.Analysis.Proposals.Corridors;
using TrafficFlow.Core.Tests.Analysis.Proposals.Corridors;

namespace TrafficFlow.Benchmarks.Corridors;

/// <summary>Offsets of random lines of junctions: exact, never worse, and what they gain.</summary>
internal sealed class CorridorBenchmark : IBenchmark
{
    private const int FirstSeed = 51010;
    private const int Count = 20;

    public string Name => "corridor";

    public string Description =>
        """
        Random lines of three to eight junctions, a third with junctions on half the cycle; offsets on a grid of 2 s (of 4 s with --quick), solved as a binary quadratic model.
          lines                              how many
          equal_exact                        of them, those whose annealed answer equals the proved optimum; should be all
          equal_enumeration                  lines of the first three junctions alone, of which elimination equals every choice of offsets looked at; should be all
          never_worse                        those whose proposal, judged on the whole line, is not worse than today's offsets; should be all
          side_worse                         side streets that a proposal makes wait longer by over 0.1 s; should be 0
          gain_percent_mean                  of the delay of all vehicles of the line, side streets as well, against offsets at random
          gain_zero_percent_mean             the same against all offsets 0
          near_best_percent_max              by how much a line of three junctions is worse than the best of every choice on the whole line; should be below 0.5
          seconds_max                        for one line
        """;

    public async Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation)
    {
        var rules = CorridorRules.Default with { StepSeconds = isQuick ? 4 : 2 };
        var (exact, enumerated, never, side) = (0, 0, 0, 0);
        var (gains, zeros, near, seconds) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i < Count; i++)
        {
            var seed = FirstSeed + i;
            var line = Lines.Random(seed, 3 + (i % 6), hasHalfCycles: i % 3 == 0);
            var began = TimeProvider.System.GetTimestamp();
            var annealing = new SolverSettings { Seed = (ulong)seed, Reads = 20, Sweeps = 500 };
            var proposal = await CorridorProposal.OfAsync(line, rules, new SimulatedAnnealing(), annealing, TimeSpan.FromSeconds(30), 1, cancellation);
            seconds.Add(TimeProvider.System.GetElapsedTime(began).TotalSeconds);
            var searched = proposal.Searched ?? throw new BenchmarkException(BenchmarkException.Failed, $"seed {seed}: no solver answered");
            if (searched is { Classical.IsOptimal: true, GapToClassical: <= 1e-9 }) exact++;
            else Console.Error.WriteLine($"seed {seed}: annealed {searched.Asked?.Energy}, exact {searched.Classical?.Energy}");
            if (proposal.Proposed.VehicleHoursPerHour <= proposal.Today.VehicleHoursPerHour) never++;
            side += proposal.Worse.Count(w => w.Link is null && w.AddedSeconds > 0.1);
            gains.Add(100 * (1 - (proposal.Proposed.VehicleHoursPerHour / proposal.Today.VehicleHoursPerHour)));
            var zero = new OffsetProblem(line, rules).Flows.Of([.. line.Junctions.Select(j => j.Plan with { OffsetSeconds = 0 })]);
            zeros.Add(100 * (1 - (proposal.Proposed.VehicleHoursPerHour / zero.VehicleHoursPerHour)));
            var (isEqual, above) = await AgainstAllAsync(line, rules, cancellation);
            if (isEqual) enumerated++;
            near.Add(above);
            Console.Error.WriteLine(
                $"seed {seed}: {line.Junctions.Length} junctions, {proposal.Today.VehicleHoursPerHour:F2} -> {proposal.Proposed.VehicleHoursPerHour:F2} veh-h/h, band {proposal.Today.Bandwidth.Efficiency:P0} -> {proposal.Proposed.Bandwidth.Efficiency:P0}, {proposal.Worse.Length} groups wait longer, {seconds[^1]:F1} s");
        }

        return new Figures()
            .Add("lines", Count).Add("equal_exact", exact).Add("equal_enumeration", enumerated).Add("never_worse", never).Add("side_worse", side).Add("gain_percent_mean", gains.Average(), 2)
            .Add("gain_zero_percent_mean", zeros.Average(), 2).Add("near_best_percent_max", near.Max(), 3).Add("seconds_max", seconds.Max(), 2);
    }

    private static async Task<(bool IsEqual, double AbovePercent)> AgainstAllAsync(Corridor line, CorridorRules rules, CancellationToken cancellation)
    {
        var three = line with { Junctions = line.Junctions[..3], Links = [.. line.Links.Where(l => Math.Max(l.From, l.To) < 3)] };
        var problem = new OffsetProblem(three, rules);
        var enumerated = await new Enumeration().SolveAsync(problem.Model, new SolverSettings(), null, cancellation);
        var eliminated = await new TreeElimination().SolveAsync(problem.Model, new SolverSettings(), null, cancellation);
        var best = (from b in problem.Choices[1] from c in problem.Choices[2] select problem.Flows.Of([problem.Choices[0][0], b, c]).VehicleHoursPerHour).Min();
        var proposal = await CorridorProposal.OfAsync(three, rules, 1, cancellation);
        return (Math.Abs(enumerated.Energy - eliminated.Energy) <= 1e-9 * enumerated.Energy, 100 * ((proposal.Proposed.VehicleHoursPerHour / best) - 1));
    }
}
