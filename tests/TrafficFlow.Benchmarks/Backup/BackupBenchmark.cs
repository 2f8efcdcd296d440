using System.Diagnostics;
using System.Globalization;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation.Replay;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Processes;

namespace TrafficFlow.Benchmarks.Backup;

/// <summary>A node that counts as fast as it can be asked to is backed up, and goes on elsewhere from there: is every vehicle counted once?</summary>
internal sealed class BackupBenchmark : IBenchmark
{
    private const double Speed = 900;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    public string Name => "backup";

    public string Description =>
        """
        A node with four replay cameras on SQLite counts at 900 times real time, which is more than 1,000 vehicles a second. `trafficflow backup`
        is run three times meanwhile; the second backup is restored into an empty folder, and both nodes count to the end of the same traffic.
        Every bin of every length of both is compared with the truth.
          events_per_s                           vehicles counted a second of the first node, from its start to its end
          events_per_s_during                    the same while backups were taken, of what the cameras had stored
          backup_s, backup_mb, restore_s         the longest backup; size of the second; its restoring
          restored_at_share                      how much of the traffic the second backup held
          lost, doubled, wrong_bins              over both nodes; must be 0
          bins_compared, vehicles                what that rests on
        """;

    public async Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        var hours = isQuick ? 6 : 24;
        var site = ReplaySite(hours);
        var (first, second) = (Write(folder, "first", site), Write(folder, "second", site));
        var span = new Interval(ReplaySource.Default.Start, ReplaySource.Default.Start.AddHours(hours));
        var clock = Stopwatch.StartNew();
        var (longest, share) = (TimeSpan.Zero, 0.0);
        var (began, ended) = (Progress.None, Progress.None);
        await using (var node = TrafficflowProcess.Start("run", "--config", first.Config))
        {
            await UntilAsync(node, () => ClosedShare(first, site, span) > 0.1, "a tenth of the traffic was counted", cancellation);
            began = Progress.Of(first, site, clock.Elapsed);
            foreach (var number in new[] { 1, 2, 3 })
            {
                if (number == 2) share = ClosedShare(first, site, span);
                var one = Stopwatch.StartNew();
                await RunAsync("backup", folder.File($"backup-{number}"), "--config", first.Config);
                if (one.Elapsed > longest) longest = one.Elapsed;
            }

            ended = Progress.Of(first, site, clock.Elapsed);
            await CountToTheEndAsync(node, first, site, span, cancellation);
        }

        var counted = clock.Elapsed;
        clock.Restart();
        await RunAsync("restore", folder.File("backup-2"), "--data", second.Data);
        var restored = clock.Elapsed;
        await using (var node = TrafficflowProcess.Start("run", "--config", second.Config)) await CountToTheEndAsync(node, second, site, span, cancellation);

        var truth = new ReplayTruth(site, new ReplayScripts().Script);
        IReadOnlyList<ApproachId> approaches = [.. site.Approaches.Select(a => a.Id)];
        IReadOnlyList<BinComparison> compared = [.. new[] { first, second }.Select(n => BinComparison.Of(SqliteTables.Read(n.Tables, site.Id), truth, approaches, span))];
        foreach (var difference in compared.SelectMany(c => c.Differences).Take(20)) Console.Error.WriteLine($"WRONG: {difference}");
        return new Figures()
            .Add("events_per_s", compared[0].Vehicles / counted.TotalSeconds, 0)
            .Add("events_per_s_during", (ended.Vehicles - began.Vehicles) / (ended.At - began.At).TotalSeconds, 0)
            .Add("backup_s", longest.TotalSeconds, 2)
            .Add("backup_mb", Size(folder.File("backup-2")), 1)
            .Add("restore_s", restored.TotalSeconds, 2)
            .Add("restored_at_share", share, 2)
            .Add("lost", compared.Sum(c => c.Lost))
            .Add("doubled", compared.Sum(c => c.Doubled))
            .Add("wrong_bins", compared.Sum(c => c.Wrong))
            .Add("bins_compared", compared.Sum(c => c.Bins))
            .Add("vehicles", compared.Sum(c => c.Vehicles));
    }

    /// <summary>What a node's closed bins held at one moment.</summary>
    private sealed record Progress(TimeSpan At, long Vehicles)
    {
        public static readonly Progress None = new(TimeSpan.Zero, 0);

        public static Progress Of(NodePlace node, Site site, TimeSpan at) =>
            new(at, SqliteTables.Read(node.Tables, site.Id).Where(b => b.Duration == BinDuration.OneMinute).Sum(b => b.Counts.Values.Sum()));
    }

    private sealed record NodePlace(string Config, string Data)
    {
        public string Tables => Path.Combine(Data, "journal.flows.db");
    }

    private static NodePlace Write(TempFolder folder, string name, Site site)
    {
        var place = Directory.CreateDirectory(folder.File(name)).FullName;
        File.WriteAllText(Path.Combine(place, "site.conf"), SyntheticSiteFile.Write(site));
        var config = Path.Combine(place, "node.conf");
        File.WriteAllText(config, "trafficflow.node {\n  roles = [roadside, server]\n  sites = [\"site.conf\"]\n  data-directory = \"data\"\n}\n");
        return new NodePlace(config, Path.Combine(place, "data"));
    }

    /// <summary>The synthetic junction with replay cameras; a little longer than what is compared, so that its last bins close.</summary>
    private static Site ReplaySite(int hours)
    {
        var site = ClusterFiles.Site(seed: 5, Speed);
        return site with { Cameras = [.. site.Cameras.Select(c => c with { Source = string.Create(CultureInfo.InvariantCulture, $"{c.Source}&hours={hours + 0.05}") })] };
    }

    private static double ClosedShare(NodePlace node, Site site, Interval span)
    {
        var through = BinComparison.ClosedThrough(SqliteTables.Read(node.Tables, site.Id), [.. site.Approaches.Select(a => a.Id)]);
        return through is { } closed ? (closed - span.From) / span.Length : 0;
    }

    private static async Task CountToTheEndAsync(TrafficflowProcess running, NodePlace node, Site site, Interval span, CancellationToken cancellation)
    {
        await UntilAsync(running, () => ClosedShare(node, site, span) >= 1, "all the traffic was counted", cancellation);
        running.Terminate();
        await running.WaitAsync(Patience);
    }

    private static async Task UntilAsync(TrafficflowProcess node, Func<bool> holds, string what, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while (!holds())
        {
            if (!node.IsRunning || clock.Elapsed > Patience) throw new BenchmarkException(BenchmarkException.Failed, $"it did not come true that {what}: {node.Error}");
            await Task.Delay(Look, cancellation);
        }
    }

    private static async Task RunAsync(params string[] args)
    {
        var ended = await TrafficflowProcess.RunAsync(args);
        if (ended.Code != 0) throw new BenchmarkException(BenchmarkException.Failed, $"trafficflow {args[0]}: {ended.Error}");
    }

    private static double Size(string folder) => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length) / 1e6;
}
