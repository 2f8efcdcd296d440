namespace TrafficFlow.Server.Tables.Migrations;

/// <summary>Version 1, the first one: flow_bins and flow_counts with every revision, and views of the newest ones.</summary>
internal sealed class FlowTablesMigration : TableMigration
{
    private static readonly TableColumn[] BinKey =
    [
        new("site", ColumnType.Text, "identifier of the intersection"),
        new("approach", ColumnType.Text, "arm of the intersection on which the vehicles arrive"),
        new("minutes", ColumnType.Whole, "nominal length of the bin: 1, 5, 15 or 60 minutes"),
        new("start_time", ColumnType.Time, "first instant of the bin; bins are aligned to the wall clock of the site"),
        new("revision", ColumnType.Whole, "1 when the bin closed, one more for each time that late data changed it; older revisions stay"),
    ];

    private static readonly TableColumn[] Bins =
    [
        .. BinKey,
        new("cursor", ColumnType.Whole, "place in the approach's stream of closed and revised bins; a higher one came later"),
        new("end_time", ColumnType.Time, "first instant after the bin"),
        new("start_offset_minutes", ColumnType.Whole, "what the site's clock is ahead of UTC at start_time, in minutes"),
        new("end_offset_minutes", ColumnType.Whole, "what the site's clock is ahead of UTC at end_time, in minutes"),
        new("observed_seconds", ColumnType.Number, "for how many seconds every camera that feeds the approach watched"),
        new("quality", ColumnType.Text, "complete: watched for 99 % or more; partial: counts are a lower bound; blind: counts are missing, not zero; degraded: too many frames were lost"),
        new("site_hash", ColumnType.Text, "hash of the site configuration that made the bin, the newest where it changed inside"),
        new("model", ColumnType.Text, "detector that made the bin, the newest where it changed inside"),
        new("model_version", ColumnType.Text, "version of that detector"),
        new("calibration", ColumnType.Text, "version of the ground calibration; none without one"),
        new("sources", ColumnType.Json, "every camera's configuration, detector and calibration: a list of { camera, site_hash, model, model_version, calibration }"),
        new("closed_at", ColumnType.Time, "when the server closed or revised the bin, by its own clock"),
    ];

    private static readonly TableColumn[] Counts =
    [
        .. BinKey,
        new("movement", ColumnType.Text, "entering, exiting, or 'to' and the arm on which the vehicles leave"),
        new("class", ColumnType.Text, "passenger-car, light-goods, heavy-goods, bus, motorcycle or unclassified"),
        new("count", ColumnType.Whole, "vehicles; a bin without a row counted none, unless it is blind"),
        new("small", ColumnType.Whole, "vehicles of these that are known to be small"),
        new("large", ColumnType.Whole, "vehicles of these that are known to be large"),
        new("speed_samples", ColumnType.Whole, "vehicles of these whose speed was measured"),
        new("speed_sum_kmh", ColumnType.Number, "sum of their speeds in km/h; over speed_samples: the time-mean speed"),
        new("pace_sum", ColumnType.Number, "sum of 1 / speed in h/km; speed_samples over it: the space-mean speed in km/h"),
    ];

    /// <summary>Each with its name.</summary>
    public static readonly (string Name, string Query)[] Views =
    [
        ("flow_bins_latest", """
        SELECT b.* FROM flow_bins b WHERE NOT EXISTS (
          SELECT 1 FROM flow_bins n WHERE n.site = b.site AND n.approach = b.approach AND n.minutes = b.minutes
            AND n.start_time = b.start_time AND n.revision > b.revision)
        """),
        ("flow_counts_latest", """
        SELECT c.* FROM flow_counts c JOIN flow_bins_latest b ON c.site = b.site
          AND c.approach = b.approach AND c.minutes = b.minutes AND c.start_time = b.start_time AND c.revision = b.revision
        """),
    ];

    public override int Version => 1;

    public override IEnumerable<string> Statements(SchemaDialect dialect)
    {
        string[] key = [.. BinKey.Select(c => c.Name)];
        return
        [
            .. dialect.CreateTable("flow_bins", Bins, key),
            .. dialect.CreateTable("flow_counts", Counts, [.. key, "movement", "class"]),
            "CREATE INDEX flow_bins_cursor ON flow_bins (site, approach, cursor)",
            .. Views.Select(v => $"CREATE VIEW {v.Name} AS {v.Query}"),
            "CREATE TABLE flow_tables_version (version int NOT NULL)",
        ];
    }
}
