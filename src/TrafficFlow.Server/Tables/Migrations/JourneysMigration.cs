namespace TrafficFlow.Server.Tables.Migrations;

/// <summary>Version 2: journeys over a junction, and how far each junction's log is in the table.</summary>
internal sealed class JourneysMigration : TableMigration
{
    private static readonly TableColumn[] Log =
    [
        new("site", ColumnType.Text, "identifier of the intersection"),
        new("camera", ColumnType.Text, "whose log it is: the junction of the site"),
        new("epoch", ColumnType.Whole, "which log of it: one begins with each life of the junction"),
        new("sequence", ColumnType.Whole, "place in that log"),
    ];

    public static readonly TableColumn[] Journeys =
    [
        .. Log,
        new("approach", ColumnType.Text, "arm on which the vehicle arrived; empty where nobody saw it enter", IsOptional: true),
        new("exit", ColumnType.Text, "arm on which it left; empty where nobody saw it leave", IsOptional: true),
        new("entered_at", ColumnType.Time, "when its middle passed the entering gate", IsOptional: true),
        new("left_at", ColumnType.Time, "when its middle passed the exiting gate", IsOptional: true),
        new("first_seen_at", ColumnType.Time, "when a camera saw it first"),
        new("last_seen_at", ColumnType.Time, "when a camera saw it last: journeys are found and kept by this time"),
        new("class", ColumnType.Text, "passenger-car, light-goods, heavy-goods, bus, motorcycle or unclassified"),
        new("class_confidence", ColumnType.Number, "how sure that is, 0 to 1"),
        new("colour", ColumnType.Text, "colour of its paint: white, grey (silver too), black, red, yellow, green, blue or brown; empty for unknown"),
        new("colour_confidence", ColumnType.Number, "how sure that is, 0 to 1"),
        new("enter_speed_kmh", ColumnType.Number, "speed at the entering gate in km/h", IsOptional: true),
        new("leave_speed_kmh", ColumnType.Number, "speed at the exiting gate in km/h", IsOptional: true),
        new("speed_error_kmh", ColumnType.Number, "deviation of both speeds in km/h, calibration included", IsOptional: true),
        new("distance_m", ColumnType.Number, "way on the ground in metres"),
        new("stops", ColumnType.Whole, "how often it came to a stand: below 5 km/h until above 10 km/h"),
        new("stopped_s", ColumnType.Number, "for how long it stood, in seconds"),
        new("delay_s", ColumnType.Number, "time that it took, less the time at 40 km/h, in seconds"),
        new("cameras", ColumnType.Whole, "how many cameras saw it"),
        new("site_hash", ColumnType.Text, "hash of the site configuration that it was measured with"),
        new("model", ColumnType.Text, "detectors that it was measured with"),
        new("model_version", ColumnType.Text, "versions of those detectors"),
        new("calibration", ColumnType.Text, "version of the ground calibrations"),
    ];

    public override int Version => 2;

    public override IEnumerable<string> Statements(SchemaDialect dialect) =>
    [
        .. dialect.CreateTable("journeys", Journeys, [.. Log.Select(c => c.Name)]),
        "CREATE INDEX journeys_last_seen ON journeys (site, last_seen_at)",
        .. dialect.CreateTable("journey_logs", Log, "site", "camera"),
    ];
}
