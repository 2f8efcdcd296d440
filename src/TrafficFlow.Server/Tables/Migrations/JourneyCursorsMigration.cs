namespace TrafficFlow.Server.Tables.Migrations;

/// <summary>
/// Version 4: the order in which the journeys of a site were stored, so that a reader can go on where it stopped; and the journeys whose
/// clock was wrong, apart from the others until somebody decides on them.
/// </summary>
internal sealed class JourneyCursorsMigration : TableMigration
{
    private static readonly TableColumn Cursor = new(
        "cursor", ColumnType.Whole, "place among the journeys of the site in the order in which they were stored; empty for a moment where a server of an older version wrote it", IsOptional: true);

    private static readonly TableColumn[] Cursors =
    [
        new("site", ColumnType.Text, "identifier of the intersection"),
        new("cursor", ColumnType.Whole, "of the journey that was stored last"),
    ];

    private static readonly TableColumn[] Held =
    [
        .. JourneysMigration.Journeys,
        Cursor,
        new("clock_offset_s", ColumnType.Number, "by how many seconds its times lie behind the true ones; empty where only they themselves betray that they are wrong", IsOptional: true),
        new("held_since", ColumnType.Time, "when it came, by the clock of the server"),
    ];

    public override int Version => 4;

    public override IEnumerable<string> Statements(SchemaDialect dialect) =>
    [
        .. dialect.AddColumns("journeys", [Cursor]),
        """
        UPDATE journeys SET cursor = numbered.cursor
        FROM (SELECT site, camera, epoch, sequence, row_number() OVER (PARTITION BY site ORDER BY last_seen_at, camera, epoch, sequence) AS cursor FROM journeys) AS numbered
        WHERE journeys.site = numbered.site AND journeys.camera = numbered.camera AND journeys.epoch = numbered.epoch AND journeys.sequence = numbered.sequence
        """,
        "CREATE INDEX journeys_cursor ON journeys (site, cursor)",
        .. dialect.CreateTable("journey_cursors", Cursors, "site"),
        "INSERT INTO journey_cursors SELECT site, max(cursor) FROM journeys GROUP BY site",
        .. dialect.CreateTable("journeys_quarantined", Held, "site", "camera", "epoch", "sequence"),
    ];
}
