using TrafficFlow.Analysis.Optimisation;
using TrafficFlow.Analysis.Optimisation.Exact;
using TrafficFlow.Analysis.Optimisation.GreenSplits;
using TrafficFlow.Analysis.Optimisation.Search;
using TrafficFlow.Core.Tests.Analysis.Optimisation;

namespace TrafficFlow.Benchmarks.Solver;

/// <summary>How often the solvers find the proven optima, how fast, and how fast against an annealer of others.</summary>
internal sealed class SolverBenchmark : IBenchmark
{
    private const int Seeds = 20;

    /// <summary>dwave-samplers' default.</summary>
    private const int Sweeps = 1000;

    private static readonly (int Size, TimeSpan Limit)[] Sizes =
        [(50, TimeSpan.FromSeconds(1)), (100, TimeSpan.FromSeconds(1)), (250, TimeSpan.FromSeconds(5))];

    private static readonly (string Key, ISolver Solver)[] Solvers = [("sa", new SimulatedAnnealing()), ("pt", new ParallelTempering()), ("tabu", new TabuSearch())];

    public string Name => "solver";

    public string Description =>
        """
        Beasley's problems bqp50, bqp100 (1 s) and bqp250 (5 s), ten of each on 20 seeds, all cores: a run is optimal that reaches the proven optimum in time; it ends when it does.
          bqpN_runs, bqpN_optimal            of simulated annealing; should be equal
          bqpN_seconds_median, _max          until the optimum
          pt_..., tabu_...                   of parallel tempering and tabu search
          splits_runs, splits_optimal        random junctions' green splits, one for each seed, against enumeration; should be equal
          ttt_ratio                          median over the problems of bqp250 of our time to target (99 %) over the other's, one core each: below 1 is faster. The other is the
                                             program of --kernel, for instance dwave-samplers' annealer on the same betas and sweeps; without it CP-SAT's time to its proof or 60 s
        """;

    public IReadOnlyDictionary<string, string> Options { get; } = new Dictionary<string, string>
    {
        ["--instances"] = "the folder of bqp50.txt, bqp100.txt and bqp250.txt of OR-Library; default ../shared/data/bqp",
        ["--kernel"] = "an annealer to compare with: called with reads, sweeps and seed, it reads COO and writes a line `energy seconds` for each read",
    };

    public Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation) => RunAsync(isQuick, new Dictionary<string, string>(), cancellation);

    public async Task<Figures> RunAsync(bool isQuick, IReadOnlyDictionary<string, string> options, CancellationToken cancellation)
    {
        var folder = options.GetValueOrDefault("--instances") ?? RepositoryFiles.Shared("data/bqp");
        var figures = new Figures();
        foreach (var (key, solver) in Solvers)
        {
            foreach (var (size, limit) in Sizes) await AddOptimalAsync(figures, key == "sa" ? "" : key + "_", solver, folder, size, limit, isQuick, cancellation);
        }

        await AddSplitsAsync(figures, isQuick, cancellation);
        await AddRatioAsync(figures, folder, options.GetValueOrDefault("--kernel"), isQuick, cancellation);
        return figures;
    }

    private static async Task AddOptimalAsync(
        Figures figures, string prefix, ISolver solver, string folder, int size, TimeSpan limit, bool isQuick, CancellationToken cancellation)
    {
        var models = await BeasleyInstances.ReadAsync(folder, size, cancellation);
        var (runs, optimal) = (0, 0);
        var seconds = new List<double>();
        for (var seed = 1; seed <= (isQuick ? 2 : Seeds); seed++)
        {
            for (var k = 0; k < models.Count; k++)
            {
                var optimum = BeasleyInstances.Optima[size][k];
                var settings = new SolverSettings { Seed = (ulong)seed, Reads = int.MaxValue, Sweeps = Sweeps, TimeLimit = limit, TargetEnergy = optimum };
                var result = await solver.SolveAsync(models[k], settings, null, cancellation);
                runs++;
                if (result.Energy < optimum) throw new BenchmarkException(BenchmarkException.Failed, $"bqp{size} {k + 1}: {result.Energy} is below the proven optimum {optimum}");
                var isOptimal = result.Energy == optimum && result.Elapsed <= limit;
                if (isOptimal) optimal++;
                else Console.Error.WriteLine($"{solver.Name}, bqp{size} {k + 1}, seed {seed}: {result.Energy} of {optimum} in {result.Elapsed.TotalSeconds:F2} s");
                seconds.Add(result.Elapsed.TotalSeconds);
            }
        }

        figures.Add($"{prefix}bqp{size}_runs", runs)
            .Add($"{prefix}bqp{size}_optimal", optimal)
            .Add($"{prefix}bqp{size}_seconds_median", seconds.Median(), 4)
            .Add($"{prefix}bqp{size}_seconds_max", seconds.Max(), 3);
    }

    private static async Task AddSplitsAsync(Figures figures, bool isQuick, CancellationToken cancellation)
    {
        var (runs, optimal) = (0, 0);
        for (var seed = 1; seed <= (isQuick ? 5 : Seeds); seed++)
        {
            // Other junctions than those of the tests.
            var problem = Junctions.Random(1000 + seed);
            var exact = await new Enumeration().SolveAsync(problem.Model, new SolverSettings(), null, cancellation);
            var found = await new SimulatedAnnealing().SolveAsync(problem.Model, new SolverSettings { Seed = (ulong)seed, Reads = 10, Sweeps = 300 }, null, cancellation);
            runs++;
            if (problem.Greens([.. found.Sample]) is not null && Math.Abs(found.Energy - exact.Energy) <= 1e-9 * exact.Energy) optimal++;
            else Console.Error.WriteLine($"splits, seed {seed}: {found.Energy} of {exact.Energy}");
        }

        figures.Add("splits_runs", runs).Add("splits_optimal", optimal);
    }

    private static async Task AddRatioAsync(Figures figures, string folder, string? kernel, bool isQuick, CancellationToken cancellation)
    {
        var models = await BeasleyInstances.ReadAsync(folder, 250, cancellation);
        var reads = isQuick ? 50 : 500;
        var (ours, others, ratios) = (new List<double>(), new List<double>(), new List<double>());
        for (var k = 0; k < (isQuick ? 3 : models.Count); k++)
        {
            var optimum = BeasleyInstances.Optima[250][k];
            var own = await OursAsync(models[k], optimum, reads, cancellation);
            var other = kernel is null ? await CpSatAsync(models[k], optimum, cancellation) : await KernelAsync(kernel, models[k], optimum, reads, cancellation);
            Console.Error.WriteLine($"bqp250 {k + 1}: ours {own?.TotalMilliseconds:F1} ms, {(kernel is null ? "CP-SAT" : "the kernel")} {other?.TotalMilliseconds:F1} ms");
            ours.Add((own ?? TimeSpan.MaxValue).TotalSeconds);
            others.Add((other ?? TimeSpan.MaxValue).TotalSeconds);
            if (own is not null || other is not null) ratios.Add(ours[^1] / others[^1]);
        }

        figures.Add("ttt_seconds_median", ours.Median(), 4).Add("other_ttt_seconds_median", others.Median(), 4).Add("ttt_is_against_kernel", kernel is null ? 0 : 1).Add("ttt_ratio", ratios.Median(), 4);
    }

    /// <summary>Without a target, so that no read is cut short by it.</summary>
    private static async Task<TimeSpan?> OursAsync(BinaryQuadraticModel model, double optimum, int reads, CancellationToken cancellation)
    {
        var result = await new SimulatedAnnealing().SolveAsync(model, new SolverSettings { Reads = reads, Threads = 1, Sweeps = Sweeps }, null, cancellation);
        return Time("ours", reads, result.ReadEnergies.Count(e => e <= optimum), result.Elapsed);
    }

    private static async Task<TimeSpan?> KernelAsync(string kernel, BinaryQuadraticModel model, double optimum, int reads, CancellationToken cancellation)
    {
        var all = await KernelProgram.RunAsync(kernel, model, reads, Sweeps, 1, cancellation);
        return Time("the kernel", reads, all.Count(r => r.Energy <= optimum + 1e-6), all.Aggregate(TimeSpan.Zero, (sum, r) => sum + r.Elapsed));
    }

    private static TimeSpan? Time(string whose, int reads, int successes, TimeSpan elapsed)
    {
        Console.Error.WriteLine($"  {whose}: {successes} of {reads} reads, {elapsed.TotalMilliseconds / reads:F3} ms each");
        return TimeToTarget.Of(reads, successes, elapsed / reads);
    }

    private static async Task<TimeSpan?> CpSatAsync(BinaryQuadraticModel model, double optimum, CancellationToken cancellation)
    {
        var result = await new CpSat().SolveAsync(model, new SolverSettings { Threads = 1, TimeLimit = TimeSpan.FromSeconds(60), TargetEnergy = optimum }, null, cancellation);
        return result.Energy <= optimum ? result.Elapsed : null;
    }
}
