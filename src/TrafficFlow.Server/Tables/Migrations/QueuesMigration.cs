namespace TrafficFlow.Server.Tables.Migrations;

/// <summary>Version 3: the queue before the approach, beside each bin.</summary>
internal sealed class QueuesMigration : TableMigration
{
    private static readonly TableColumn[] Queue =
    [
        new("queue_seconds", ColumnType.Number, "for how many seconds the queue before the approach was measured; empty where nothing measures it", IsOptional: true),
        new("queue_metre_seconds", ColumnType.Number, "integral of the back of queue; over queue_seconds: its mean, metres from the gate to the rear of the last queued vehicle", IsOptional: true),
        new("queue_max_m", ColumnType.Number, "longest back of queue in metres", IsOptional: true),
        new("queue_vehicle_seconds", ColumnType.Number, "integral of the number of queued vehicles; over queue_seconds: its mean", IsOptional: true),
        new("queue_max_vehicles", ColumnType.Whole, "most vehicles that were queued at once", IsOptional: true),
    ];

    public override int Version => 3;

    public override IEnumerable<string> Statements(SchemaDialect dialect) =>
    [
        .. dialect.AddColumns("flow_bins", Queue),
        .. FlowTablesMigration.Views.SelectMany(dialect.ReplaceView),
    ];
}
