using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Tables;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Postgres;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Journals;
using Xunit;

namespace TrafficFlow.SystemTests.Tables;

/// <summary>The read tables on both databases.</summary>
public sealed class FlowTablesTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>, IDisposable
{
    private static readonly SiteId Site = new("kokandori");
    private static readonly ApproachId North = new("north");
    private static readonly DateTimeOffset Morning = new(2026, 4, 1, 8, 0, 0, TimeSpan.FromHours(9));
    private readonly SettingsFolder _folder = new();

    public static TheoryData<string> Databases => ["sqlite", "postgresql"];

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_was_written_is_read_as_it_was_however_often_it_was_written(string database)
    {
        var (tables, _) = await CreateAsync(database, "same");
        var written = new[] { Closed(1, 0, 1, 3), Closed(2, 1, 1, 0), Closed(3, 0, 2, 5) };
        await tables.WriteAsync(written, default);
        await tables.WriteAsync(written[1..], default);
        await tables.WriteAsync(written, default);

        var page = await tables.ReadAfterAsync(Site, North, 0, 100, default);

        Assert.Equal(written.Select(Text), page.Bins.Select(Text));
        Assert.Equal((3, false, 3), (page.Reached, page.More, page.Last));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Old_revisions_stay_and_the_views_show_the_newest(string database)
    {
        var (tables, ask) = await CreateAsync(database, "views");
        await tables.WriteAsync([Closed(1, 0, 1, 3), Closed(2, 1, 1, 4), Closed(3, 0, 2, 5)], default);

        Assert.Equal("3", await ask("SELECT count(*) FROM flow_bins"));
        Assert.Equal("9", await ask("SELECT sum(count) FROM flow_counts_latest WHERE class = 'bus'"));
        Assert.Equal("2", await ask("SELECT count(*) FROM flow_bins_latest WHERE quality = 'complete' AND observed_seconds > 59 AND model = 'motion'"));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Bins_come_in_pages_in_the_order_in_which_they_closed(string database)
    {
        var (tables, _) = await CreateAsync(database, "pages");
        await tables.WriteAsync([.. Enumerable.Range(1, 2500).Select(i => Closed(i, i, 1, i % 3))], default);

        var first = await tables.ReadAfterAsync(Site, North, 10, 2, default);
        Assert.Equal("11, 12 reached 12, more True", Told(first));
        var last = await tables.ReadAfterAsync(Site, North, 2498, 2, default);
        Assert.Equal("2499, 2500 reached 2500, more False", Told(last));
        Assert.Empty((await tables.ReadAfterAsync(Site, new ApproachId("south"), null, 10, default)).Bins);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Without_a_cursor_the_newest_bin_of_each_duration_comes_and_what_follows_is_known(string database)
    {
        var (tables, _) = await CreateAsync(database, "newest");
        await tables.WriteAsync([Closed(1, 0, 1, 1), Closed(2, 5, 1, 1), Closed(3, 0, 1, 1, 5), Closed(4, 0, 2, 2), Closed(5, 5, 2, 9)], default);

        var page = await tables.ReadAfterAsync(Site, North, null, 100, default);

        Assert.Equal([(3, 5), (5, 1)], page.Bins.Select(b => (b.Cursor, b.Bin.Key.Duration.Minutes)));
        Assert.Equal((5, false), (page.Reached, page.More));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Tables_of_a_newer_version_are_left_alone(string database)
    {
        var (tables, ask) = await CreateAsync(database, "newer");
        await ask("UPDATE flow_tables_version SET version = 99");

        Assert.Contains("run a newer one", (await Assert.ThrowsAsync<JournalException>(() => tables.CreateAsync(default))).Message);
    }

    [Fact]
    public async Task Servers_that_start_together_make_the_tables_once()
    {
        await fixture.Server.SqlAsync($"CREATE DATABASE together OWNER {PostgresServer.User}");
        var journal = new PostgresJournal(fixture.Server.Connection("together"), fixture.Server.PasswordFile);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => new FlowTables(journal).CreateAsync(default)));

        Assert.Equal("1", await fixture.Server.SqlAsync("SELECT count(*) FROM flow_tables_version", "together"));
        Assert.Contains("lower bound", await fixture.Server.SqlAsync("SELECT string_agg(col_description('flow_bins'::regclass, attnum), ',') FROM pg_attribute WHERE attrelid = 'flow_bins'::regclass", "together"));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private static ClosedBin Closed(long cursor, int minute, int revision, int count, int minutes = 1)
    {
        var rows = count == 0 ? ImmutableArray<FlowRow>.Empty :
        [
            new FlowRow(Movement.Entering, VehicleClass.Bus, new FlowSums(count, 0, count, count, count * 33.3, count / 33.3)),
            new FlowRow(Movement.To(new ApproachId("south")), VehicleClass.PassengerCar, new FlowSums(1, 1, 0, 0, 0, 0)),
        ];
        var start = Morning.AddMinutes(minute);
        return new ClosedBin(
            cursor,
            new FlowBin(
                new BinKey(Site, North, new BinDuration(minutes), start), start.AddMinutes(minutes), TimeSpan.FromTicks(599_999_997), BinQuality.Complete, revision,
                rows, [new BinSource(new CameraId("cam1"), new Provenance("0123456789abcdef", "motion", "1", "none"))]),
            start.AddSeconds(61.5));
    }

    private static string Told(BinsAfter page) => $"{string.Join(", ", page.Bins.Select(b => b.Cursor))} reached {page.Reached}, more {page.More}";

    private static string Text(ClosedBin b) =>
        $"{b.Cursor} {b.Bin with { Rows = [], Sources = [] }} [{string.Join(", ", b.Bin.Rows)}] [{string.Join(", ", b.Bin.Sources)}] {b.ClosedAt.UtcTicks}";

    private async Task<(FlowTables Tables, Func<string, Task<string>> Ask)> CreateAsync(string database, string name)
    {
        JournalSettings journal;
        Func<string, Task<string>> ask;
        if (database == "sqlite")
        {
            var file = new SqliteJournal(Path.Combine(_folder.Path, $"{name}.db"));
            (journal, ask) = (file, sql => AskSqliteAsync(file, sql));
        }
        else
        {
            await fixture.Server.SqlAsync($"CREATE DATABASE {name} OWNER {PostgresServer.User}");
            (journal, ask) = (new PostgresJournal(fixture.Server.Connection(name), fixture.Server.PasswordFile), sql => fixture.Server.SqlAsync(sql, name));
        }

        var tables = new FlowTables(journal);
        await tables.CreateAsync(default);
        return (tables, ask);
    }

    private static async Task<string> AskSqliteAsync(SqliteJournal file, string sql)
    {
        await using var connection = new SqliteConnection(file.TablesConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (await command.ExecuteScalarAsync())?.ToString() ?? "";
    }
}
