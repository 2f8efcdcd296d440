using Akka.Actor;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Tables;
using TrafficFlow.SystemTests.Postgres;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.OutboxEntries;
using Xunit;
using static TrafficFlow.SystemTests.Tables.StoredBins;

namespace TrafficFlow.SystemTests.Tables;

/// <summary>What a site's file limits goes from the read tables, on both databases, and is told of.</summary>
public sealed class SiteRemovalTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>, IDisposable
{
    private static readonly CameraId s_junction = new("junction-kokandori");
    private static readonly SiteId s_other = new("other");
    private static readonly Provenance s_made = new("0123456789abcdef", "a-model-that-nobody-else-has", "2", "abc");
    private static readonly DateTimeOffset s_now = Morning.AddDays(30);

    private readonly EmptyDatabases _databases = new(fixture);
    private readonly Limits _limits = new();

    public static TheoryData<string> Databases => EmptyDatabases.Kinds;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Journeys_and_bins_of_the_site_go_at_their_age_and_no_other_ones(string kind)
    {
        var (database, tables) = await TablesAsync(kind, "removed");
        var day = 24 * 60;
        await tables.WriteAsync([Closed(1, 0, 1, 3), Closed(2, 0, 2, 4), Closed(3, 0, 1, 7, 15), Closed(4, 20 * day, 1, 5), Closed(5, new Interval(Morning, Morning.AddMinutes(1)), 1, 9, 1, North, site: s_other)], default);
        await WriteAsync(tables, 1, 2, 20 * day);
        _limits.Set(Kokandori, KeptKind.Journeys, s_now.AddDays(-14));
        _limits.Set(Kokandori, KeptKind.Counts, s_now.AddDays(-20));

        await RetireAsync(tables);

        Assert.Equal("2", await database.Ask("SELECT count(*) FROM flow_bins"));
        Assert.Equal("2", await database.Ask("SELECT count(DISTINCT site) FROM flow_counts"));
        Assert.Equal("1", await database.Ask("SELECT count(*) FROM journeys"));
        Assert.Equal(["journeys of kokandori: 2", "counts of kokandori: 3"], _limits.Recorded);
        var removed = await ReadTables.Flows(database.Journal).RemovedAsync(Kokandori, default);
        Assert.Equal([(KeptKind.Counts, s_now.AddDays(-20), 3L), (KeptKind.Journeys, s_now.AddDays(-14), 2L)], removed.Select(r => (r.Kind, r.Before, r.Rows)));
        Assert.All(removed, r => Assert.Equal((s_now, "by the test"), (r.At, r.Reason)));
        Assert.Empty(await ReadTables.Flows(database.Journal).RemovedAsync(s_other, default));
        Assert.Equal(s_now, RemovedSpan.Of(removed, KeptKind.Counts, Morning)!.At);
        Assert.Null(RemovedSpan.Of(removed, KeptKind.Counts, Morning.AddDays(20)));

        // Nothing more is due: nothing is recorded a second time.
        await RetireAsync(tables);
        Assert.Equal(2, _limits.Recorded.Count);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_was_removed_does_not_come_back_when_its_outbox_sends_it_again(string kind)
    {
        var (database, tables) = await TablesAsync(kind, "redelivered");
        await WriteAsync(tables, 1, 2, 3);
        _limits.Set(Kokandori, KeptKind.Journeys, s_now);
        await RetireAsync(tables);

        // The next delivery goes on behind what is gone, and is asked for nothing again.
        Assert.IsType<Accepted>(await WriteAsync(tables, 4));
        Assert.Equal("1", await database.Ask("SELECT count(*) FROM journeys"));
        Assert.Equal("4", await database.Ask("SELECT cursor FROM journeys"));
        Assert.Equal("4", await database.Ask("SELECT sequence FROM journey_logs"));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Nothing_goes_that_cannot_be_recorded_and_what_a_crash_cut_goes_on_without_a_second_record(string kind)
    {
        var (database, tables) = await TablesAsync(kind, "audited");
        await WriteAsync(tables, [.. Enumerable.Range(1, 2500)]);
        _limits.Set(Kokandori, KeptKind.Journeys, s_now);
        _limits.CanRecord = false;
        Assert.False(await tables.RetireAsync(new TableRetention { Custody = _limits }, s_now, default));
        Assert.Equal("2500", await database.Ask("SELECT count(*) FROM journeys"));

        _limits.CanRecord = true;
        Assert.True(await tables.RetireAsync(new TableRetention { Custody = _limits }, s_now, default));
        Assert.Equal("1500", await database.Ask("SELECT count(*) FROM journeys"));
        await RetireAsync(new FlowTables(database.Journal), s_now.AddHours(1));
        Assert.Equal("0", await database.Ask("SELECT count(*) FROM journeys"));
        Assert.Equal(["journeys of kokandori: 2500"], _limits.Recorded);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Of_each_day_one_row_tells_what_was_removed(string kind)
    {
        var (database, tables) = await TablesAsync(kind, "days");
        await WriteAsync(tables, [.. Enumerable.Range(1, 60)]);
        foreach (var hour in Enumerable.Range(0, 30))
        {
            _limits.Set(Kokandori, KeptKind.Journeys, Morning.AddMinutes(hour + 1));
            await RetireAsync(tables, s_now.AddHours(hour));
        }

        var removed = await ReadTables.Flows(database.Journal).RemovedAsync(Kokandori, default);
        Assert.Equal(2, removed.Count);
        Assert.Equal(60 - long.Parse(await database.Ask("SELECT count(*) FROM journeys"), System.Globalization.CultureInfo.InvariantCulture), removed.Sum(r => r.Rows));
    }

    [Fact]
    public async Task Of_what_was_removed_the_files_of_sqlite_hold_nothing()
    {
        var (database, tables) = await TablesAsync("sqlite", "bytes");
        await WriteAsync(tables, [.. Enumerable.Range(1, 500)]);
        var files = ((SqliteJournal)database.Journal).TablesFile;
        Assert.True(Marks(files) > 100, "the model's name is looked for, and must be there before");
        _limits.Set(Kokandori, KeptKind.Journeys, s_now);

        await RetireAsync(tables);

        Assert.Equal(0, Marks(files));

        static int Marks(string file) => Directory.EnumerateFiles(Path.GetDirectoryName(file)!, $"{Path.GetFileName(file)}*")
            .Sum(f => System.Text.Encoding.Latin1.GetString(ReadShared(f)).Split(s_made.DetectorName).Length - 1);
    }

    public void Dispose() => _databases.Dispose();

    private static byte[] ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    private async Task RetireAsync(FlowTables tables, DateTimeOffset? now = null)
    {
        while (await tables.RetireAsync(new TableRetention { Custody = _limits, MinuteBins = TimeSpan.FromDays(3650), FiveMinuteBins = TimeSpan.FromDays(3650), Journeys = TimeSpan.FromDays(3650) }, now ?? s_now, default))
        {
        }
    }

    private static async Task<object?> WriteAsync(FlowTables tables, params int[] minutes)
    {
        var first = minutes[0];
        var entries = minutes.Select(m => new JourneyEntry(m, s_junction, new Journey(m, North, new ApproachId("south"), null, Morning.AddMinutes(m), VehicleClass.PassengerCar, 0.5) { FirstSeenAt = Morning.AddMinutes(m), LastSeenAt = Morning.AddMinutes(m), Cameras = 1 }));
        var batch = new DeliveryBatch(Kokandori, s_junction, ApproachId.Journeys, 1, minutes[^1], s_made, [.. entries]) { After = first == 1 ? LogPosition.Start : new LogPosition(1, first - 1) };
        return (await tables.WriteAsync([], [new WriteJourneys(batch, ActorRefs.Nobody)], default)).Single().Answer;
    }

    private async Task<(EmptyDatabase Database, FlowTables Tables)> TablesAsync(string kind, string name)
    {
        var database = await _databases.CreateAsync(kind, name);
        var tables = new FlowTables(database.Journal);
        await tables.MigrateAsync(default);
        return (database, tables);
    }

    private sealed class Limits : ISiteRetention
    {
        private readonly Dictionary<(SiteId, KeptKind), SiteLimit> _limits = [];

        public bool CanRecord { get; set; } = true;

        public List<string> Recorded { get; } = [];

        public void Set(SiteId site, KeptKind kind, DateTimeOffset before) => _limits[(site, kind)] = new SiteLimit(site, kind, before, "by the test");

        public IReadOnlyList<SiteLimit> Due(DateTimeOffset now) => [.. _limits.Values.OrderBy(l => l.Kind)];

        public Task<bool> RecordAsync(SiteLimit limit, long rows, CancellationToken cancellation)
        {
            if (CanRecord) Recorded.Add($"{limit.Kind.ToString().ToLowerInvariant()} of {limit.Site}: {rows}");
            return Task.FromResult(CanRecord);
        }
    }
}
