using System.Data.Common;
using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;
using TrafficFlow.Core.Detection;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Benchmarks.Delivery;

/// <summary>
/// The baseline: the same entries as plain rows, 500 a commit, one connection, as durable as the product's: a prepared insert on SQLite, one
/// statement for all 500 on PostgreSQL, which spares the round trips.
/// </summary>
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

    private static readonly NpgsqlDbType[] Types =
    [
        NpgsqlDbType.Text, NpgsqlDbType.Bigint, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Bigint, NpgsqlDbType.Text, NpgsqlDbType.Boolean,
        NpgsqlDbType.Double, NpgsqlDbType.Bigint, NpgsqlDbType.Integer, NpgsqlDbType.Integer,
    ];

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
        await using var insert = new NpgsqlCommand(
            $"INSERT INTO bare SELECT * FROM unnest({string.Join(", ", Types.Select((_, i) => $"${i + 1}"))})", connection);
        foreach (var type in Types) insert.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | type });
        var clock = Stopwatch.StartNew();
        var count = 0L;
        foreach (var chunk in rows.Site.Cameras.SelectMany(c => rows.Of(c).Select(e => Values(c.Id.Value, e))).Chunk(PerCommit))
        {
            for (var i = 0; i < Types.Length; i++) insert.Parameters[i].Value = chunk.Select(v => v[i]).ToArray();
            await insert.ExecuteNonQueryAsync(cancellation);
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

    private static async Task ExecuteAsync(DbConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
