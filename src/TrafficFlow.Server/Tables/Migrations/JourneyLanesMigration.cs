namespace TrafficFlow.Server.Tables.Migrations;

/// <summary>Version 6: in which lane a vehicle came, and where it joined the queue. Those of before have none of it.</summary>
internal sealed class JourneyLanesMigration : TableMigration
{
    private static readonly TableColumn[] Columns =
    [
        new("lateral_m", ColumnType.Number, "how far right of the middle of the approach's first entering gate it came in, metres; empty where that is not known", IsOptional: true),
        new("queued_at", ColumnType.Time, "when it joined the queue before its entering gate, the first time of that wait; empty where it did not, or nobody measured it", IsOptional: true),
        new("queued_m", ColumnType.Number, "how far back from the entering gate its rear stood then, metres", IsOptional: true),
    ];

    public override int Version => 6;

    public override IEnumerable<string> Statements(SchemaDialect dialect) =>
        [.. dialect.AddColumns("journeys", Columns), .. dialect.AddColumns("journeys_quarantined", Columns)];
}
