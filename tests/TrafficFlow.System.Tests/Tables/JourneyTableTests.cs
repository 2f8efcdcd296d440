using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Tables;
using TrafficFlow.SystemTests.Postgres;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;
using Xunit;
using static TrafficFlow.SystemTests.Tables.StoredBins;

namespace TrafficFlow.SystemTests.Tables;

/// <summary>Journeys from a junction's outbox in the read tables, on both databases.</summary>
public sealed class JourneyTableTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>, IDisposable
{
    private static readonly CameraId Junction = new("junction-kokandori");
    private static readonly Provenance Made = new("0123456789abcdef", "vehicles", "2", "abc");
    private readonly EmptyDatabases _databases = new(fixture);

    public static TheoryData<string> Databases => EmptyDatabases.Kinds;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_journey_is_there_once_however_often_it_is_delivered(string kind)
    {
        var (tables, query) = await TablesAsync(kind, "once");
        await WriteAsync(tables, Batch(1, 1, 2, 3));
        await WriteAsync(tables, Batch(1, 1, 2, 3));
        Assert.Equal(new Accepted(Junction, ApproachId.Journeys, 1, 5), await WriteAsync(tables, Batch(1, 2, 3, 4, 5)));
        Assert.Equal(new Accepted(Junction, ApproachId.Journeys, 1, 4), await WriteAsync(tables, Batch(1, 3, 4)));
        await WriteAsync(tables, Batch(2, 1));

        Assert.Equal(["1/1", "2/1", "1/2", "1/3", "1/4", "1/5"], (await AllAsync(query, Filter())).Select(j => $"{j.Position}"));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Tables_from_a_backup_ask_for_what_they_lack(string kind)
    {
        var (tables, query) = await TablesAsync(kind, "backup");
        await WriteAsync(tables, Batch(1, 1));

        Assert.Equal(new Behind(Junction, ApproachId.Journeys, new LogPosition(1, 1)), await WriteAsync(tables, Batch(1, 4) with { After = new LogPosition(1, 3) }));
        Assert.Single(await AllAsync(query, Filter()));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_is_read_is_what_was_written_in_pages_and_by_filter(string kind)
    {
        var (tables, query) = await TablesAsync(kind, "journey_pages");
        await WriteAsync(tables, Batch(1, [.. Enumerable.Range(1, 25)]));

        var all = await AllAsync(query, Filter());
        Assert.Equal(new StoredJourney(Junction, new LogPosition(1, 7), Entry(7).Journey with { Number = 7 }, Made), all[6]);
        Assert.Equal(13, (await AllAsync(query, Filter() with { Approach = North })).Count);
        Assert.Equal([7, 9], (await AllAsync(query, Filter(6, 10) with { Approach = North, Class = VehicleClass.Bus })).Select(j => (int)j.Position.Sequence));
        var positions = new List<long>();
        string? cursor = null;
        do
        {
            var page = await query.ReadAsync(Filter(), cursor, 10, default);
            positions.AddRange(page.Journeys.Select(j => j.Position.Sequence));
            cursor = page.Next;
        }
        while (cursor is not null);
        Assert.Equal(Enumerable.Range(1, 25).Select(i => (long)i), positions);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_is_older_than_the_retention_is_deleted_and_nothing_else(string kind)
    {
        var database = await _databases.CreateAsync(kind, "retention");
        var tables = new FlowTables(database.Journal);
        await tables.MigrateAsync(default);
        var day = 24 * 60;
        // The newest bin is that of day 100: what lies 90 days before it is old.
        await tables.WriteAsync([Closed(1, 0, 1, 3), Closed(2, 0, 2, 4), Closed(3, 9 * day, 1, 5), Closed(4, 11 * day, 1, 6), Closed(5, 0, 1, 7, 15), Closed(6, 100 * day, 1, 8)], default);
        await WriteAsync(tables, Batch(1, 1, (9 * day) + 5, 11 * day));
        var retention = new TableRetention();

        // A clock that has run ten years ahead deletes no more than the right one.
        while (await tables.RetireAsync(retention, Morning.AddYears(10), default))
        {
        }

        Assert.Equal("4,5,6", await database.Ask(kind == "sqlite" ? "SELECT group_concat(cursor) FROM (SELECT cursor FROM flow_bins ORDER BY cursor)" : "SELECT string_agg(cursor::text, ',' ORDER BY cursor) FROM flow_bins"));
        Assert.Equal("21", await database.Ask("SELECT sum(count) FROM flow_counts WHERE class = 'bus'"));
        Assert.Equal("1", await database.Ask("SELECT count(*) FROM journeys"));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Tables_of_before_journeys_say_how_they_get_them(string kind)
    {
        var database = await _databases.CreateAsync(kind, "before_journeys");
        await database.Ask(await File.ReadAllTextAsync(Path.Combine(Settings.SharedFiles.Repository, "tests/TrafficFlow.System.Tests/Tables/Former", $"version1.{kind}.sql")));

        var refused = await Assert.ThrowsAsync<QueryException>(() => AllAsync(ReadTables.Journeys(database.Journal), Filter()));

        Assert.Contains("start the server of this version once", refused.Message);
        Assert.Equal(2, (await ReadTables.Flows(database.Journal).ReadAsync(new FlowFilter(Kokandori, BinDuration.OneMinute, Filter().Span), null, 10, default)).Bins.Length);
    }

    public void Dispose() => _databases.Dispose();

    private static JourneyFilter Filter(int fromMinute = 0, int toMinute = 60) => new(Kokandori, new Interval(Morning.AddMinutes(fromMinute), Morning.AddMinutes(toMinute)));

    /// <summary>The n-th minute's vehicle: a bus from the north where n is odd, else a car that nobody saw enter.</summary>
    private static JourneyEntry Entry(int n)
    {
        var seen = Morning.AddMinutes(n).ToUniversalTime();
        return new JourneyEntry(n, Junction, n % 2 == 1
            ? new Journey(n, North, new ApproachId("south"), seen.AddSeconds(-9), seen.AddSeconds(-1), VehicleClass.Bus, 0.75)
            {
                Colour = VehicleColour.Red,
                ColourConfidence = 0.5,
                FirstSeenAt = seen.AddSeconds(-10),
                LastSeenAt = seen,
                EnterSpeedKmh = 31.5,
                LeaveSpeedKmh = 42,
                SpeedErrorKmh = 1.5,
                DistanceMetres = 40.25,
                Stops = 1,
                StoppedSeconds = 2.5,
                DelaySeconds = 3.5,
                Cameras = 2,
            }
            : new Journey(n, null, new ApproachId("south"), null, seen, VehicleClass.PassengerCar, 0.5) { FirstSeenAt = seen.AddSeconds(-3), LastSeenAt = seen, Cameras = 1 });
    }

    private static DeliveryBatch Batch(long epoch, params int[] numbers) =>
        new(Kokandori, Junction, ApproachId.Journeys, epoch, numbers[^1], Made, [.. numbers.Select(Entry)]);

    private static async Task<object> WriteAsync(FlowTables tables, DeliveryBatch batch) => (await tables.WriteAsync([], [batch], default)).Single();

    private static async Task<List<StoredJourney>> AllAsync(IJourneyQuery query, JourneyFilter filter)
    {
        var journeys = new List<StoredJourney>();
        await foreach (var journey in query.ReadAllAsync(filter)) journeys.Add(journey);
        return journeys;
    }

    private async Task<(FlowTables Tables, IJourneyQuery Query)> TablesAsync(string kind, string name)
    {
        var database = await _databases.CreateAsync(kind, name);
        var tables = new FlowTables(database.Journal);
        await tables.MigrateAsync(default);
        return (tables, ReadTables.Journeys(database.Journal));
    }
}
