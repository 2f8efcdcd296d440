using System.Diagnostics;
using System.Globalization;
using TrafficFlow.SystemTests.Lab;

namespace TrafficFlow.Benchmarks.Chaos;

/// <summary>Everything that can break, breaks: do the tables then hold the truth?</summary>
internal sealed class ChaosBenchmark : IBenchmark
{
    private const string SeedOption = "--seed";
    private const string TableOption = "--table";
    private const string FaultsOption = "--faults";
    private const string OnlyOption = "--only";
    private const int DefaultSeed = 20261124;
    private const int AllFaults = 200;
    private const int FewFaults = 4;
    private const double Speed = 60;

    // Snapshots and trimming often, so that faults fall between them.
    private const string Often = "trafficflow.actors.aggregation { snapshot-every = 100, trim-margin = 50 }";
    private static readonly TimeSpan Pauses = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan ShortPauses = TimeSpan.FromSeconds(2);

    public string Name => "chaos";

    public string Description =>
        """
        A roadside with four replay cameras at 60 times real time, two servers and PostgreSQL, each a process on a host of its own (network
        namespaces; root only), with certificates, on a link that can be cut and slowed. Faults of every kind are drawn by a seed: kill -9 of
        anything, graceful restarts, of the database too, cuts both ways and one way, one of ten minutes, a slow link, one that flaps, clocks
        two hours and three minutes off, full disks, damaged journal rows and snapshots; one in five while another lasts. Then all is
        healed, and the tables that a reader sees (latest revision of every closed bin of every length) are compared with the truth, vehicle
        by vehicle and second by second.
          faults, faults_KIND                    begun and healed
          lost, doubled                          vehicles over all bins of one minute; must be 0
          wrong_hour                             vehicles over all bins of one hour, too many or too few; must be 0
          coverage_lost_s                        watched and not shown; must be 0
          wrong_bins                             bins of any length that differ at all; must be 0
          junction_lost, junction_doubled,       a live junction of four small cameras beside it: ends of journeys against its bins, which come
          junction_wrong_hour                    by another way; must be 0
          junction_journeys                      what that rests on
          bins_compared, vehicles, event_hours   what that rests on
          drained_s                              from the last healing until everything stored stood in the tables; null: it never did
          ended_by_itself                        starts by the service manager after an end that no fault had asked for
          seconds, seed                          of the whole run; of the draw
        """;

    public IReadOnlyDictionary<string, string> Options => new Dictionary<string, string>
    {
        [SeedOption] = "N draws other faults",
        [TableOption] = "FILE gets the table of faults, as Markdown",
        [FaultsOption] = "N breaks so often, instead of 200 times",
        [OnlyOption] = "KIND[,KIND...] draws no other faults; -KIND draws all but that",
    };

    public Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation) => RunAsync(isQuick, new Dictionary<string, string>(), cancellation);

    public async Task<Figures> RunAsync(bool isQuick, IReadOnlyDictionary<string, string> options, CancellationToken cancellation)
    {
        var seed = options.WholeNumber(SeedOption) ?? DefaultSeed;
        var faults = options.WholeNumber(FaultsOption) ?? (isQuick ? FewFaults : AllFaults);
        var only = Kinds(options);
        var plan = isQuick
            ? FaultPlan.DrawShort(seed, faults, ShortPauses, only)
            : FaultPlan.Draw(seed, faults, longCut: faults >= AllFaults && (only.Count == 0 || only.Contains(FaultKind.CutLong)), Pauses, only);
        var clock = Stopwatch.StartNew();
        var began = DateTimeOffset.UtcNow;
        await using var cluster = await FaultRun.CreateAsync(new LabClusterSettings(seed, Speed, Servers: Often, HasJunction: true));
        var log = new FaultLog(cluster, clock);
        try
        {
            await cluster.StartAsync();
            await cluster.UntilClosedAsync(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), cancellation);
            log.Say($"counts flow; {plan.Count} faults, seed {seed}");
            await FaultRun.BreakAsync(cluster, plan, log, cancellation);
            log.Say("all is healed");
            var settled = await cluster.SettleAsync(isQuick ? TimeSpan.FromSeconds(60) : TimeSpan.FromMinutes(5), cancellation);
            var junction = await JunctionComparison.ReadAsync(cluster.Database, cluster.Junction!.Id.Value, began);
            foreach (var difference in settled.Bins.Differences.Concat(junction.Differences)) Console.Error.WriteLine($"WRONG: {difference}");
            if (!settled.Bins.IsEqual || settled.Drained is null || junction.Lost + junction.Doubled > 0) await FaultRun.KeepEvidenceAsync(cluster);
            if (options.TryGetValue(TableOption, out var file)) await File.WriteAllTextAsync(file, log.Markdown(seed, settled), cancellation);
            return Judge(seed, plan, settled, junction, cluster, clock.Elapsed);
        }
        catch (TimeoutException e)
        {
            await FaultRun.KeepEvidenceAsync(cluster);
            throw new BenchmarkException(BenchmarkException.Failed, e.Message);
        }
    }

    private static Figures Judge(int seed, IReadOnlyList<PlannedFault> plan, Settled settled, JunctionComparison junction, LabCluster cluster, TimeSpan elapsed)
    {
        var figures = new Figures().Add("seed", seed).Add("faults", plan.Count);
        foreach (var kind in plan.GroupBy(f => f.Kind).OrderBy(g => g.Key)) figures.Add($"faults_{FaultLog.Name(kind.Key)}", kind.Count());
        return figures
            .Add("lost", settled.Bins.Lost)
            .Add("doubled", settled.Bins.Doubled)
            .Add("wrong_hour", settled.Bins.WrongHour)
            .Add("coverage_lost_s", settled.Bins.CoverageLost.TotalSeconds, 3)
            .Add("wrong_bins", settled.Bins.Wrong)
            .Add("bins_compared", settled.Bins.Bins)
            .Add("vehicles", settled.Bins.Vehicles)
            .Add("event_hours", settled.Bins.Span.TotalHours, 2)
            .Add("junction_lost", junction.Lost)
            .Add("junction_doubled", junction.Doubled)
            .Add("junction_wrong_hour", junction.WrongHour)
            .Add("junction_journeys", junction.Journeys)
            .Add("drained_s", settled.Drained?.TotalSeconds ?? double.NaN, 1)
            .Add("ended_by_itself", cluster.Nodes.Sum(n => (long)n.EndedByItself))
            .Add("seconds", elapsed.TotalSeconds, 0);
    }

    private static IReadOnlyList<FaultKind> Kinds(IReadOnlyDictionary<string, string> options)
    {
        if (!options.TryGetValue(OnlyOption, out var text)) return [];
        var named = text.Split(',').ToLookup(k => !k.StartsWith('-'), k => Kind(k.TrimStart('-')));
        return [.. (named[true].Any() ? named[true] : Enum.GetValues<FaultKind>()).Except(named[false])];
    }

    private static FaultKind Kind(string name) =>
        Enum.GetValues<FaultKind>().Cast<FaultKind?>().FirstOrDefault(k => FaultLog.Name(k!.Value) == name)
        ?? throw new BenchmarkException(
            BenchmarkException.CannotRun, $"{OnlyOption}: there is no fault {name}; there are {string.Join(", ", Enum.GetValues<FaultKind>().Select(FaultLog.Name))}");
}
