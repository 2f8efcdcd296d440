using System.Diagnostics;
using System.Globalization;
using TrafficFlow.Benchmarks.Chaos;
using TrafficFlow.SystemTests.Lab;

namespace TrafficFlow.Benchmarks.Soak;

/// <summary>Days of a junction's traffic in less than an hour, with faults among them: does anything gather that should not?</summary>
internal sealed class SoakBenchmark : IBenchmark
{
    private const string SeedOption = "--seed";
    private const string HoursOption = "--hours";
    private const string PictureOption = "--picture";
    private const int DefaultSeed = 20261129;
    private const int AllHours = 72;
    private const int FewHours = 2;
    private const double Speed = 100;

    // Caches fill and pools grow at first; that is not what is looked for.
    private const double WarmUpDays = 4.0 / 24;

    // Servers keep the minutes of so long in memory, so that late entries can revise them: by default of three days, which is all of this run.
    private const int RetentionHours = 24;
    private const double SecondsEachFault = 180;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    public string Name => "soak";

    public string Description =>
        """
        The cluster of the benchmark chaos (a roadside with four replay cameras, two servers, PostgreSQL, each a process on a host of its own;
        root only) counts 72 hours of event time at 100 times real time, while a fault happens every three minutes. Every five seconds memory,
        open files and threads of each node and the sizes of what is stored are looked at; a picture is drawn. Flat is good. Servers keep the
        minutes of the last 24 hours in memory here (3 days by default), so that most of the run shows whether anything else gathers.
          hours                                  of event time, closed in the tables
          faults                                 begun and healed
          memory_slope_mb_per_day                of the node that gathers most, MiB for each day of event time; each life of a process has its
                                                 own level, and its first four hours are left out, as is all before the
                                                 minutes in memory are complete; null: no life was longer
          memory_mb                              the most that any node held
          handles_slope_per_day, handles         the same of open files and sockets
          threads_slope_per_day, threads         the same of threads
          journal_slope_mb_per_day, journal_mb   of the servers' journal and snapshots, over the second half
          outbox_mb                              of the roadside's outbox at the end
          tables_mb_per_day                      of the flow tables, which keep every bin: what a day costs
          lost, doubled, wrong_bins              against the truth; must be 0
          bins_compared, vehicles                what that rests on
          ended_by_itself                        starts by the service manager after an end that no fault had asked for
          seconds, seed                          of the whole run; of the draw
        """;

    public IReadOnlyDictionary<string, string> Options => new Dictionary<string, string>
    {
        [SeedOption] = "N draws other faults and other traffic",
        [HoursOption] = "N counts so many hours of event time",
        [PictureOption] = "FILE.png gets the picture; soak.png in the temporary folder otherwise",
    };

    public Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation) => RunAsync(isQuick, new Dictionary<string, string>(), cancellation);

    public async Task<Figures> RunAsync(bool isQuick, IReadOnlyDictionary<string, string> options, CancellationToken cancellation)
    {
        var seed = options.WholeNumber(SeedOption) ?? DefaultSeed;
        var hours = options.WholeNumber(HoursOption) ?? (isQuick ? FewHours : AllHours);
        var picture = options.GetValueOrDefault(PictureOption) ?? Path.Combine(Path.GetTempPath(), "soak.png");
        var seconds = hours * 3600 / Speed;
        var plan = FaultPlan.Draw(seed, Math.Max(1, (int)(seconds / SecondsEachFault)), longCut: false, TimeSpan.FromSeconds(2 * Math.Min(seconds / 4, SecondsEachFault)));
        var clock = Stopwatch.StartNew();
        await using var cluster = await FaultRun.CreateAsync(new LabClusterSettings(
            seed, Speed, Servers: string.Create(CultureInfo.InvariantCulture, $"trafficflow.actors.aggregation.retention = {RetentionHours}h")));
        var log = new FaultLog(cluster, clock);
        var sampler = new SoakSampler(cluster, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            await cluster.StartAsync();
            await cluster.UntilClosedAsync(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), cancellation);
            log.Say($"counts flow; {hours} h with {plan.Count} faults, seed {seed}");
            var sampling = sampler.RunAsync(end.Token);
            await FaultRun.BreakAsync(cluster, plan, log, cancellation);
            await cluster.UntilClosedAsync(TimeSpan.FromHours(hours), TimeSpan.FromSeconds(seconds) + Patience, cancellation);
            await end.CancelAsync();
            await sampling;
            var settled = await cluster.SettleAsync(TimeSpan.FromMinutes(5), cancellation);
            foreach (var difference in settled.Bins.Differences) Console.Error.WriteLine($"WRONG: {difference}");
            if (!settled.Bins.IsEqual) await FaultRun.KeepEvidenceAsync(cluster);
            SoakPicture.Save(picture, sampler.Nodes, sampler.Stores, [.. log.Begun.Select(b => 24 * sampler.DaysAt(b))]);
            Console.Error.WriteLine($"the picture is {picture}");
            return Judge(seed, plan.Count, sampler, settled, cluster, clock.Elapsed);
        }
        catch (TimeoutException e)
        {
            await FaultRun.KeepEvidenceAsync(cluster);
            throw new BenchmarkException(BenchmarkException.Failed, e.Message);
        }
    }

    private static Figures Judge(int seed, int faults, SoakSampler sampler, Settled settled, LabCluster cluster, TimeSpan elapsed)
    {
        var (nodes, stores) = (sampler.Nodes, sampler.Stores);
        var journal = stores.Where(s => s.Store == SoakSampler.Journal).ToList();
        return new Figures()
            .Add("seed", seed)
            .Add("hours", 24 * sampler.Days, 1)
            .Add("faults", faults)
            .Add("memory_slope_mb_per_day", Steepest(f => f.MemoryMib, RetentionHours / 24.0), 2)
            .Add("memory_mb", nodes.Max(s => s.Figures.MemoryMib), 0)
            .Add("handles_slope_per_day", Steepest(f => f.Handles), 2)
            .Add("handles", nodes.Max(s => s.Figures.Handles))
            .Add("threads_slope_per_day", Steepest(f => f.Threads), 2)
            .Add("threads", nodes.Max(s => s.Figures.Threads))
            .Add("journal_slope_mb_per_day", Slopes.Within(journal.Where(s => s.Days > sampler.Days / 2), _ => 0, s => s.Days, s => s.Mb, 0), 2)
            .Add("journal_mb", journal.Max(s => s.Mb), 2)
            .Add("outbox_mb", Last(SoakSampler.Outbox), 2)
            .Add("tables_mb_per_day", Last(SoakSampler.Tables) / sampler.Days, 2)
            .Add("lost", settled.Bins.Lost)
            .Add("doubled", settled.Bins.Doubled)
            .Add("wrong_bins", settled.Bins.Wrong)
            .Add("bins_compared", settled.Bins.Bins)
            .Add("vehicles", settled.Bins.Vehicles)
            .Add("ended_by_itself", cluster.Nodes.Sum(n => (long)n.EndedByItself))
            .Add("seconds", elapsed.TotalSeconds, 0);

        double Steepest(Func<ProcessFigures, double> value, double fromDays = 0) =>
            nodes.Where(s => s.Days >= fromDays).GroupBy(s => s.Node).Select(n => Slopes.Within(n, s => s.Life, s => s.Days, s => value(s.Figures), WarmUpDays)).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max();

        double Last(string store) => stores.LastOrDefault(s => s.Store == store)?.Mb ?? double.NaN;
    }
}
