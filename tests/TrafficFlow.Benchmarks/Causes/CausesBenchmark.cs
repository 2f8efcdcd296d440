using System.Globalization;
using TrafficFlow.Analysis.Causes;
using TrafficFlow.Analysis.Congestion;
using TrafficFlow.Analysis.Records;
using TrafficFlow.Analysis.Signals;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Tests.Analysis.Causes;

namespace TrafficFlow.Benchmarks.Causes;

/// <summary>Are causes of congestion told that were put into the simulated junction?</summary>
internal sealed class CausesBenchmark : IBenchmark
{
    private const int Runs = 20;
    private const int FreeHours = 50;

    /// <summary>Nobody looked at these while the limits were chosen: that was done on 101 to 114, free hours on 101 to 180, and so was how strong each trouble is. 31010 to 31014 were seen once on the way.</summary>
    private const int FirstSeed = 31_110;

    public string Name => "causes";

    public string Description =>
        """
        Thirteen causes put into the simulated junction, each on its own seeds that choose the plan, demand, drivers, arm, begin, length and strength; two and a quarter hours each, for some
        kinds without any time before or after. Cameras see it with errors as the benchmark junction measured them: journeys missing, doubled, broken, tracks that begin anew, speeds, stops
        and lanes not exact. What is told first, by vehicle-hours lost:
          kinds, runs                        causes, and seeds of all of them together
          first_share, first_two_share       the right cause in first place; or in the first two: the first finding, then its first rival, or else the next finding. At least 0.90 and 0.97
          free_hours, named_on_free          hours that run freely, and those on which a cause is named: none should
          worst_kind, worst_kind_first_share the cause that is told worst
          confidence_error                   mean confidence of the first findings less the part of them that is right
        Signals are those of the controller; with --signals inferred, those that the discharge of the same journeys tells.
        """;

    public IReadOnlyDictionary<string, string> Options { get; } = new Dictionary<string, string>
    {
        ["--first-seed"] = "seed of the first run of each kind",
        ["--runs"] = "N    runs of each kind; 20 when not told, 1 with --quick",
        ["--free"] = "N    free-flowing hours; 50 when not told, 2 with --quick",
        ["--signals"] = "controller or inferred",
    };

    public Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation) => RunAsync(isQuick, new Dictionary<string, string>(), cancellation);

    public Task<Figures> RunAsync(bool isQuick, IReadOnlyDictionary<string, string> options, CancellationToken cancellation)
    {
        var first = options.WholeNumber("--first-seed") ?? FirstSeed;
        var runs = options.WholeNumber("--runs") ?? (isQuick ? 1 : Runs);
        var free = options.WholeNumber("--free") ?? (isQuick ? 2 : FreeHours);
        var isInferred = options.GetValueOrDefault("--signals") switch
        {
            null or "controller" => false,
            "inferred" => true,
            var other => throw new BenchmarkException(BenchmarkException.Failed, $"--signals {other}: there are controller and inferred"),
        };
        var kinds = Enum.GetValues<CauseKind>();
        (CauseKind? Kind, int Seed)[] jobs = [.. kinds.SelectMany(k => Enumerable.Range(first, runs).Select(r => ((CauseKind?)k, r))), .. Enumerable.Range(first, free).Select(r => ((CauseKind?)null, r))];
        var told = new CauseRun[jobs.Length];
        Parallel.For(0, jobs.Length, new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Math.Max(1, Environment.ProcessorCount) }, i => told[i] = Run(jobs[i].Kind, jobs[i].Seed, isInferred));
        foreach (var run in told.Where(r => r.Kind is null ? r.Findings.Count > 0 : !r.IsFirst)) Console.Error.WriteLine(run.Line);
        PrintMatrix(kinds, told);
        return Task.FromResult(Summary(kinds, [.. told.Where(r => r.Kind is not null)], [.. told.Where(r => r.Kind is null)]));
    }

    internal static CauseRun Run(CauseKind? kind, int seed, bool isInferred)
    {
        var junction = TroubledJunction.Draw(kind, seed);
        var record = SeenJunction.Of(junction);
        ISignalPhases signals = isInferred ? new InferredPhases(SignalInference.Infer(Discharge.Of(record.Journeys, record.Watched))) : record.Controller!;
        return new CauseRun(kind, seed, junction, CauseFinder.Find(record, signals, Timelines(record)));
    }

    private static List<CongestionTimeline> Timelines(JunctionRecord record)
    {
        var length = TimeSpan.FromMinutes(5);
        return
        [
            .. record.Approaches.Select(a =>
            {
                var journeys = record.Journeys.Where(j => j.Approach == a.Approach).ToLookup(j => (int)((j.LastSeenAt - record.Span.From) / length));
                var queues = a.Queues.ToLookup(q => (int)((q.From - record.Span.From) / length));
                return CongestionTimeline.Of(
                    a.Approach,
                    [
                        .. Enumerable.Range(0, (int)(record.Span.Length / length)).Select(i => (Index: i, Span: new Interval(record.Span.From + (i * length), record.Span.From + ((i + 1) * length)))).Select(i =>
                            ApproachInterval.Of(i.Span, journeys[i.Index], a.Watched.Within(i.Span).Total) with
                            {
                                Queue = queues[i.Index].Any() ? queues[i.Index].Aggregate(default(QueueSums), (sums, q) => sums + q.Sums) : null,
                                SeenMetres = a.SeenMetres,
                            }),
                    ],
                    new CongestionSettings(CongestionProfile.JarticOrdinary));
            }),
        ];
    }

    private static Figures Summary(CauseKind[] kinds, List<CauseRun> troubled, List<CauseRun> free)
    {
        var worst = kinds.Select(k => (Kind: k, Share: Share(troubled.Where(r => r.Kind == k), r => r.IsFirst))).OrderBy(k => k.Share).FirstOrDefault();
        var named = troubled.Where(r => r.Findings.Count > 0).ToList();
        return new Figures()
            .Add("kinds", kinds.Length)
            .Add("runs", troubled.Count)
            .Add("first_share", Share(troubled, r => r.IsFirst), 4)
            .Add("first_two_share", Share(troubled, r => r.IsAmongTwo), 4)
            .Add("free_hours", free.Count)
            .Add("named_on_free", free.Count(r => r.Findings.Count > 0))
            .Add("worst_kind", worst.Kind.ToString())
            .Add("worst_kind_first_share", worst.Share, 4)
            .Add("confidence_error", named.Select(r => r.Findings[0].Confidence).DefaultIfEmpty(0).Average() - Share(named, r => r.IsFirst), 3);

        static double Share(IEnumerable<CauseRun> runs, Func<CauseRun, bool> isSo) => runs.Select(r => isSo(r) ? 1.0 : 0).DefaultIfEmpty(double.NaN).Average();
    }

    /// <summary>A line for each cause that was there, and how often each was told first.</summary>
    private static void PrintMatrix(CauseKind[] kinds, CauseRun[] runs)
    {
        Console.WriteLine($"{"there \\ told first",-20}{string.Concat(kinds.Select(k => $"{Short(k),7}"))}{"none",7}");
        CauseKind?[] rows = [.. kinds, null];
        foreach (var kind in rows)
        {
            var of = runs.Where(r => r.Kind == kind).ToList();
            Console.WriteLine(
                $"{kind?.ToString() ?? "(free)",-20}{string.Concat(kinds.Select(k => of.Count(r => r.Findings.Count > 0 && r.Findings[0].Kind == k)).Select(n => $"{(n == 0 ? "." : n.ToString(CultureInfo.InvariantCulture)),7}"))}{of.Count(r => r.Findings.Count == 0),7}");
        }

        static string Short(CauseKind kind) => kind.ToString() is { Length: > 6 } name ? name[..6] : kind.ToString();
    }
}

/// <summary>What was told of one run.</summary>
internal sealed record CauseRun(CauseKind? Kind, int Seed, TroubledJunction Junction, IReadOnlyList<CauseFinding> Findings)
{
    /// <summary>The first two that a reader is told: the first finding, then its first rival, or else the next one that tells something else.</summary>
    public IReadOnlyList<CauseKind> FirstTwo => [.. Findings.SelectMany((f, i) => i == 0 ? f.Rivals.Take(1).Prepend(f.Kind) : [f.Kind]).Distinct().Take(2)];

    public bool IsFirst => Kind is { } kind && Findings.Count > 0 && Findings[0].Kind == kind;

    public bool IsAmongTwo => Kind is { } kind && FirstTwo.Contains(kind);

    public string Line => string.Create(
        CultureInfo.InvariantCulture,
        $"{Kind?.ToString() ?? "free"} {Seed} at {Junction.Approach}: {string.Join("; ", Findings.Select(f => $"{f.Kind} at {f.Approach?.Value ?? "all"} {f.VehicleHoursLost:0.0} h, {f.Confidence:0.00}{string.Concat(f.Rivals.Select(r => $", or {r}"))}"))}");
}
