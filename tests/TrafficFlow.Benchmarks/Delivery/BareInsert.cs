using System.Data.Common;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Npgsql;
using TrafficFlow.Actors.Delivery;
using TrafficFlow.Core.Detection;

namespace TrafficFlow.Benchmarks.Delivery;

/// <summary>The baseline: the same entries as plain rows, a prepared insert, a commit for each 500, one connection, as durable as the product's.</summary>
internal static class BareInsert
{
    private const int PerCommit = 500;

    private const string Create =
        """
        CREATE TABLE bare (camera text, sequence bigint, approach text, movement text, time_ticks bigint, class text, small boolean,
          speed_kmh double precision, until_ticks bigint, processed integer, dropped integer, PRIMARY KEY (camera, sequence))
        """;

    private static readonly string[] Columns =
        ["camera", "sequence", "approach", "movement", "time_ticks", "class", "small", "speed_kmh", "until_ticks", "processed", "dropped"];

    /// <returns>Rows per second.</returns>
    public static async Task<double> SqliteAsync(string file, CountedRows rows, CancellationToken cancellation)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync(cancellation);
        await ExecuteAsync(connection, "PRAGMA journal_mode=WAL", cancellation);
        return await RunAsync(connection, rows, cancellation);
    }

    /// <returns>Rows per second.</returns>
    public static async Task<double> PostgresAsync(NpgsqlDataSource source, CountedRows rows, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await ExecuteAsync(connection, Create, cancellation);
        var clock = Stopwatch.StartNew();
        var count = 0L;
        foreach (var chunk in rows.Site.Cameras.SelectMany(c => rows.Of(c).Select(e => Values(c.Id.Value, e))).Chunk(PerCommit))
        {
            await using var batch = new NpgsqlBatch(connection, await connection.BeginTransactionAsync(cancellation));
            foreach (var values in chunk)
            {
                var insert = new NpgsqlBatchCommand($"INSERT INTO bare VALUES ({string.Join(", ", values.Select((_, i) => $"${i + 1}"))})");
                foreach (var value in values) insert.Parameters.Add(Parameter(value));
                batch.BatchCommands.Add(insert);
            }

            await batch.ExecuteNonQueryAsync(cancellation);
            await batch.Transaction!.CommitAsync(cancellation);
            count += chunk.Length;
        }

        return count / clock.Elapsed.TotalSeconds;
    }

    private static async Task<double> RunAsync(SqliteConnection connection, CountedRows rows, CancellationToken cancellation)
    {
        await ExecuteAsync(connection, Create, cancellation);
        await using var insert = connection.CreateCommand();
        insert.CommandText = $"INSERT INTO bare VALUES ({string.Join(", ", Columns.Select(c => $"${c}"))})";
        var parameters = Columns.Select(c => insert.Parameters.Add(new SqliteParameter($"${c}", null))).ToList();
        await insert.PrepareAsync(cancellation);
        var clock = Stopwatch.StartNew();
        var count = 0L;
        foreach (var chunk in rows.Site.Cameras.SelectMany(c => rows.Of(c).Select(e => Values(c.Id.Value, e))).Chunk(PerCommit))
        {
            await using var transaction = (SqliteTransaction)await connection.BeginTransactionAsync(cancellation);
            insert.Transaction = transaction;
            foreach (var values in chunk)
            {
                for (var i = 0; i < values.Length; i++) parameters[i].Value = values[i] ?? DBNull.Value;
                insert.ExecuteNonQuery();
            }

            await transaction.CommitAsync(cancellation);
            count += chunk.Length;
        }

        return count / clock.Elapsed.TotalSeconds;
    }

    private static object?[] Values(string camera, OutboxEntry entry) => entry switch
    {
        VehicleEntry { Vehicle: var v } =>
            [camera, entry.Sequence, v.Approach.Value, v.Movement.Name, v.Time.UtcTicks, v.Class.Name(), v.Size == VehicleSize.Small, v.SpeedKmh, null, null, null],
        CoverageEntry { Coverage: var c } =>
            [camera, entry.Sequence, null, null, c.From.UtcTicks, null, null, null, c.To.UtcTicks, c.FramesProcessed, c.FramesDropped],
        _ => throw new NotSupportedException(entry.GetType().Name),
    };

    private static NpgsqlParameter Parameter(object? value) => new() { Value = value ?? DBNull.Value };

    private static async Task ExecuteAsync(DbConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
