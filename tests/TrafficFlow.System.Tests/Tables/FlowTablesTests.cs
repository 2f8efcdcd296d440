using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Tables;
using TrafficFlow.Server.Tables.Databases;
using TrafficFlow.Server.Tables.Migrations;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Postgres;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Journals;
using Xunit;
using static TrafficFlow.SystemTests.Tables.StoredBins;

namespace TrafficFlow.SystemTests.Tables;

/// <summary>The read tables on both databases.</summary>
public sealed class FlowTablesTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>, IDisposable
{
    private readonly EmptyDatabases _databases = new(fixture);

    public static TheoryData<string> Databases => EmptyDatabases.Kinds;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task What_was_written_is_read_as_it_was_however_often_it_was_written(string database)
    {
        var (tables, _) = await CreateAsync(database, "same");
        var written = new[] { Closed(1, 0, 1, 3), Closed(2, 1, 1, 0), Closed(3, 0, 2, 5) };
        await tables.WriteAsync(written, default);
        await tables.WriteAsync(written[1..], default);
        await tables.WriteAsync(written, default);

        var page = await tables.ReadAfterAsync(Kokandori, North, 0, 100, default);

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

        var first = await tables.ReadAfterAsync(Kokandori, North, 10, 2, default);
        Assert.Equal("11, 12 reached 12, more True", Told(first));
        var last = await tables.ReadAfterAsync(Kokandori, North, 2498, 2, default);
        Assert.Equal("2499, 2500 reached 2500, more False", Told(last));
        Assert.Empty((await tables.ReadAfterAsync(Kokandori, new ApproachId("south"), null, 10, default)).Bins);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Without_a_cursor_the_newest_bin_of_each_duration_comes_and_what_follows_is_known(string database)
    {
        var (tables, _) = await CreateAsync(database, "newest");
        await tables.WriteAsync([Closed(1, 0, 1, 1), Closed(2, 5, 1, 1), Closed(3, 0, 1, 1, 5), Closed(4, 0, 2, 2), Closed(5, 5, 2, 9)], default);

        var page = await tables.ReadAfterAsync(Kokandori, North, null, 100, default);

        Assert.Equal([(3, 5), (5, 1)], page.Bins.Select(b => (b.Cursor, b.Bin.Key.Duration.Minutes)));
        Assert.Equal((5, false), (page.Reached, page.More));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Tables_of_a_newer_version_are_left_alone(string database)
    {
        var (tables, ask) = await CreateAsync(database, "newer");
        await tables.LookAsync(default);
        await ask("UPDATE flow_tables_version SET version = 99");

        Assert.Contains("run a newer one", (await Assert.ThrowsAsync<JournalException>(() => tables.MigrateAsync(default))).Message);
        Assert.Contains("run a newer one", (await Assert.ThrowsAsync<JournalException>(() => tables.LookAsync(default))).Message);
    }

    [Fact]
    public async Task Servers_that_start_together_make_the_tables_once()
    {
        await fixture.Server.SqlAsync($"CREATE DATABASE together OWNER {PostgresServer.User}");
        var journal = new PostgresJournal(fixture.Server.Connection("together"), fixture.Server.PasswordFile);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => new FlowTables(journal).MigrateAsync(default)));

        Assert.Equal("1", await fixture.Server.SqlAsync("SELECT count(*) FROM flow_tables_version WHERE version = 1", "together"));
        Assert.Contains("lower bound", await fixture.Server.SqlAsync("SELECT string_agg(col_description('flow_bins'::regclass, attnum), ',') FROM pg_attribute WHERE attrelid = 'flow_bins'::regclass", "together"));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Tables_of_version_1_are_read_and_carried_on(string kind)
    {
        var database = await _databases.CreateAsync(kind, "former");
        await database.Ask(await File.ReadAllTextAsync(Path.Combine(SharedFiles.Repository, "tests/TrafficFlow.System.Tests/Tables/Former", $"version1.{kind}.sql")));
        var tables = new FlowTables(database.Journal);

        await tables.MigrateAsync(default);
        await tables.WriteAsync([Closed(4, 0, 3, 7)], default);

        var page = await tables.ReadAfterAsync(Kokandori, North, 0, 100, default);
        Assert.Equal([(1, 1, 3), (2, 1, 0), (3, 2, 6), (4, 3, 8)], page.Bins.Select(b => (b.Cursor, b.Bin.Revision, b.Bin.Rows.Sum(r => r.Sums.Count))));
        Assert.Equal(Morning, page.Bins[0].Bin.Key.Start);
        Assert.Equal("7", await database.Ask("SELECT sum(count) FROM flow_counts_latest WHERE class = 'bus'"));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_migration_that_fails_leaves_the_tables_as_they_were(string kind)
    {
        var database = await _databases.CreateAsync(kind, "broken");
        await new FlowTables(database.Journal).MigrateAsync(default);
        var before = await database.Ask("SELECT max(version) FROM flow_tables_version");

        await Assert.ThrowsAnyAsync<global::System.Data.Common.DbException>(
            () => new TableMigrator(TableDatabase.Of(database.Journal), [.. TableMigrator.Steps, new BrokenMigration()]).RunAsync(default));

        Assert.Equal(before, await database.Ask("SELECT max(version) FROM flow_tables_version"));
        Assert.Equal("0", await database.Ask(TableDatabase.Of(database.Journal).Dialect.CountTables("half")));
    }

    public void Dispose() => _databases.Dispose();

    private static string Told(BinsAfter page) => $"{string.Join(", ", page.Bins.Select(b => b.Cursor))} reached {page.Reached}, more {page.More}";

    private async Task<(FlowTables Tables, Func<string, Task<string>> Ask)> CreateAsync(string kind, string name)
    {
        var database = await _databases.CreateAsync(kind, name);
        var tables = new FlowTables(database.Journal);
        await tables.MigrateAsync(default);
        return (tables, database.Ask);
    }

    private sealed class BrokenMigration : TableMigration
    {
        public override int Version => 99;

        public override IEnumerable<string> Statements(SchemaDialect dialect) => ["CREATE TABLE half (a int)", "CREATE TABLE half (a int)"];
    }
}
