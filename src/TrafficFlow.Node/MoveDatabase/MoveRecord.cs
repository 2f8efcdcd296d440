using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace TrafficFlow.Node.MoveDatabase;

/// <summary>What a move has filled a database with; written together with it, so that where it stands all of that is there.</summary>
/// <param name="Source">The journal's file, and its machine.</param>
/// <param name="Tables">By name.</param>
internal sealed record MoveRecord(string Id, string Source, DateTimeOffset At, string Version, IReadOnlyDictionary<string, TableSum> Tables)
{
    public const string Table = "trafficflow_moves";
    public const string Create = $"CREATE TABLE IF NOT EXISTS {Table} (id text PRIMARY KEY, source text NOT NULL, moved_at timestamptz NOT NULL, version text NOT NULL, tables jsonb NOT NULL)";
    public const string Select = $"SELECT id, source, moved_at, version, tables FROM {Table}";
    public const string Delete = $"DELETE FROM {Table}";

    public static MoveRecord Of(NpgsqlDataReader reader) => new(
        reader.GetString(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetString(3),
        JsonSerializer.Deserialize<Dictionary<string, TableSum>>(reader.GetString(4)) ?? []);

    public NpgsqlCommand Insert(NpgsqlConnection connection) => new($"INSERT INTO {Table} (id, source, moved_at, version, tables) VALUES ($1, $2, $3, $4, $5)", connection)
    {
        Parameters =
        {
            new() { Value = Id },
            new() { Value = Source },
            new() { Value = At.ToUniversalTime() },
            new() { Value = Version },
            new() { Value = JsonSerializer.Serialize(Tables), NpgsqlDbType = NpgsqlDbType.Jsonb },
        },
    };
}
