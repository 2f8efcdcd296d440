using System.Diagnostics;
using System.Globalization;
using TrafficFlow.Benchmarks.Scale;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Simulation.Replay;
using TrafficFlow.SystemTests.Lab;

namespace TrafficFlow.Benchmarks.Outage;

/// <summary>Only the database goes away, under load, and comes back: how loud is that, how soon do counts go on, is anything lost?</summary>
internal sealed class DatabaseOutageBenchmark : IBenchmark
{
    private const int Cameras = 8;
    private const int Speed = 25;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private static readonly ReplayScripts Logs = new();

    public string Name => "outage-db";

    public string Description =>
        """
        A roadside with eight virtual cameras at 25 times their speed, a server and a PostgreSQL, real processes with shipped settings. The
        database is killed with SIGKILL and is back 5 s later; then it is stopped in order, which breaks transactions, for 60 s (--quick: 12 s).
          lines_logged_5s, lines_logged_60s  lines that both nodes logged, from the outage until counts had gone on for 5 s
          back_s_5s, back_s_60s              from the moment at which the database takes connections until every approach counts; at most 10
          lost, doubled                      vehicles in the read tables against the truth; must be 0
        """;

    public async Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation)
    {
        await using var ground = await ProcessGround.CreateAsync();
        var sites = Junctions.Make("load", Cameras, (junction, _) => string.Create(CultureInfo.InvariantCulture, $"replay:simulation?speed={Speed}&phase={junction * 600}"));
        await using var cluster = await ground.ClusterAsync(PostgresServer.Database, sites, servers: 1);
        var approaches = sites.Sum(s => ApproachSetup.Of(s).Count);
        foreach (var node in cluster.Servers.Append(cluster.Roadside)) await node.StartAsync();
        await UntilAsync(async () => await cluster.CountingAsync(cancellation) >= approaches, cluster, "every approach counts", cancellation);
        await Task.Delay(TimeSpan.FromSeconds(isQuick ? 3 : 10), cancellation);

        var brief = await OutageAsync(cluster, ground.Database, ground.Database.KillAsync, TimeSpan.FromSeconds(5), approaches, cancellation);
        var lengthy = await OutageAsync(cluster, ground.Database, ground.Database.StopAsync, TimeSpan.FromSeconds(isQuick ? 12 : 60), approaches, cancellation);

        // What the cameras had played when the last outage ended is closed some minutes of event time later.
        var owed = await ReplayComparison.ClosedThroughAsync(ground.Database, sites) + TimeSpan.FromMinutes(5);
        await UntilAsync(async () => await ReplayComparison.ClosedThroughAsync(ground.Database, sites) >= owed, cluster, "the tables hold what was owed", cancellation);
        var compared = await ReplayComparison.CompareAsync(ground.Database, sites, Logs);
        foreach (var difference in compared.SelectMany(c => c.Differences).Take(20)) Console.Error.WriteLine($"WRONG: {difference}");
        cluster.MustLive();
        return new Figures()
            .Add("lines_logged_5s", brief.Lines)
            .Add("back_s_5s", brief.BackSeconds, 1)
            .Add("lines_logged_60s", lengthy.Lines)
            .Add("back_s_60s", lengthy.BackSeconds, 1)
            .Add("vehicles", compared.Sum(c => c.Vehicles))
            .Add("wrong_bins", compared.Sum(c => c.Wrong))
            .Add("lost", compared.Sum(c => c.Lost))
            .Add("doubled", compared.Sum(c => c.Doubled));
    }

    private static async Task<(long Lines, double BackSeconds)> OutageAsync(
        ProcessCluster cluster, PostgresServer database, Func<Task> end, TimeSpan length, int approaches, CancellationToken cancellation)
    {
        var before = Lines(cluster);
        var last = await LastRowAsync(cluster, cancellation) ?? throw cluster.Failed("the database does not answer before the outage");
        await end();
        await Task.Delay(length, cancellation);
        await database.StartAsync();
        var clock = Stopwatch.StartNew();
        // What was under way when it went is not yet a count that goes on.
        last = Math.Max(last, await LastRowAsync(cluster, cancellation) ?? last);
        await UntilAsync(
            async () => await cluster.NumberAsync(
                $"SELECT count(DISTINCT persistence_id) FROM journal WHERE ordering > {last} AND manifest LIKE 'batch-counted-%'", cancellation) >= approaches,
            cluster, "every approach counts again", cancellation);
        var back = clock.Elapsed.TotalSeconds;
        await Task.Delay(TimeSpan.FromSeconds(5), cancellation);
        var lines = Lines(cluster) - before;
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"away for {length.TotalSeconds:0} s: {lines} lines, every approach counts again after {back:0.0} s"));
        return (lines, back);
    }

    private static Task<long?> LastRowAsync(ProcessCluster cluster, CancellationToken cancellation) =>
        cluster.NumberAsync("SELECT coalesce(max(ordering), 0) FROM journal", cancellation);

    private static long Lines(ProcessCluster cluster) => cluster.Nodes.Sum(n => File.ReadLines(n.Log).LongCount());

    private static async Task UntilAsync(Func<Task<bool>> holds, ProcessCluster cluster, string what, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while (!await holds())
        {
            cluster.MustLive();
            if (clock.Elapsed > Patience) throw cluster.Failed($"within {Patience.TotalSeconds:0} s it did not come true that {what}");
            await Task.Delay(Look, cancellation);
        }
    }
}
