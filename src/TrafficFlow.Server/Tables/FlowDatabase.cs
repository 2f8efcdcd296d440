using System.Data.Common;
using System.Globalization;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Server.Tables;

/// <summary>What differs between the databases that can hold the read tables.</summary>
internal abstract class FlowDatabase
{
    /// <summary>Names the database in messages.</summary>
    public abstract string Name { get; }

    public static FlowDatabase Of(JournalSettings settings) => settings switch
    {
        SqliteJournal sqlite => new SqliteFlowDatabase(sqlite),
        PostgresJournal postgres => new PostgresFlowDatabase(postgres),
        _ => throw new NotSupportedException($"no read tables in {settings.GetType().Name}"),
    };

    public abstract ValueTask<DbConnection> OpenAsync(CancellationToken cancellation);

    /// <summary>Keeps other servers from making the tables at the same time, until the transaction ends.</summary>
    public abstract string? LockForCreation { get; }

    public abstract string HasTable { get; }

    public abstract IEnumerable<string> Create(string table, FlowTableColumn[] columns, string[] key);

    public abstract object Time(DateTimeOffset time);

    public abstract DateTimeOffset Time(DbDataReader row, int column);

    /// <summary>A placeholder of a JSON column.</summary>
    public abstract string JsonPlaceholder(string name);
}

internal sealed class SqliteFlowDatabase(SqliteJournal settings) : FlowDatabase
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public override string Name => settings.TablesFile;

    public override string? LockForCreation => null;

    public override string HasTable => "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = @name";

    public override async ValueTask<DbConnection> OpenAsync(CancellationToken cancellation)
    {
        // SQLite blocks its thread, and the actor's is shared.
        return await Task.Run(() =>
        {
            var connection = SqliteJournal.Patient(settings.TablesConnectionString);
            connection.Open();
            using var mode = connection.CreateCommand();
            mode.CommandText = "PRAGMA journal_mode=WAL";
            mode.ExecuteNonQuery();
            return connection;
        }, cancellation).ConfigureAwait(false);
    }

    public override IEnumerable<string> Create(string table, FlowTableColumn[] columns, string[] key) =>
    [
        $"""
        CREATE TABLE {table} (
        {string.Join("\n", columns.Select(c => $"  {c.Name} {Type(c.Type)}{(c.IsOptional ? "" : " NOT NULL")}, -- {c.Meaning}"))}
          PRIMARY KEY ({string.Join(", ", key)})
        ) WITHOUT ROWID
        """,
    ];

    public override object Time(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    public override DateTimeOffset Time(DbDataReader row, int column) =>
        DateTimeOffset.ParseExact(row.GetString(column), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    public override string JsonPlaceholder(string name) => name;

    private static string Type(ColumnType type) => type switch
    {
        ColumnType.Whole => "INTEGER",
        ColumnType.Number => "REAL",
        _ => "TEXT",
    };
}

internal sealed class PostgresFlowDatabase(PostgresJournal settings) : FlowDatabase
{
    public override string Name => settings.Name;

    public override string? LockForCreation => "SELECT pg_advisory_xact_lock(7321)";

    public override string HasTable => "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = @name";

    public override async ValueTask<DbConnection> OpenAsync(CancellationToken cancellation) =>
        await settings.Source.OpenConnectionAsync(cancellation).ConfigureAwait(false);

    public override IEnumerable<string> Create(string table, FlowTableColumn[] columns, string[] key) =>
    [
        $"""
        CREATE TABLE {table} (
        {string.Join("\n", columns.Select(c => $"  {c.Name} {Type(c.Type)}{(c.IsOptional ? "" : " NOT NULL")},"))}
          PRIMARY KEY ({string.Join(", ", key)})
        )
        """,
        .. columns.Select(c => $"COMMENT ON COLUMN {table}.{c.Name} IS '{c.Meaning.Replace("'", "''", StringComparison.Ordinal)}'"),
    ];

    public override object Time(DateTimeOffset time) => time.UtcDateTime;

    public override DateTimeOffset Time(DbDataReader row, int column) => row.GetFieldValue<DateTimeOffset>(column);

    public override string JsonPlaceholder(string name) => $"{name}::jsonb";

    private static string Type(ColumnType type) => type switch
    {
        ColumnType.Text => "text",
        ColumnType.Whole => "bigint",
        ColumnType.Number => "double precision",
        ColumnType.Time => "timestamptz",
        ColumnType.Json => "jsonb",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no such type"),
    };
}
