using LinqToDB.Mapping;

namespace TrafficFlow.Server.Tables.Flows;

/// <summary>A row of flow_counts; what the columns mean stands in <see cref="Migrations.FlowTablesMigration"/>.</summary>
[Table("flow_counts")]
internal sealed record CountRow
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

    [Column("movement", IsPrimaryKey = true, PrimaryKeyOrder = 6, CanBeNull = false)]
    public string Movement { get; init; } = "";

    [Column("class", IsPrimaryKey = true, PrimaryKeyOrder = 7, CanBeNull = false)]
    public string Class { get; init; } = "";

    [Column("count")]
    public long Count { get; init; }

    [Column("small")]
    public long Small { get; init; }

    [Column("large")]
    public long Large { get; init; }

    [Column("speed_samples")]
    public long SpeedSamples { get; init; }

    [Column("speed_sum_kmh")]
    public double SpeedSumKmh { get; init; }

    [Column("pace_sum")]
    public double PaceSum { get; init; }
}
