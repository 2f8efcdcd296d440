namespace TrafficFlow.Server.Tables.Migrations;

/// <summary>Version 5: which colours readers elsewhere get. Those of before have none: nobody knows any longer how many shared them.</summary>
internal sealed class SharedColoursMigration : TableMigration
{
    private static readonly TableColumn[] Columns =
    [
        new("shared_colour", ColumnType.Text, "the colour, where so many of its class and colour crossed that it tells no vehicle from the others: topics carry this one", IsOptional: true),
    ];

    public override int Version => 5;

    public override IEnumerable<string> Statements(SchemaDialect dialect) =>
        [.. dialect.AddColumns("journeys", Columns), .. dialect.AddColumns("journeys_quarantined", Columns)];
}
