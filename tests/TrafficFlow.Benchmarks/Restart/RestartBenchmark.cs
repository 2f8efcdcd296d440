using System.Diagnostics;
using System.Globalization;
using TrafficFlow.SystemTests.Processes;

namespace TrafficFlow.Benchmarks.Restart;

/// <summary>kill -9 at any moment: is a count lost, is one doubled, and how soon does the node count again?</summary>
internal sealed class RestartBenchmark : IBenchmark
{
    private const string CopyName = "copy.db";
    private const int Seed = 20260401;
    private const int MaxCleanRuns = 3;
    private static readonly TimeSpan FirstFrameWithin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public string Name => "restart";

    public string Description =>
        """
        Kills the built node (trafficflow run, both roles, the synthetic junction with a seed) again and again with kill -9 at seeded moments
        on one data directory, one in five while it starts and half of the others just behind a write, then lets it run and stop in peace.
        Afterwards the journal is read as a file: all that the outboxes ever stored is what was emitted, all that the aggregators ever
        persisted is what was counted.
          emitted, counted                    vehicles
          lost, doubled                       vehicles; must be 0, and so must coverage_lost, coverage_doubled (reports of time watched)
          faults                              must be 0: gaps in an epoch's sequence, time watched twice, counts that nobody emitted, and
                                              recovered totals or bins that differ from what the journal proves
          kills, waiting_at_kills             deliveries that a kill found under way, over all kills; 0 would prove little
          counted_per_life                    vehicles that reached the aggregators' journal in each life
          recovery_s, recovery_all_cameras_s  median from the start of the process to its first counted frame, of any and of all cameras
        """;

    public async Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        using var decoder = new JournalDecoder();
        var files = NodeFiles.Write(folder, Seed);
        var plan = KillPlan.Make(Seed, isQuick ? 3 : 10, isQuick ? 2 : 4, isQuick ? 6 : 15);
        var lives = new List<Life>();
        foreach (var moment in plan)
        {
            var started = await LiveAsync(files, moment, inPeace: false, cancellation);
            lives.Add(Judge(started, files, decoder, folder, lives, moment));
        }

        var calm = new KillMoment(false, TimeSpan.FromSeconds(isQuick ? 3 : 10), AtWrite: false);
        Life last;
        var runs = 0;
        do
        {
            last = Judge(await LiveAsync(files, calm, inPeace: true, cancellation), files, decoder, folder, lives, null);
            lives.Add(last);
        }
        while (last.Waiting > 0 && ++runs < MaxCleanRuns);

        var evidence = Read(files, decoder, folder);
        var faults = evidence.Faults.Concat(await RecoveredState.CompareAsync(folder.File("journal-copy.db"), files.Site, evidence)).ToList();
        foreach (var fault in faults.Take(20)) Console.Error.WriteLine($"FAULT: {fault}");
        return new Figures()
            .Add("emitted", evidence.Emitted)
            .Add("counted", evidence.CountedVehicles)
            .Add("lost", evidence.Lost)
            .Add("doubled", evidence.Doubled)
            .Add("coverage_lost", evidence.CoverageLost)
            .Add("coverage_doubled", evidence.CoverageDoubled)
            .Add("faults", faults.Count)
            .Add("kills", plan.Count)
            .Add("waiting_at_kills", lives.Take(plan.Count).Sum(l => l.Waiting))
            .Add("counted_per_life", lives.Select(l => l.Counted))
            .Add("recovery_s", lives.Where(l => l.FirstFrames.Count > 0).Select(l => l.FirstFrames[0].TotalSeconds).Median(), 2)
            .Add("recovery_all_cameras_s", lives.Where(l => l.FirstFrames.Count == files.Site.Cameras.Count).Select(l => l.FirstFrames[^1].TotalSeconds).Median(), 2);
    }

    /// <param name="FirstFrames">From the start of the process, for each camera that came so far.</param>
    private sealed record Life(IReadOnlyList<TimeSpan> FirstFrames, long Counted, long Waiting);

    /// <returns>When the process was started.</returns>
    private static async Task<DateTime> LiveAsync(NodeFiles files, KillMoment moment, bool inPeace, CancellationToken cancellation)
    {
        var started = DateTime.UtcNow;
        await using var node = TrafficflowProcess.Start(["run", "--config", files.Config]);
        if (!moment.InStartUp) await UntilFirstFrameAsync(node, started, files, cancellation);
        await LiveForAsync(node, moment.After, cancellation);
        if (moment.AtWrite) await JournalFile.UntilOutboxWritesAsync(files.Outbox, cancellation);
        MustLive(node);
        if (inPeace) await StopAsync(node);
        else await node.KillAsync();
        return started;
    }

    private static async Task LiveForAsync(TrafficflowProcess node, TimeSpan time, CancellationToken cancellation)
    {
        await Task.Delay(time, cancellation);
        MustLive(node);
    }

    /// <exception cref="BenchmarkException">It ended by itself, which it never should.</exception>
    private static void MustLive(TrafficflowProcess node)
    {
        if (!node.IsRunning) throw new BenchmarkException(BenchmarkException.Failed, $"the node ended; its last lines:\n{LastLines(node)}");
    }

    private static async Task StopAsync(TrafficflowProcess node)
    {
        node.Terminate();
        Ended ended;
        try
        {
            ended = await node.WaitAsync(StopWithin);
        }
        catch (TimeoutException e)
        {
            throw new BenchmarkException(BenchmarkException.Failed, e.Message);
        }

        if (ended.Code != 0) throw new BenchmarkException(BenchmarkException.Failed, $"the node stopped with exit code {ended.Code}; its last lines:\n{LastLines(node)}");
    }

    private static string LastLines(TrafficflowProcess node) => string.Join('\n', node.Error.Split('\n').TakeLast(15));

    private static async Task UntilFirstFrameAsync(TrafficflowProcess node, DateTime started, NodeFiles files, CancellationToken cancellation)
    {
        var since = Stopwatch.StartNew();
        while (JournalFile.FirstFramesSince(files.Outbox, started).Count == 0)
        {
            if (since.Elapsed > FirstFrameWithin)
                throw new BenchmarkException(BenchmarkException.Failed, $"the node counted no frame within {FirstFrameWithin.TotalSeconds:0} s");
            await LiveForAsync(node, Look, cancellation);
        }
    }

    private static Life Judge(
        DateTime started, NodeFiles files, JournalDecoder decoder, TempFolder folder, IReadOnlyList<Life> before, KillMoment? moment)
    {
        var evidence = Read(files, decoder, folder);
        var judged = new Life(
            [.. JournalFile.FirstFramesSince(folder.File(CopyName), started).Select(t => t - started)],
            evidence.CountedVehicles - before.Sum(l => l.Counted),
            evidence.Lost + evidence.CoverageLost);
        var end = moment is null ? "stopped" : moment.InStartUp ? $"killed {moment.After.TotalSeconds:0.0} s after its start" : $"killed {moment.After.TotalSeconds:0.0} s after its first frame{(moment.AtWrite ? ", behind a write" : "")}";
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"life {before.Count + 1}: {end}; first frame after {(judged.FirstFrames.Count > 0 ? $"{judged.FirstFrames[0].TotalSeconds:0.0} s" : "-")}, {judged.Counted} vehicles counted, {judged.Waiting} deliveries waiting, {evidence.Doubled} doubled"));
        return judged;
    }

    /// <summary>What was stored comes before what was counted of it.</summary>
    private static Evidence Read(NodeFiles files, JournalDecoder decoder, TempFolder folder) =>
        File.Exists(files.Outbox) && File.Exists(files.Journal)
            ? decoder.Decode(
                [
                    .. JournalFile.Read(JournalFile.Copy(files.Outbox, folder.File(CopyName))),
                    .. JournalFile.Read(JournalFile.Copy(files.Journal, folder.File("journal-copy.db"))),
                ],
                files.Site.Id.Value)
            : new Evidence();
}
