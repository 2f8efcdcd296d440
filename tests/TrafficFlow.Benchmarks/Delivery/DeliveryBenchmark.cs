using System.Data.Common;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using TrafficFlow.Roadside.Uplink;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Benchmarks.Delivery;

/// <summary>Durable events per second from outbox to read table, and the time from a crossing to a subscriber.</summary>
internal sealed class DeliveryBenchmark : IBenchmark
{
    private const int Cameras = 8;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public string Name => "delivery";

    public string Description =>
        """
        Eight cameras' counts, stored by their outboxes, delivered, counted by aggregators and read back from the read table, on SQLite and on
        PostgreSQL; against a bare prepared insert of the same rows, 500 a commit, in the same run. Then 100 events a second, each timed from
        the tracker's Store to a subscriber in a cluster node of its own. And Akka.Delivery's durable queue on the same SQLite.
          sqlite_events_per_s, sqlite_ratio >= 0.15, postgres_events_per_s >= 10000, postgres_ratio >= 0.15, p99_ms <= 250
        """;

    public async Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        var rows = new CountedRows(Cameras, isQuick ? 10_000 : 50_000, TimeSpan.FromHours(isQuick ? 1 : 4));
        var figures = new Figures().Add("cameras", Cameras).Add("events", Entries(rows));

        var rounds = isQuick ? 1 : 3;
        var (product, bare) = (new List<double>(), new List<double>());
        for (var i = 0; i < rounds; i++)
        {
            bare.Add(await BareInsert.SqliteAsync(folder.File($"bare-{i}.db"), rows, cancellation));
            product.Add(await ThroughAsync(folder, $"sqlite-{i}", new SqliteJournal(folder.File($"journal-{i}.db")), rows, cancellation));
            Say("sqlite", product[^1], bare[^1]);
        }

        figures.Add("sqlite_events_per_s", product.Median(), 0).Add("sqlite_bare_rows_per_s", bare.Median(), 0)
            .Add("sqlite_ratio", product.Median() / bare.Median(), 3);

        if (PostgresServer.Missing is { } missing) throw new BenchmarkException(BenchmarkException.CannotRun, missing);
        (product, bare) = ([], []);
        for (var i = 0; i < rounds; i++)
        {
            await using var server = await PostgresServer.CreateAsync();
            var journal = new PostgresJournal(server.Connection(), server.PasswordFile);
            await PostgresCheck.LookAsync(journal, cancellation);
            bare.Add(await BareInsert.PostgresAsync(journal.Source, rows, cancellation));
            product.Add(await ThroughAsync(folder, $"postgres-{i}", journal, rows, cancellation));
            Say("postgres", product[^1], bare[^1]);
        }

        figures.Add("postgres_events_per_s", product.Median(), 0).Add("postgres_bare_rows_per_s", bare.Median(), 0)
            .Add("postgres_ratio", product.Median() / bare.Median(), 3);

        var latencies = await Latency.MeasureAsync(folder, TimeSpan.FromSeconds(isQuick ? 6 : 60), cancellation);
        figures.Add("p50_ms", latencies.Percentile(0.5), 1).Add("p99_ms", latencies.Percentile(0.99), 1).Add("latency_events", latencies.Count);
        figures.Add("akka_delivery_durable_queue_per_s", await AkkaDelivery.MeasureAsync(folder, TimeSpan.FromSeconds(isQuick ? 3 : 10), cancellation), 0);
        return figures;
    }

    /// <returns>Entries per second, from the first Store to the last closed bin in the read table.</returns>
    private static async Task<double> ThroughAsync(TempFolder folder, string name, JournalSettings journal, CountedRows rows, CancellationToken cancellation)
    {
        await using var node = await DeliveryNode.StartAsync(folder.File($"{name}-outbox.db"), journal, rows.Site);
        await using var database = await OpenAsync(journal, cancellation);
        var uplink = node.Roadside.Registry.Get<UplinkActor>();
        var stored = rows.Site.Cameras.ToDictionary(c => c, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var clock = Stopwatch.StartNew();
        foreach (var camera in rows.Site.Cameras)
            node.Roadside.System.ActorOf(OutboxFeeder.Props(rows.Site.Id, camera, rows.Provenance, rows.Of(camera), uplink, stored[camera]), camera.Id.Value);
        await Task.WhenAll(stored.Values.Select(s => s.Task)).WaitAsync(cancellation);
        var storedAfter = clock.Elapsed;
        long counted;
        while ((counted = await CountedAsync(database, cancellation)) < rows.Vehicles)
        {
            if (clock.Elapsed > TimeSpan.FromMinutes(10))
                throw new BenchmarkException(BenchmarkException.Failed, $"only {counted} of {rows.Vehicles} vehicles reached the read table of {name}");
            await Task.Delay(Look, cancellation);
        }

        if (counted != rows.Vehicles) throw new BenchmarkException(BenchmarkException.Failed, $"{counted} for {rows.Vehicles} vehicles in the read table of {name}");
        Console.Error.WriteLine($"{name}: stored after {storedAfter.TotalSeconds:0.0} s, in the read table after {clock.Elapsed.TotalSeconds:0.0} s");
        return Entries(rows) / clock.Elapsed.TotalSeconds;
    }

    private static long Entries(CountedRows rows) => rows.Site.Cameras.Sum(c => rows.Of(c).LongCount());

    private static async Task<DbConnection> OpenAsync(JournalSettings journal, CancellationToken cancellation)
    {
        if (journal is PostgresJournal postgres) return await postgres.Source.OpenConnectionAsync(cancellation);
        var connection = new SqliteConnection(((SqliteJournal)journal).TablesConnectionString);
        await connection.OpenAsync(cancellation);
        return connection;
    }

    private static async Task<long> CountedAsync(DbConnection database, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand();
        command.CommandText = "SELECT CAST(coalesce(sum(count), 0) AS bigint) FROM flow_counts_latest WHERE minutes = 60";
        try
        {
            return Convert.ToInt64(await command.ExecuteScalarAsync(cancellation), System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (DbException)
        {
            // The tables are made just now.
            return 0;
        }
    }

    private static void Say(string name, double product, double bare) =>
        Console.Error.WriteLine($"{name}: {product:0} events/s against {bare:0} bare rows/s, ratio {product / bare:0.000}");
}
