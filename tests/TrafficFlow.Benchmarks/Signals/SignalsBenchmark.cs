using System.Globalization;
using TrafficFlow.Analysis.Signals;
using TrafficFlow.Simulation;

namespace TrafficFlow.Benchmarks.Signals;

/// <summary>Do times at the stop lines tell the signals?</summary>
internal sealed class SignalsBenchmark : IBenchmark
{
    private const double Hours = 2;

    /// <summary>Nobody looked at these while the estimators were made.</summary>
    private const int FirstSeed = 15_000;

    public string Name => "signals";

    public string Description =>
        """
        Signals inferred from discharge alone, on simulated junctions with random plans (five kinds of stages), demands and drivers, two hours each, with none to two
        changes of plan; 5 to 10 % of the crossings missing, as many doubled, times with 0.3 s standard deviation, 5 % of the exits unknown, in a third of the runs a
        gap of 3 to 10 minutes.
          runs, runs_within                  all of a run within the limits: cycle 0.5 s, splits 1 s, changes 2 cycles, none missed or invented
          cycles, cycles_within, ...         figures told, of these within the limit; worst error, and how many of the stated 95 % intervals hold the truth
          splits_not_told                    stages that too few vehicles tell
          greens_..., begins_...             displayed greens and their absolute begins, which rest on constants of drivers' behaviour: mean and worst error
        """;

    public IReadOnlyDictionary<string, string> Options => new Dictionary<string, string>
    {
        ["--first-seed"] = "seed of the first junction",
        ["--runs"] = "how many junctions",
        ["--pictures"] = "folder for pictures (SVG) of the real trajectories and of a simulated junction",
    };

    public Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation) => RunAsync(isQuick, new Dictionary<string, string>(), cancellation);

    public Task<Figures> RunAsync(bool isQuick, IReadOnlyDictionary<string, string> options, CancellationToken cancellation)
    {
        var first = options.WholeNumber("--first-seed") ?? FirstSeed;
        var runs = options.WholeNumber("--runs") ?? (isQuick ? 4 : 100);
        var all = new List<SignalErrors>();
        for (var seed = first; seed < first + runs; seed++)
        {
            cancellation.ThrowIfCancellationRequested();
            var errors = Run(seed);
            all.Add(errors);
            if (errors.Misses.Count > 0) Console.Error.WriteLine($"seed {seed}: {string.Join("; ", errors.Misses)}");
        }

        return Task.FromResult(Summary(all));
    }

    internal static SignalErrors Run(int seed)
    {
        var junction = RandomJunction.Draw(seed, Hours);
        var simulation = new JunctionSimulation(junction.Settings);
        simulation.AdvanceTo(TimeSpan.FromSeconds(junction.Seconds));
        return SignalErrors.Of(junction, SignalInference.Infer(SeenDischarge.Of(simulation.Truth, junction.Seconds, seed)));
    }

    private static Figures Summary(List<SignalErrors> all)
    {
        var figures = new Figures().Add("runs", all.Count).Add("runs_within", all.Count(e => e.Misses.Count == 0)).Add("plans_not_found", all.Sum(e => e.PlansNotFound));
        Add(figures, "cycles", [.. all.SelectMany(e => e.Cycles)], 0.5, "s");
        Add(figures, "splits", [.. all.SelectMany(e => e.Splits)], 1, "s");
        figures.Add("splits_not_told", all.Sum(e => e.SplitsNotTold));
        Add(figures, "changes", [.. all.SelectMany(e => e.Changes)], 2, "cycles");
        figures.Add("changes_missed", all.Sum(e => e.ChangesMissed)).Add("changes_invented", all.Sum(e => e.ChangesInvented));
        Add(figures, "greens", [.. all.SelectMany(e => e.Greens)], 1, "s");
        figures.Add("greens_not_told", all.Sum(e => e.GreensNotTold));
        Add(figures, "begins", [.. all.SelectMany(e => e.Begins)], 1, "s");
        return figures;
    }

    private static void Add(Figures figures, string name, List<ToldFigure> told, double limit, string unit)
    {
        figures.Add(name, told.Count)
            .Add($"{name}_within", told.Count(t => Math.Abs(t.Error) <= limit))
            .Add($"{name}_worst_{unit}", told.Select(t => Math.Abs(t.Error)).DefaultIfEmpty(0).Max(), 2)
            .Add($"{name}_mean_{unit}", told.Select(t => t.Error).DefaultIfEmpty(0).Average(), 3)
            .Add($"{name}_deviation_{unit}", Math.Sqrt(told.Select(t => t.Error * t.Error).DefaultIfEmpty(0).Average()), 3)
            .Add($"{name}_interval_holds_percent", told.Count == 0 ? double.NaN : 100.0 * told.Count(t => t.IsWithinInterval) / told.Count, 1);
    }
}
