using LinqToDB;
using LinqToDB.Mapping;

namespace TrafficFlow.Server.Tables;

/// <summary>A row of flow_bins; what the columns mean stands in <see cref="Migrations.FlowTablesMigration"/>.</summary>
[Table("flow_bins")]
internal sealed record BinRow
{
    [Column("site", IsPrimaryKey = true, PrimaryKeyOrder = 1)]
    public string Site { get; init; } = "";

    [Column("approach", IsPrimaryKey = true, PrimaryKeyOrder = 2)]
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

    [Column("quality")]
    public string Quality { get; init; } = "";

    [Column("site_hash")]
    public string SiteHash { get; init; } = "";

    [Column("model")]
    public string Model { get; init; } = "";

    [Column("model_version")]
    public string ModelVersion { get; init; } = "";

    [Column("calibration")]
    public string Calibration { get; init; } = "";

    [Column("sources", DataType = DataType.BinaryJson)]
    public string Sources { get; init; } = "";

    [Column("closed_at")]
    public DateTimeOffset ClosedAt { get; init; }
}
