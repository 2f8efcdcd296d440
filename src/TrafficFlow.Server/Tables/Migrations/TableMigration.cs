using LinqToDB.Mapping;

namespace TrafficFlow.Server.Tables.Migrations;

/// <summary>
/// One step from a version of the read tables to the next. A step that was released is never changed, and a column is only ever added:
/// other programs read the tables, and servers of the version before may write them until they are upgraded too.
/// </summary>
internal abstract class TableMigration
{
    /// <summary>The tables' version after the step.</summary>
    public abstract int Version { get; }

    public abstract IEnumerable<string> Statements(SchemaDialect dialect);
}

/// <summary>A row of flow_tables_version: the tables have gone this step.</summary>
[Table("flow_tables_version")]
internal sealed record SchemaVersionRow
{
    [Column("version")]
    public int Version { get; init; }
}
