using Akka.Actor;
using Akka.Configuration;
using Microsoft.Data.Sqlite;
using Npgsql;
using TrafficFlow.Node.Settings;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Benchmarks.Scale;

/// <summary>What an aggregator journaled, and when the database had it for good.</summary>
internal sealed record CountedRow(string PersistenceId, DateTimeOffset Committed, BatchCounted Counted);

/// <summary>Reads the journals of a cluster with SQL and the product's serializer; nothing else of the product takes part.</summary>
internal sealed class CountedJournal : IDisposable
{
    private readonly ActorSystem _system =
        ActorSystem.Create("evidence", ConfigurationFactory.ParseString("akka { loglevel = WARNING, stdout-loglevel = ERROR }").WithFallback(ActorsSettings.Reference));

    /// <summary>Rows of the aggregators in the order in which they were written.</summary>
    /// <param name="persistenceIds">As LIKE takes it.</param>
    public async Task<IReadOnlyList<CountedRow>> ReadAsync(ProcessCluster cluster, string persistenceIds, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(cluster.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(
            """
            SELECT persistence_id, committed, identifier, manifest, message FROM
              (SELECT *, pg_xact_commit_timestamp(xmin) AS committed FROM journal WHERE manifest LIKE 'batch-counted-%' AND persistence_id LIKE $1) j
            WHERE committed >= $2 AND committed < $3 ORDER BY ordering
            """,
            connection)
        {
            Parameters = { new() { Value = persistenceIds }, new() { Value = from.UtcDateTime }, new() { Value = to.UtcDateTime } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<CountedRow>();
        while (await reader.ReadAsync(cancellation))
        {
            var e = _system.Serialization.Deserialize(reader.GetFieldValue<byte[]>(4), reader.GetInt32(2), reader.GetString(3));
            rows.Add(new CountedRow(reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1), (BatchCounted)e));
        }

        return rows;
    }

    /// <summary>
    /// When event time zero was, for each camera at its replay's pace: as early as the earliest of its counts reached the outbox' journal,
    /// relative to its event time. Later counts then waited, on the roadside too.
    /// </summary>
    public IReadOnlyDictionary<string, DateTimeOffset> PaceOf(string outboxFile, DateTimeOffset start)
    {
        var began = new Dictionary<string, DateTimeOffset>();
        using var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = outboxFile, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = "SELECT created, identifier, manifest, message FROM journal WHERE manifest LIKE 'entries-stored-v%'";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var created = new DateTimeOffset(reader.GetInt64(0), TimeSpan.Zero);
            var stored = (EntriesStored)_system.Serialization.Deserialize(reader.GetFieldValue<byte[]>(3), reader.GetInt32(1), reader.GetString(2));
            foreach (var entry in stored.Entries)
            {
                var (camera, time) = entry switch
                {
                    VehicleEntry v => (v.Vehicle.Camera.Value, v.Vehicle.Time),
                    CoverageEntry c => (c.Coverage.Camera.Value, c.Coverage.To),
                    _ => throw new BenchmarkException(BenchmarkException.Failed, $"an outbox stored {entry}"),
                };
                var zero = created - (time - start);
                if (!began.TryGetValue(camera, out var earliest) || zero < earliest) began[camera] = zero;
            }
        }

        return began;
    }

    public void Dispose() => _system.Dispose();
}
