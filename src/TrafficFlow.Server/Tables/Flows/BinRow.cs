using LinqToDB;
using LinqToDB.Mapping;

namespace TrafficFlow.Server.Tables.Flows;

/// <summary>
/// A row of flow_bins; what the columns mean stands in <see cref="Migrations.FlowTablesMigration"/>. Texts are never null: told so, linq2db
/// compares them without a second branch for null, which would use no index.
/// </summary>
[Table("flow_bins")]
internal sealed record BinRow
{
    [Column("site", IsPrimaryKey = true, PrimaryKeyOrder = 1, CanBeNull = false)]
    public string Site { get; init; } = "";

    [Column("approach", IsPrimaryKey = true, PrimaryKeyOrder = 2, CanBeNull = false)]
    public string Approach { get; init; } = "";

    [Column("minutes", IsPrimaryKey = true, PrimaryKeyOrder = 3)]
    public long Minutes { get; init; }

    [Column("start_time", IsPrimaryKey = true, PrimaryKeyOrder = 4)]
    public DateTimeOffset Start { get; init; }

    [Column("revision", IsPrimaryKey = true, PrimaryKeyOrder = 5)]
    public long Revision { get; init; }

    [Column("cursor")]
    public long Cursor { get; init; }

    [Column("end_time")]
    public DateTimeOffset End { get; init; }

    [Column("start_offset_minutes")]
    public long StartOffsetMinutes { get; init; }

    [Column("end_offset_minutes")]
    public long EndOffsetMinutes { get; init; }

    [Column("observed_seconds")]
    public double ObservedSeconds { get; init; }

    [Column("quality", CanBeNull = false)]
    public string Quality { get; init; } = "";

    [Column("site_hash", CanBeNull = false)]
    public string SiteHash { get; init; } = "";

    [Column("model", CanBeNull = false)]
    public string Model { get; init; } = "";

    [Column("model_version", CanBeNull = false)]
    public string ModelVersion { get; init; } = "";

    [Column("calibration", CanBeNull = false)]
    public string Calibration { get; init; } = "";

    [Column("sources", DataType = DataType.BinaryJson, CanBeNull = false)]
    public string Sources { get; init; } = "";

    [Column("closed_at")]
    public DateTimeOffset ClosedAt { get; init; }

    [Column("queue_seconds")]
    public double? QueueSeconds { get; init; }

    [Column("queue_metre_seconds")]
    public double? QueueMetreSeconds { get; init; }

    [Column("queue_max_m")]
    public double? QueueMaxMetres { get; init; }

    [Column("queue_vehicle_seconds")]
    public double? QueueVehicleSeconds { get; init; }

    [Column("queue_max_vehicles")]
    public long? QueueMaxVehicles { get; init; }
}
