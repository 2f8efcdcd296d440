namespace TrafficFlow.Server.Tables.Migrations;

internal enum ColumnType
{
    Text,
    Whole,
    Number,
    Time,
    Json,
}

/// <summary>A column of a read table: its name, what it holds with the unit, and whether it may be empty.</summary>
internal sealed record TableColumn(string Name, ColumnType Type, string Meaning, bool IsOptional = false);

/// <summary>
/// CREATE TABLE in the SQL of one database. What a column means goes with it into the database itself, for those who query it with other
/// programs: as a comment in PostgreSQL, in the text of the statement in SQLite.
/// </summary>
internal abstract class SchemaDialect
{
    public static readonly SchemaDialect Sqlite = new SqliteDialect();
    public static readonly SchemaDialect Postgres = new PostgresDialect();

    public abstract IEnumerable<string> CreateTable(string table, IReadOnlyList<TableColumn> columns, params IReadOnlyList<string> key);

    public abstract IEnumerable<string> AddColumns(string table, IReadOnlyList<TableColumn> columns);

    /// <summary>So that it has the columns that its tables have now.</summary>
    public abstract IEnumerable<string> ReplaceView((string Name, string Query) view);

    /// <summary>1 where there is a table of this name, else 0.</summary>
    public abstract string CountTables(string name);

    private static string Null(TableColumn column) => column.IsOptional ? "" : " NOT NULL";

    private sealed class SqliteDialect : SchemaDialect
    {
        public override IEnumerable<string> CreateTable(string table, IReadOnlyList<TableColumn> columns, params IReadOnlyList<string> key) =>
        [
            $"""
            CREATE TABLE {table} (
            {string.Join("\n", columns.Select(c => $"  {c.Name} {Type(c.Type)}{Null(c)}, -- {c.Meaning}"))}
              PRIMARY KEY ({string.Join(", ", key)})
            ) WITHOUT ROWID
            """,
        ];

        public override IEnumerable<string> AddColumns(string table, IReadOnlyList<TableColumn> columns) =>
            columns.Select(c => $"ALTER TABLE {table} ADD COLUMN {c.Name} {Type(c.Type)}{Null(c)} /* {c.Meaning} */");

        public override IEnumerable<string> ReplaceView((string Name, string Query) view) =>
            [$"DROP VIEW IF EXISTS {view.Name}", $"CREATE VIEW {view.Name} AS {view.Query}"];

        public override string CountTables(string name) => $"SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '{name}'";

        private static string Type(ColumnType type) => type switch
        {
            ColumnType.Whole => "INTEGER",
            ColumnType.Number => "REAL",
            _ => "TEXT",
        };
    }

    private sealed class PostgresDialect : SchemaDialect
    {
        public override IEnumerable<string> CreateTable(string table, IReadOnlyList<TableColumn> columns, params IReadOnlyList<string> key) =>
        [
            $"""
            CREATE TABLE {table} (
            {string.Join("\n", columns.Select(c => $"  {c.Name} {Type(c.Type)}{Null(c)},"))}
              PRIMARY KEY ({string.Join(", ", key)})
            )
            """,
            .. columns.Select(c => Comment(table, c)),
        ];

        public override IEnumerable<string> AddColumns(string table, IReadOnlyList<TableColumn> columns) =>
            columns.SelectMany(c => new[] { $"ALTER TABLE {table} ADD COLUMN {c.Name} {Type(c.Type)}{Null(c)}", Comment(table, c) });

        // Replaced in place: who may read it stays.
        public override IEnumerable<string> ReplaceView((string Name, string Query) view) => [$"CREATE OR REPLACE VIEW {view.Name} AS {view.Query}"];

        private static string Comment(string table, TableColumn column) =>
            $"COMMENT ON COLUMN {table}.{column.Name} IS '{column.Meaning.Replace("'", "''", StringComparison.Ordinal)}'";

        public override string CountTables(string name) =>
            $"SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = '{name}'";

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
}
