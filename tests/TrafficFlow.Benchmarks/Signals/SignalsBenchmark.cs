using System.Globalization;
using TrafficFlow.Analysis.Signals;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
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
          radeberg_..., stuttgart_...        what is said of 2.5 hours of real trajectories, whose signals are actuated, and of a clip of 17 s: nothing, there
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

        return Task.FromResult(AddReal(Summary(all), options.GetValueOrDefault("--pictures")));
    }

    internal static SignalErrors Run(int seed)
    {
        var junction = RandomJunction.Draw(seed, Hours);
        var simulation = new JunctionSimulation(junction.Settings);
        simulation.AdvanceTo(TimeSpan.FromSeconds(junction.Seconds));
        return SignalErrors.Of(junction, SignalInference.Infer(SeenDischarge.Of(simulation.Truth, junction.Seconds, seed)));
    }

    /// <summary>What is said of the 2.5 hours of real trajectories, and of a clip of 17 s of which nothing can be.</summary>
    private static Figures AddReal(Figures figures, string? pictures)
    {
        var radeberg = RadebergDischarge.Read(RepositoryFiles.Shared("data/trajectories"));
        var told = SignalInference.Infer(radeberg);
        figures.Add("radeberg_crossings", radeberg.Streams.Sum(s => s.Crossings.Length)).Add("radeberg_plans", told.Plans.Length).Add("radeberg_varying", told.Varying.Length);
        if (told.Varying.FirstOrDefault() is { } varying)
        {
            figures.Add("radeberg_cycles", varying.CycleBegins.Length)
                .Add("radeberg_mean_cycle_s", varying.MeanCycleSeconds.Value, 2)
                .Add("radeberg_mean_cycle_margin_s", varying.MeanCycleSeconds.Margin, 2)
                .Add("radeberg_cycle_deviation_s", varying.DeviationSeconds, 1);
        }

        var stuttgart = SignalInference.Infer(StuttgartDischarge());
        figures.Add("stuttgart_plans", stuttgart.Plans.Length);
        foreach (var unknown in told.Unknown.Concat(stuttgart.Unknown)) Console.Error.WriteLine($"{unknown.Span.From:O} to {unknown.Span.To:O}: {unknown.Reason}");
        if (pictures is null) return figures;
        Directory.CreateDirectory(pictures);
        File.WriteAllText(Path.Combine(pictures, "radeberg.svg"), DischargePicture.Draw(radeberg, told, "Radeberg, 20 February 2020"));
        var junction = RandomJunction.Draw(FirstSeed, Hours);
        var simulation = new JunctionSimulation(junction.Settings);
        simulation.AdvanceTo(TimeSpan.FromSeconds(junction.Seconds));
        var seen = SeenDischarge.Of(simulation.Truth, junction.Seconds, FirstSeed);
        File.WriteAllText(Path.Combine(pictures, "simulated.svg"), DischargePicture.Draw(seen, SignalInference.Infer(seen), $"Simulated junction, seed {FirstSeed}"));
        return figures;
    }

    /// <summary>Crossings that people saw, gate by gate.</summary>
    private static Discharge StuttgartDischarge()
    {
        var start = DateTimeOffset.UnixEpoch;
        var rows = File.ReadLines(RepositoryFiles.Shared("data/truth/stuttgart.csv")).Skip(1).Select(l => l.Split(',')).Where(f => f[2].Length > 0);
        return new Discharge(
            [
                .. rows.GroupBy(f => f[0]).Select(g => new DischargeStream(
                    new ApproachId(g.Key), Movement.Entering, [.. g.Select(f => start.AddSeconds(double.Parse(f[2], CultureInfo.InvariantCulture))).Order()])),
            ],
            IntervalSet.Of(new Interval(start, start.AddSeconds(499 / 30.0))));
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
