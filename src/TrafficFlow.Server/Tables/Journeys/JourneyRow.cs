using LinqToDB.Mapping;

namespace TrafficFlow.Server.Tables.Journeys;

/// <summary>A row of journeys; what the columns mean stands in <see cref="Migrations.JourneysMigration"/>.</summary>
[Table("journeys")]
internal record JourneyRow
{
    [Column("site", IsPrimaryKey = true, PrimaryKeyOrder = 1, CanBeNull = false)]
    public string Site { get; init; } = "";

    [Column("camera", IsPrimaryKey = true, PrimaryKeyOrder = 2, CanBeNull = false)]
    public string Camera { get; init; } = "";

    [Column("epoch", IsPrimaryKey = true, PrimaryKeyOrder = 3)]
    public long Epoch { get; init; }

    [Column("sequence", IsPrimaryKey = true, PrimaryKeyOrder = 4)]
    public long Sequence { get; init; }

    [Column("approach")]
    public string? Approach { get; init; }

    [Column("exit")]
    public string? Exit { get; init; }

    [Column("entered_at")]
    public DateTimeOffset? EnteredAt { get; init; }

    [Column("left_at")]
    public DateTimeOffset? LeftAt { get; init; }

    [Column("first_seen_at")]
    public DateTimeOffset FirstSeenAt { get; init; }

    [Column("last_seen_at")]
    public DateTimeOffset LastSeenAt { get; init; }

    [Column("class", CanBeNull = false)]
    public string Class { get; init; } = "";

    [Column("class_confidence")]
    public double ClassConfidence { get; init; }

    [Column("colour", CanBeNull = false)]
    public string Colour { get; init; } = "";

    /// <summary>Null or empty where too few share it, see <see cref="SharedColours"/>.</summary>
    [Column("shared_colour")]
    public string? SharedColour { get; init; }

    [Column("colour_confidence")]
    public double ColourConfidence { get; init; }

    [Column("enter_speed_kmh")]
    public double? EnterSpeedKmh { get; init; }

    [Column("leave_speed_kmh")]
    public double? LeaveSpeedKmh { get; init; }

    [Column("speed_error_kmh")]
    public double? SpeedErrorKmh { get; init; }

    [Column("distance_m")]
    public double DistanceMetres { get; init; }

    [Column("stops")]
    public long Stops { get; init; }

    [Column("stopped_s")]
    public double StoppedSeconds { get; init; }

    [Column("delay_s")]
    public double DelaySeconds { get; init; }

    [Column("cameras")]
    public long Cameras { get; init; }

    [Column("site_hash", CanBeNull = false)]
    public string SiteHash { get; init; } = "";

    [Column("model", CanBeNull = false)]
    public string Model { get; init; } = "";

    [Column("model_version", CanBeNull = false)]
    public string ModelVersion { get; init; } = "";

    [Column("calibration", CanBeNull = false)]
    public string Calibration { get; init; } = "";

    /// <summary>Null where a server of an older version wrote it, until one of this version writes the next.</summary>
    [Column("cursor")]
    public long? Cursor { get; init; }

    [Column("lateral_m")]
    public double? LateralMetres { get; init; }

    [Column("queued_at")]
    public DateTimeOffset? QueuedAt { get; init; }

    [Column("queued_m")]
    public double? QueuedMetres { get; init; }
}

/// <summary>A row of journey_cursors: so many journeys of a site were stored ever.</summary>
[Table("journey_cursors")]
internal sealed record JourneyCursorRow
{
    [Column("site", IsPrimaryKey = true, CanBeNull = false)]
    public string Site { get; init; } = "";

    [Column("cursor")]
    public long Cursor { get; init; }
}

/// <summary>A row of journey_logs: everything of a junction's log up to here is in the table, or was too old for it.</summary>
[Table("journey_logs")]
internal sealed record JourneyLogRow
{
    [Column("site", IsPrimaryKey = true, PrimaryKeyOrder = 1, CanBeNull = false)]
    public string Site { get; init; } = "";

    [Column("camera", IsPrimaryKey = true, PrimaryKeyOrder = 2, CanBeNull = false)]
    public string Camera { get; init; } = "";

    [Column("epoch")]
    public long Epoch { get; init; }

    [Column("sequence")]
    public long Sequence { get; init; }
}
