using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using TrafficFlow.Server;
using TrafficFlow.Server.Aggregation;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Server.Membership;
using TrafficFlow.Wire;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Hosting;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Routing;

namespace TrafficFlow.Benchmarks.Age;

/// <summary>What a junction leaves behind in a year: does anything grow that should not, and does recovery take longer?</summary>
internal sealed class AgeBenchmark : IBenchmark
{
    private const int Days = 365;
    private const int LiveBatch = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly AggregationSettings Shipped = new();
    private static readonly AggregationSettings Scaled = Shipped with
    {
        SnapshotEvery = Shipped.SnapshotEvery * LiveBatch / JunctionDays.BatchEntries,
        TrimMargin = Shipped.TrimMargin * LiveBatch / JunctionDays.BatchEntries,
    };

    public string Name => "age";

    public string Description =>
        """
        A server in this process on SQLite takes a simulated year of a junction with four approaches, as fast as it can: 2,000 vehicles a day
        and approach, coverage each minute. A batch has 500 entries where a live one has two, so a snapshot is taken, and the journal
        trimmed, after a 250th of the shipped number of events. It ends after five minutes with as many days as were done (--quick: 40 s).
        Then the server is started again.
          days, journal_rows, journal_mb    simulated, and what the journal of the aggregators holds at the end
          journal_rows_at_half              the same when half of the time had passed: it must not be much less
          events                            that were journaled in all
          table_mb, table_mb_at_half        read tables; they grow as far as their retention reaches
          snapshot_kb, snapshots            the largest snapshot, and how many are kept
          recovery_s                        from the start of the actor system until all approaches answer; at most 5
          memory_mb, memory_mb_at_half      managed memory in use after a collection
          lost                              vehicles that the recovered approaches do not know; must be 0
        """;

    public async Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        var journal = new SqliteJournal(folder.File("journal.db"));
        var days = new JunctionDays(DateTimeOffset.UtcNow.Date.AddDays(-Days - 10));
        var budget = TimeSpan.FromSeconds(isQuick ? 40 : 290);
        var clock = Stopwatch.StartNew();
        Taken? half = null;
        var done = 0;
        long events = 0;
        await using (var node = await StartAsync(journal, days))
        {
            var region = node.Registry.Get<ApproachRegion>();
            for (; done < Days && clock.Elapsed < budget; done++)
            {
                await FeedAsync(node.System, region, days, done).WaitAsync(Patience, cancellation);
                await WrittenAsync(region, days, cancellation);
                if (half is null && clock.Elapsed >= budget / 2) half = Look(journal, done + 1);
                if (done % 30 == 29) Look(journal, done + 1);
            }

            foreach (var approach in days.Approaches) events += (await StatusAsync(region, days, approach)).Cameras.Sum(c => c.HighWater.Sequence) / JunctionDays.BatchEntries;
        }

        var end = Look(journal, done);
        half ??= end;
        SqliteConnection.ClearAllPools();
        clock.Restart();
        await using var again = await StartAsync(journal, days);
        long counted = 0;
        foreach (var approach in days.Approaches) counted += (await StatusAsync(again.Registry.Get<ApproachRegion>(), days, approach)).Total(Core.Flow.Movement.Entering);
        var recovery = clock.Elapsed;
        return new Figures()
            .Add("days", done)
            .Add("events", events)
            .Add("journal_rows", end.JournalRows)
            .Add("journal_rows_at_half", half.JournalRows)
            .Add("journal_mb", end.JournalMb, 1)
            .Add("table_mb", end.TableMb, 1)
            .Add("table_mb_at_half", half.TableMb, 1)
            .Add("snapshot_kb", end.SnapshotKb, 1)
            .Add("snapshots", end.Snapshots)
            .Add("recovery_s", recovery.TotalSeconds, 2)
            .Add("memory_mb", end.MemoryMb, 1)
            .Add("memory_mb_at_half", half.MemoryMb, 1)
            .Add("lost", ((long)done * JunctionDays.VehiclesADay * days.Approaches.Count) - counted);
    }

    private static Task<HostedActorSystem> StartAsync(SqliteJournal journal, JunctionDays days) => HostedActorSystem.StartAsync(
        "trafficflow", NullLoggerFactory.Instance, akka => akka
            .AddHocon("akka { loglevel = WARNING, stdout-loglevel = ERROR }", HoconAddMode.Prepend)
            .WithTrafficFlowSerialization()
            .WithTrafficFlowCluster(ClusterMembership.Alone(TrafficFlowRoles.Server), journal)
            .WithTrafficFlowJournal(journal, waitInOutage: true)
            .WithFlowTables(journal)
            .WithApproachAggregators(new SiteRegistry(days.Site), Scaled));

    private static Task FeedAsync(ActorSystem system, IActorRef region, JunctionDays days, int day) => Task.WhenAll(days.Site.Cameras.Select(camera =>
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        system.ActorOf(Props.Create(() => new DayFeeder(days, camera, day, region, ended)));
        return ended.Task;
    }));

    /// <summary>Real days never run ahead of the read tables; what they have not confirmed would be in the snapshots.</summary>
    private static async Task WrittenAsync(IActorRef region, JunctionDays days, CancellationToken cancellation)
    {
        foreach (var approach in days.Approaches)
            while ((await StatusAsync(region, days, approach)).Unwritten > 0) await Task.Delay(20, cancellation);
    }

    private static Task<ApproachStatus> StatusAsync(IActorRef region, JunctionDays days, Core.Sites.ApproachId approach) =>
        region.Ask<ApproachStatus>(new GetApproachStatus(days.Site.Id, approach), Patience);

    private sealed record Taken(long JournalRows, double JournalMb, double TableMb, double SnapshotKb, long Snapshots, double MemoryMb);

    private static Taken Look(SqliteJournal journal, int day)
    {
        var taken = new Taken(
            Number(journal.ConnectionString, "SELECT count(*) FROM journal"),
            Megabytes(journal.File), Megabytes(journal.TablesFile),
            Number(journal.ConnectionString, "SELECT coalesce(max(length(snapshot)), 0) FROM snapshot") / 1000.0,
            Number(journal.ConnectionString, "SELECT count(*) FROM snapshot WHERE persistence_id LIKE 'approach-%'"),
            GC.GetTotalMemory(forceFullCollection: true) / 1e6);
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"day {day}: {taken.JournalRows} journal rows, {taken.JournalMb:0.0} MB; tables {taken.TableMb:0.0} MB; {taken.Snapshots} snapshots of at most {taken.SnapshotKb:0} kB; {taken.MemoryMb:0} MB of memory"));
        return taken;
    }

    private static double Megabytes(string file) =>
        new[] { file, $"{file}-wal" }.Where(System.IO.File.Exists).Sum(f => new FileInfo(f).Length) / 1e6;

    private static long Number(string connection, string sql)
    {
        using var database = new SqliteConnection(connection);
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
