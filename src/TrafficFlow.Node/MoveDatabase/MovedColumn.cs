using NpgsqlTypes;

namespace TrafficFlow.Node.MoveDatabase;

internal enum ValueKind
{
    Text,
    Whole,
    Flag,
    Number,
    Time,
    Json,
    Bytes,
}

/// <summary>
/// A column as both databases hold it. Between them a value is null, or one .NET type for each kind: string, long, bool, double, DateTime in UTC, string
/// (of JSON), byte[].
/// </summary>
/// <param name="Type">In PostgreSQL.</param>
internal sealed record MovedColumn(string Name, ValueKind Kind, NpgsqlDbType Type)
{
    /// <param name="type">As PostgreSQL names it, without a length.</param>
    /// <returns>Null where no table of ours has such a column.</returns>
    public static MovedColumn? Of(string name, string type) => type switch
    {
        "text" => new MovedColumn(name, ValueKind.Text, NpgsqlDbType.Text),
        "character varying" => new MovedColumn(name, ValueKind.Text, NpgsqlDbType.Varchar),
        "bigint" => new MovedColumn(name, ValueKind.Whole, NpgsqlDbType.Bigint),
        "integer" => new MovedColumn(name, ValueKind.Whole, NpgsqlDbType.Integer),
        "smallint" => new MovedColumn(name, ValueKind.Whole, NpgsqlDbType.Smallint),
        "boolean" => new MovedColumn(name, ValueKind.Flag, NpgsqlDbType.Boolean),
        "double precision" => new MovedColumn(name, ValueKind.Number, NpgsqlDbType.Double),
        "timestamp with time zone" => new MovedColumn(name, ValueKind.Time, NpgsqlDbType.TimestampTz),
        "jsonb" => new MovedColumn(name, ValueKind.Json, NpgsqlDbType.Jsonb),
        "bytea" => new MovedColumn(name, ValueKind.Bytes, NpgsqlDbType.Bytea),
        _ => null,
    };
}
