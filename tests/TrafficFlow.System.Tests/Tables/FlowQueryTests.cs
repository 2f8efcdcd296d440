using LinqToDB.Async;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Tables;
using TrafficFlow.Server.Tables.Databases;
using TrafficFlow.SystemTests.Postgres;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Journals;
using Xunit;
using static TrafficFlow.SystemTests.Tables.StoredBins;

namespace TrafficFlow.SystemTests.Tables;

/// <summary>What the query on the read tables answers, on both databases.</summary>
public sealed class FlowQueryTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>, IDisposable
{
    private static readonly ApproachId South = new("south");
    private readonly EmptyDatabases _databases = new(fixture);

    public static TheoryData<string> Databases => EmptyDatabases.Kinds;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task The_newest_revision_comes_unless_another_is_asked_for(string kind)
    {
        var query = await QueryAsync(kind, "revisions", Closed(1, 0, 1, 3), Closed(2, 1, 1, 0), Closed(3, 0, 2, 5));

        Assert.Equal([Text(Closed(3, 0, 2, 5)), Text(Closed(2, 1, 1, 0))], (await AllAsync(query, Filter())).Select(Text));
        Assert.Equal([1, 2], Cursors(await AllAsync(query, Filter() with { Revisions = RevisionFilter.Exactly(1) })));
        Assert.Equal([1, 3, 2], Cursors(await AllAsync(query, Filter() with { Revisions = RevisionFilter.All })));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Bins_are_those_that_start_in_the_interval_and_rows_those_of_movement_and_class(string kind)
    {
        var query = await QueryAsync(kind, "filters", Closed(1, 0, 1, 3), Closed(2, 1, 1, 4), Closed(3, 2, 1, 5), Closed(4, 0, 1, 9, 15), Closed(1, 1, 1, 6, approach: South));

        Assert.Equal([2, 1], Cursors(await AllAsync(query, Filter(1, 2))));
        Assert.Equal([2], Cursors(await AllAsync(query, Filter(1, 2) with { Approach = North })));
        Assert.Equal([4], Cursors(await AllAsync(query, Filter() with { Duration = BinDuration.QuarterHour })));
        var buses = await AllAsync(query, Filter() with { Approach = North, Movement = Movement.Entering, Class = VehicleClass.Bus });
        Assert.Equal([3, 4, 5], buses.Select(b => b.Bin.Rows.Single().Sums.Count));
        Assert.All(await AllAsync(query, Filter() with { Class = VehicleClass.Motorcycle }), b => Assert.Empty(b.Bin.Rows));
        Assert.Empty(await AllAsync(query, Filter() with { Approach = new ApproachId("east") }));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Pages_follow_one_another_without_a_gap_also_where_bins_close_meanwhile(string kind)
    {
        var tables = await TablesAsync(kind, "cursors");
        await tables.Tables.WriteAsync([.. Enumerable.Range(1, 25).Select(i => Closed(i, i, 1, 1)), .. Enumerable.Range(1, 5).Select(i => Closed(i, i, 1, 1, approach: South))], default);
        var query = ReadTables.Flows(tables.Journal);
        var filter = Filter() with { Revisions = RevisionFilter.All };

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await query.ReadAsync(filter, cursor, 10, default);
            seen.AddRange(page.Bins.Select(b => $"{b.Bin.Key.Approach} {b.Bin.Key.Start.Minute}.{b.Bin.Revision}"));
            if (cursor is null) await tables.Tables.WriteAsync([Closed(26, 10, 2, 2), Closed(27, 3, 2, 2)], default);
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal(
            [.. Enumerable.Range(1, 10).Select(i => $"north {i}.1"), "north 10.2", .. Enumerable.Range(11, 15).Select(i => $"north {i}.1"), .. Enumerable.Range(1, 5).Select(i => $"south {i}.1")],
            seen);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Totals_are_those_of_the_newest_revisions_and_a_bin_without_counts_is_there(string kind)
    {
        var query = await QueryAsync(
            kind, "totals", Closed(1, 0, 1, 3), Closed(2, 1, 1, 0), Closed(3, 0, 2, 5), Closed(4, new Interval(Morning.AddMinutes(2), Morning.AddMinutes(3)), 1, 0, 1, North, BinQuality.Blind), Closed(1, 1, 1, 6, approach: South), Closed(2, 1, 1, 8, 15, South));

        async Task<string[]> TellAsync(FlowFilter filter, TotalsBy by) =>
        [
            .. (await query.TotalsAsync(filter, by, default)).Select(b =>
                $"{b.Approach} {b.Start:HH:mm} {b.Quality} {Math.Round(b.Observed.TotalSeconds)}: {string.Join(", ", b.Counts.Select(c => $"{c.Movement} {c.Class} {c.Count}".Trim()).Order(StringComparer.Ordinal))}"),
        ];

        var first = Morning.UtcDateTime;
        string At(int minute) => $"{first.AddMinutes(minute):HH:mm}";
        Assert.Equal([$"north {At(0)} Complete 60: 6", $"north {At(1)} Complete 60: ", $"north {At(2)} Blind 0: ", $"south {At(1)} Complete 60: 7"], await TellAsync(Filter(), TotalsBy.Bin));
        Assert.Equal($"north {At(0)} Complete 60: 5", (await TellAsync(Filter() with { Movement = Movement.Entering }, TotalsBy.Bin))[0]);
        Assert.Equal([$"south {At(1)} Complete 60: entering  6, to south  1"], await TellAsync(Filter() with { Approach = South }, TotalsBy.Movement));
        Assert.Equal([$"south {At(1)} Complete 60: Bus 6, PassengerCar 1"], await TellAsync(Filter() with { Approach = South }, TotalsBy.Class));
        Assert.Equal([$"south {At(1)} Complete 60: 6"], await TellAsync(Filter(1, 2) with { Approach = South, Class = VehicleClass.Bus }, TotalsBy.Bin));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_is_deleted_while_a_question_is_answered_is_there_until_its_end(string kind)
    {
        var (tables, journal) = await TablesAsync(kind, "frozen");
        await tables.WriteAsync([Closed(1, 0, 1, 3), Closed(2, 60 * 24 * 9, 1, 4)], default);
        var session = new TableSession(TableDatabase.Of(journal, isReadOnly: true));
        var retention = new TableRetention { MinuteBins = TimeSpan.FromDays(1) };

        var (bins, counts) = await session.ReadAsync(1, async connection =>
        {
            var bins = await connection.Bins.CountAsync();
            Assert.True(await tables.RetireAsync(retention, Morning.AddDays(9), default));
            // Nor is anybody kept from writing.
            await tables.WriteAsync([Closed(3, (60 * 24 * 9) + 1, 1, 5), Closed(4, (60 * 24 * 9) + 2, 1, 5)], default);
            return (bins, await connection.Counts.CountAsync());
        }, default);

        Assert.Equal((2, 4), (bins, counts));
        Assert.Equal((3, 6), await session.ReadAsync(1, async connection => (await connection.Bins.CountAsync(), await connection.Counts.CountAsync()), default));
        Assert.Equal([2, 3, 4], Cursors(await AllAsync(ReadTables.Flows(journal), Filter(0, 60 * 24 * 10))));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Approaches_are_told(string kind)
    {
        var query = await QueryAsync(kind, "approaches", Closed(1, 0, 1, 3), Closed(1, 0, 1, 3, approach: South), Closed(1, new Interval(Morning, Morning.AddMinutes(1)), 1, 1, 1, North, site: new SiteId("aaa")));

        Assert.Equal(["aaa/north", "kokandori/north", "kokandori/south"], (await query.ApproachesAsync(default)).Select(a => $"{a.Site}/{a.Approach}"));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_cannot_be_read_is_told_with_the_remedy(string kind)
    {
        var database = await _databases.CreateAsync(kind, "nothing");
        var refused = await Assert.ThrowsAsync<QueryException>(() => Task.Run(() => ReadTables.Flows(database.Journal).ApproachesAsync(default)));
        Assert.Contains("run yet?", refused.Message);

        var query = await QueryAsync(kind, "words", Closed(1, 0, 1, 3));
        Assert.Contains("no cursor", (await Assert.ThrowsAsync<CursorException>(() => query.ReadAsync(Filter(), "tomorrow", 10, default))).Message);
    }

    [Fact]
    public async Task A_database_that_is_away_is_told()
    {
        var journal = new PostgresJournal("Host=127.0.0.1;Port=1;Database=traffic;Username=trafficflow;Timeout=2");

        Assert.Contains("does the database run", (await Assert.ThrowsAsync<QueryException>(() => ReadTables.Flows(journal).ApproachesAsync(default))).Message);
    }

    public void Dispose() => _databases.Dispose();

    private static FlowFilter Filter(int fromMinute = 0, int toMinute = 60) =>
        new(Kokandori, BinDuration.OneMinute, new Interval(Morning.AddMinutes(fromMinute), Morning.AddMinutes(toMinute)));

    private static IEnumerable<int> Cursors(IEnumerable<ClosedBin> bins) => bins.Select(b => (int)b.Cursor);

    private static async Task<List<ClosedBin>> AllAsync(IFlowQuery query, FlowFilter filter)
    {
        var bins = new List<ClosedBin>();
        await foreach (var bin in query.ReadAllAsync(filter)) bins.Add(bin);
        return bins;
    }

    private async Task<IFlowQuery> QueryAsync(string kind, string name, params ClosedBin[] bins)
    {
        var (tables, journal) = await TablesAsync(kind, name);
        await tables.WriteAsync(bins, default);
        return ReadTables.Flows(journal);
    }

    private async Task<(FlowTables Tables, JournalSettings Journal)> TablesAsync(string kind, string name)
    {
        var database = await _databases.CreateAsync(kind, name);
        var tables = new FlowTables(database.Journal);
        await tables.MigrateAsync(default);
        return (tables, database.Journal);
    }
}
