using System.Diagnostics;
using TrafficFlow.SystemTests.Lab;

namespace TrafficFlow.Benchmarks.Failover;

/// <summary>How long counts stand still when a server dies, and how long a server with a long journal takes to be back.</summary>
internal sealed class FailoverBenchmark : IBenchmark
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public string Name => "failover";

    public string Description =>
        """
        Two servers on one PostgreSQL and a roadside with replayed cameras, real processes on hosts of their own, certificates, shipped
        settings. One server after the other is killed with SIGKILL; failover_s is the median time until every approach has counted again
        what came after the kill, failover_worst_s the longest. Then a server alone, whose 40 approaches have a million journaled events, is
        killed and started: recovery_s runs from the start of its process until all 40 answer.
          failover_s <= 15, recovery_s <= 5
        """;

    public async Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation)
    {
        try
        {
            var figures = new Figures();
            var failovers = await FailoversAsync(isQuick ? 1 : 6, cancellation);
            figures.Add("failover_s", failovers.Median(), 1).Add("failover_worst_s", failovers.Max(), 1).Add("failovers", failovers.Count);
            var recovery = await (isQuick ? LongJournal.RecoverAsync(60_000, 1, 1, cancellation) : LongJournal.RecoverAsync(1_001_000, 8, 3, cancellation));
            return figures
                .Add("journaled_events", recovery.JournaledEvents)
                .Add("recovery_s", recovery.Seconds.Median(), 2)
                .Add("recovery_worst_s", recovery.Seconds.Max(), 2)
                .Add("process_start_s", recovery.ProcessStart.Median(), 2);
        }
        catch (LabUnavailableException e)
        {
            throw new BenchmarkException(BenchmarkException.CannotRun, e.Message);
        }
    }

    private static async Task<IReadOnlyList<double>> FailoversAsync(int times, CancellationToken cancellation)
    {
        await using var cluster = await LabCluster.CreateAsync(new LabClusterSettings(Seed: 1, Speed: 20, RoadsideDisk: "400m"));
        await cluster.StartAsync();
        await UntilAllCountAsync(cluster, 0, cancellation);
        var seconds = new List<double>();
        for (var i = 0; i < times; i++)
        {
            // Both have had their time to settle after the last round: which of them is the older one changes with each.
            await Task.Delay(TimeSpan.FromSeconds(8), cancellation);
            var victim = cluster.Servers[i % 2];
            var last = await LastRowAsync(cluster.Database);
            var clock = Stopwatch.StartNew();
            await victim.KillAsync();
            await UntilAllCountAsync(cluster, last, cancellation);
            seconds.Add(clock.Elapsed.TotalSeconds);
            Console.Error.WriteLine($"failover {i + 1}: {victim.Name} killed, every approach counts again after {seconds[^1]:0.0} s");
            await victim.StartAsync();
        }

        return seconds;
    }

    /// <summary>Until every approach has journaled a count after this row.</summary>
    private static async Task UntilAllCountAsync(LabCluster cluster, long after, CancellationToken cancellation)
    {
        var approaches = cluster.Site.Approaches.Count;
        var clock = Stopwatch.StartNew();
        while (true)
        {
            // A row that was written just before the kill may be seen just after it: what counts again counts more than once.
            var counting = await NumberAsync(
                cluster.Database,
                $"""
                SELECT count(*) FROM (SELECT persistence_id FROM journal WHERE ordering > {after} AND manifest LIKE 'batch-counted-%'
                AND persistence_id NOT LIKE '%\_gates' GROUP BY 1 HAVING count(*) > 3) a
                """);
            if (counting >= approaches) return;
            if (clock.Elapsed > Patience)
                throw new BenchmarkException(BenchmarkException.Failed, $"only {counting} of {approaches} approaches counted again within {Patience.TotalSeconds:0} s");
            await Task.Delay(Look, cancellation);
        }
    }

    private static Task<long> LastRowAsync(PostgresServer database) => NumberAsync(database, "SELECT coalesce(max(ordering), 0) FROM journal");

    private static async Task<long> NumberAsync(PostgresServer database, string sql)
    {
        try
        {
            return long.Parse((await database.SqlAsync(sql, PostgresServer.Database)).Trim(), System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            // The tables are made just now.
            return 0;
        }
    }
}
