using Akka.Actor;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Tables;
using TrafficFlow.Server.Tables.Databases;
using TrafficFlow.Server.Tables.Migrations;
using TrafficFlow.SystemTests.Postgres;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Topics;
using Xunit;
using static TrafficFlow.SystemTests.Tables.StoredBins;

namespace TrafficFlow.SystemTests.Tables;

/// <summary>Journeys from a junction's outbox in the read tables, on both databases.</summary>
public sealed class JourneyTableTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>, IDisposable
{
    private static readonly CameraId Junction = new("junction-kokandori");
    private static readonly Provenance Made = new("0123456789abcdef", "vehicles", "2", "abc");
    private static readonly DateTimeOffset Now = Morning.AddYears(1);
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
    public async Task Lane_and_place_in_the_queue_are_kept_for_studies_and_not_published(string kind)
    {
        var (tables, query) = await TablesAsync(kind, "lanes");
        var batch = Batch(1, 1, 2);
        var (first, second) = ((JourneyEntry)batch.Entries[0], (JourneyEntry)batch.Entries[1]);
        var precise = first with { Journey = first.Journey with { LateralMetres = -1.6349, QueuedAt = first.Journey.QueuedAt!.Value.AddMilliseconds(734), QueuedMetres = 12.4561 } };
        var stored = await tables.WriteAsync([], [new WriteJourneys(batch with { Entries = [precise, second] }, ActorRefs.Nobody, null)], default);

        var all = await AllAsync(query, Filter());
        Assert.Equal((-1.6, first.Journey.QueuedAt, 12.5), (all[0].Journey.LateralMetres, all[0].Journey.QueuedAt, all[0].Journey.QueuedMetres));
        Assert.Equal((null, null, null), (all[1].Journey.LateralMetres, all[1].Journey.QueuedAt, all[1].Journey.QueuedMetres));
        var replay = await tables.ReadJourneysAfterAsync(Kokandori, TopicPlace.After(0), 10, default);
        var published = replay.Journeys.Concat(stored.SelectMany(s => s.Journeys)).ToList();
        Assert.Equal(4, published.Count);
        Assert.All(published, p => Assert.Equal((null, null, null), (p.Journey.LateralMetres, p.Journey.QueuedAt, p.Journey.QueuedMetres)));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_journey_that_is_released_with_another_clock_takes_its_queue_along(string kind)
    {
        var (tables, query) = await TablesAsync(kind, "shifted_queue");
        await WriteAsync(tables, Batch(1, 1), Wrong(1));
        await ResolveAsync(tables, 1, QuarantineAction.Release, TimeSpan.FromMinutes(5));

        var journey = Assert.Single(await AllAsync(query, Filter())).Journey;
        Assert.Equal(journey.LastSeenAt.AddSeconds(-8), journey.QueuedAt);
        Assert.Equal(Entry(1).Journey.LastSeenAt.AddMinutes(5), journey.LastSeenAt);
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
    public async Task A_replay_comes_in_order_of_the_end_up_to_where_it_began_and_the_rest_by_cursor(string kind)
    {
        var (tables, _) = await TablesAsync(kind, "replay");
        await WriteAsync(tables, Batch(1, 5, 8, 9));
        // A log of before that comes late: it ended earlier and was stored later.
        await WriteAsync(tables, Batch(1, 2, 6, 7) with { Camera = new CameraId("junction-former") });

        var first = await tables.ReadJourneysAfterAsync(Kokandori, TopicPlace.From(Morning.AddMinutes(5)), 2, default);
        await WriteAsync(tables, Batch(2, 7, 10));
        var second = await tables.ReadJourneysAfterAsync(Kokandori, first.Reached, 2, default);
        var third = await tables.ReadJourneysAfterAsync(Kokandori, second.Reached, 2, default);
        var rest = await tables.ReadJourneysAfterAsync(Kokandori, third.Reached, 2, default);

        Assert.Equal([(5, 1), (6, 5), (7, 6), (8, 2), (9, 3)], (from p in (JourneysAfter[])[first, second, third] from j in p.Journeys select (j.Journey.Number, j.Cursor)));
        Assert.Equal((true, true, true, false), (first.More, second.More, third.More, rest.More));
        Assert.Equal([(7, 7), (10, 8)], rest.Journeys.Select(j => (j.Journey.Number, j.Cursor)));
        Assert.Equal(TopicPlace.After(8), rest.Reached);
        Assert.Equal((TopicPlace.After(8), 0), (await tables.ReadJourneysAfterAsync(Kokandori, null, 2, default)) is var now ? (now.Reached, now.Journeys.Length) : default);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_a_wrong_clock_stamped_is_held_once_and_comes_at_the_time_that_somebody_decides(string kind)
    {
        var (tables, query) = await TablesAsync(kind, "held");
        Assert.IsType<Accepted>(await WriteAsync(tables, Batch(1, 1, 2, 3), Wrong(1, 3)));
        Assert.IsType<Accepted>(await WriteAsync(tables, Batch(1, 1, 2, 3), Wrong(1, 2, 3)));
        Assert.Null(await WriteAsync(tables, Batch(2, 4, 5), Wrong(4, 5)));
        Assert.IsType<Accepted>(await WriteAsync(tables, Batch(2, 4), Wrong(4)));

        Assert.Equal([2], (await AllAsync(query, Filter())).Select(j => (int)j.Position.Sequence));
        var held = await tables.ReadHeldJourneysAsync(Kokandori, default);
        Assert.Equal([(1, 2), (2, 1)], held.Runs.Select(r => ((int)r.Epoch, (int)r.Vehicles)));
        Assert.Equal((Morning.AddMinutes(1).AddSeconds(-10), Morning.AddMinutes(3), TimeSpan.FromHours(2), Now), (held.Runs[0].From, held.Runs[0].To, held.Runs[0].ClockOffset, held.Runs[0].Since));

        Assert.Contains("ahead of the server's clock", (await ResolveAsync(tables, 1, QuarantineAction.Release, TimeSpan.FromDays(400))).Problem);
        Assert.Contains("first day", (await ResolveAsync(tables, 1, QuarantineAction.Release, TimeSpan.MinValue + TimeSpan.FromTicks(1))).Problem);
        Assert.Contains("epoch 9", (await ResolveAsync(tables, 9, QuarantineAction.Release, TimeSpan.Zero)).Problem);
        Assert.Equal(2, (await ResolveAsync(tables, 1, QuarantineAction.Release, TimeSpan.FromMinutes(10))).Entries);
        Assert.Equal(1, (await ResolveAsync(tables, 2, QuarantineAction.Discard, TimeSpan.Zero)).Entries);

        var all = await AllAsync(query, Filter());
        Assert.Equal([2, 1, 3], all.Select(j => (int)j.Position.Sequence));
        Assert.Equal(Morning.AddMinutes(11), all[1].Journey.LastSeenAt);
        Assert.Equal(Morning.AddMinutes(11).AddSeconds(-9), all[1].Journey.EnteredAt);
        // A subscriber who has the first one gets them now.
        Assert.Equal([(1, 2), (3, 3)], (await tables.ReadJourneysAfterAsync(Kokandori, TopicPlace.After(1), 10, default)).Journeys.Select(j => ((int)j.Journey.Number, (int)j.Cursor)));
        Assert.Empty((await tables.ReadHeldJourneysAsync(Kokandori, default)).Runs);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Cursors_go_on_where_journeys_were_retired_and_what_an_older_server_wrote_gets_them(string kind)
    {
        var database = await _databases.CreateAsync(kind, "cursors");
        var tables = new FlowTables(database.Journal);
        await new TableMigrator(TableDatabase.Of(database.Journal), [.. TableMigrator.Steps.Take(3)]).RunAsync(default);
        await OlderRow(database, 2);
        await OlderRow(database, 1);
        await tables.MigrateAsync(default);
        Assert.Equal([(1, 1), (2, 2)], await CursorsAsync(tables));

        await OlderRow(database, 3);
        await WriteAsync(tables, Batch(1, 4));
        Assert.Equal([(1, 1), (2, 2), (3, 3), (4, 4)], await CursorsAsync(tables));

        await database.Ask("DELETE FROM journeys");
        await WriteAsync(tables, Batch(1, 5));
        Assert.Equal([(5, 5)], await CursorsAsync(tables));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Topics_carry_a_colour_only_where_enough_vehicles_share_it_and_the_node_reads_all(string kind)
    {
        var (tables, query) = await TablesAsync(kind, "colours");
        await WriteAsync(tables, Of(1, VehicleColour.Red, 1, 2, 3));
        await WriteAsync(tables, Of(2, VehicleColour.Green, 4, 5, 6, 7));
        // More than an hour later the red ones of before no longer hide the next.
        await WriteAsync(tables, Of(3, VehicleColour.White, 70, 71, 72, 73, 74));
        await WriteAsync(tables, Of(4, VehicleColour.Red, 75, 76));
        await WriteAsync(tables, Of(5, VehicleColour.White, 76));

        var published = (await tables.ReadJourneysAfterAsync(Kokandori, TopicPlace.After(0), 100, default)).Journeys;
        Assert.Equal(
            ["1-7 unknown", "70-74 white", "75-76 unknown", "76 white"],
            Runs(published.Select(j => ((int)j.Journey.Number, j.Journey.Colour == VehicleColour.Unknown ? "unknown" : j.Journey.Colour.Name()))));
        Assert.All(published, j => Assert.Equal(j.Journey.Colour == VehicleColour.Unknown, j.Journey.ColourConfidence == 0));
        Assert.DoesNotContain(await AllAsync(query, Filter(0, 100)), j => j.Journey.Colour == VehicleColour.Unknown);

        static DeliveryBatch Of(long epoch, VehicleColour colour, params int[] minutes)
        {
            var batch = Batch(epoch, minutes);
            return batch with { Entries = [.. batch.Entries.Cast<JourneyEntry>().Select(e => e with { Journey = e.Journey with { Class = VehicleClass.PassengerCar, Colour = colour, ColourConfidence = 0.9 } })] };
        }

        static IEnumerable<string> Runs(IEnumerable<(int Number, string Colour)> journeys)
        {
            List<(int First, int Last, string Colour)> runs = [];
            foreach (var (number, colour) in journeys)
            {
                if (runs.Count > 0 && runs[^1].Colour == colour) runs[^1] = runs[^1] with { Last = number };
                else runs.Add((number, number, colour));
            }

            return runs.Select(r => r.First == r.Last ? $"{r.First} {r.Colour}" : $"{r.First}-{r.Last} {r.Colour}");
        }
    }

    /// <summary>As a server that knows no cursors writes it.</summary>
    private static Task OlderRow(EmptyDatabase database, int n) => database.Ask($"""
        INSERT INTO journeys (site, camera, epoch, sequence, first_seen_at, last_seen_at, class, class_confidence, colour, colour_confidence,
            distance_m, stops, stopped_s, delay_s, cameras, site_hash, model, model_version, calibration)
        VALUES ('kokandori', 'junction-kokandori', 0, {n}, '2026-03-31T23:0{n}:00.000Z', '2026-03-31T23:0{n}:00.000Z', 'bus', 1, '', 0, 0, 0, 0, 0, 1, '', '', '', '')
        """);

    private static async Task<List<(int, int)>> CursorsAsync(FlowTables tables) =>
        [.. (await tables.ReadJourneysAfterAsync(Kokandori, TopicPlace.After(0), 100, default)).Journeys.Select(j => ((int)j.Journey.Number, (int)j.Cursor))];

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Tables_of_before_journeys_say_how_they_get_them(string kind)
    {
        var database = await _databases.CreateAsync(kind, "before_journeys");
        await database.Ask(await File.ReadAllTextAsync(Path.Combine(Settings.SharedFiles.Repository, "tests/TrafficFlow.System.Tests/Tables/Former", $"version1.{kind}.sql")));

        var refused = await Assert.ThrowsAsync<QueryException>(() => AllAsync(ReadTables.Journeys(database.Journal), Filter()));

        Assert.Contains("start the server of this version once", refused.Message);
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
                LateralMetres = -1.6,
                QueuedAt = seen.AddSeconds(-8),
                QueuedMetres = 12.5,
                Cameras = 2,
            }
            : new Journey(n, null, new ApproachId("south"), null, seen, VehicleClass.PassengerCar, 0.5) { FirstSeenAt = seen.AddSeconds(-3), LastSeenAt = seen, Cameras = 1 });
    }

    private static DeliveryBatch Batch(long epoch, params int[] numbers) =>
        new(Kokandori, Junction, ApproachId.Journeys, epoch, numbers[^1], Made, [.. numbers.Select(Entry)]);

    private static async Task<object?> WriteAsync(FlowTables tables, DeliveryBatch batch, WrongStamps? wrong = null) =>
        (await tables.WriteAsync([], [new WriteJourneys(batch, ActorRefs.Nobody, wrong)], default)).Single().Answer;

    private static WrongStamps Wrong(params long[] sequences) => new(new HashSet<long>(sequences), TimeSpan.FromHours(2), Now, 3);

    private static async Task<QuarantineAnswer> ResolveAsync(FlowTables tables, long epoch, QuarantineAction action, TimeSpan shift) => Assert.IsType<QuarantineAnswer>(
        (await tables.WriteAsync([], [new ResolveJourneys(new ResolveQuarantine(Kokandori, ApproachId.Journeys, Junction, epoch, action, shift), ActorRefs.Nobody, Now, TimeSpan.FromMinutes(5))], default)).Single().Answer);

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
