using System.Diagnostics;
using Akka.Actor;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Aggregation;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.OutboxEntries;
using Xunit;

namespace TrafficFlow.SystemTests.Postgres;

/// <summary>Aggregators on a real PostgreSQL server.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class PostgresJournalTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    private PostgresServer Server => fixture.Server;

    [Fact]
    public async Task What_was_accepted_is_there_after_a_restart_and_no_history_can_be_written_twice()
    {
        var journal = await NewDatabaseAsync("restart");
        await using (var node = await ServerNode.StartAsync(journal))
        {
            for (var i = 1; i <= 250; i++) await node.DeliverAsync(ServerNode.Batch(i));
        }

        await using var again = await ServerNode.StartAsync(journal);
        await again.DeliverAsync(ServerNode.Batch(250));
        Assert.Equal(250, (await again.StatusAsync()).Total(Movement.Entering));
        Assert.Contains("UNIQUE", await Server.SqlAsync(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'journal'::regclass AND contype = 'u'", "restart"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Server.SqlAsync(
            "INSERT INTO journal (deleted, persistence_id, sequence_number, created, message, identifier, manifest, writer_uuid) SELECT deleted, persistence_id, sequence_number, created, message, identifier, manifest, 'zombie' FROM journal LIMIT 1", "restart"));
    }

    [Fact]
    public async Task A_database_that_is_killed_and_comes_back_loses_nothing_and_counting_goes_on_within_seconds()
    {
        await using var server = await PostgresServer.CreateAsync();
        await using var node = await ServerNode.StartAsync(new PostgresJournal(server.Connection(), server.PasswordFile));
        var number = 0;
        var slowest = TimeSpan.Zero;
        for (var kill = 0; kill < 3; kill++)
        {
            for (var i = 0; i < 20; i++) await node.DeliverAsync(ServerNode.Batch(++number, 10));
            var waiting = node.DeliverAsync(ServerNode.Batch(++number, 10));
            await server.KillAsync();
            await Task.Delay(TimeSpan.FromSeconds(kill * 2));
            await server.StartAsync();
            var clock = Stopwatch.StartNew();
            await waiting;
            await node.DeliverAsync(ServerNode.Batch(++number, 10));
            if (clock.Elapsed > slowest) slowest = clock.Elapsed;
        }

        Assert.Equal(number, (await node.StatusAsync()).Total(Movement.Entering));
        // Ten seconds each: the kills fell among bins that closed. Every revision is in the tables, each once.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await node.StatusAsync()).Unwritten > 0) await Task.Delay(50, patience.Token);
        var closed = (await node.StatusAsync()).Cursor;
        Assert.Equal($"{closed}|{closed}|{closed}", await server.SqlAsync("SELECT count(*), max(cursor), count(DISTINCT cursor) FROM flow_bins", PostgresServer.Database));
        var minutes = number * 10 / 60;
        Assert.Equal($"{minutes}|{minutes * 6}", await server.SqlAsync(
            "SELECT count(DISTINCT start_time), sum(count) FROM flow_counts_latest WHERE minutes = 1", PostgresServer.Database));
        Assert.True(slowest < TimeSpan.FromSeconds(10), $"it took {slowest.TotalSeconds:0.0} s");
        TestContext.Current.TestOutputHelper?.WriteLine($"slowest return {slowest.TotalSeconds:0.0} s");
    }

    [Fact]
    public async Task A_camera_that_was_added_and_snapshots_between_survive_a_restart()
    {
        var journal = await NewDatabaseAsync("feeds");
        var often = new AggregationSettings { SnapshotEvery = 50 };
        string before;
        await using (var node = await ServerNode.StartAsync(journal, aggregation: often))
        {
            for (var i = 1; i <= 210; i++) await node.DeliverAsync(ServerNode.Batch(i, 10));
            var setup = new ApproachSetup(ServerNode.SiteId, ServerNode.North, [ServerNode.Camera, new CameraId("cam2")], new BinAlignment(TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo")));
            node.Approaches.Tell(new UpdateSetup(setup));
            await node.DeliverAsync(ServerNode.Batch(211, 10));
            before = await TextAsync(node);
        }

        Assert.Contains("Complete", before);
        await using var again = await ServerNode.StartAsync(journal, aggregation: often);
        // Its site file has one camera: the set changes back, from now on.
        Assert.Equal(before, await TextAsync(again));
        Assert.Equal("3", await Server.SqlAsync("SELECT count(*) FROM journal WHERE manifest LIKE 'feeds-changed-%'", "feeds"));
        Assert.NotEqual("0", await Server.SqlAsync("SELECT count(*) FROM snapshot", "feeds"));

        static async Task<string> TextAsync(ServerNode node)
        {
            var bins = await node.Approaches.Ask<FlowBins>(
                new GetFlowBins(ServerNode.SiteId, ServerNode.North, BinDuration.FiveMinutes, ServerNode.Morning, ServerNode.Morning.AddMinutes(30)), TimeSpan.FromSeconds(20));
            return string.Join("; ", bins.Bins.Select(b => $"{b.Key.Start:O} {b.Revision} {b.Quality} {b.ObservedSeconds} {string.Join(", ", b.Rows)}"));
        }
    }

    [Fact]
    public async Task A_flipped_bit_in_the_last_row_is_noticed_and_what_it_held_is_asked_for_again()
    {
        var journal = await NewDatabaseAsync("flipped");
        await using (var node = await ServerNode.StartAsync(journal))
        {
            for (var i = 1; i <= 5; i++) await node.DeliverAsync(ServerNode.Batch(i));
        }

        await Server.SqlAsync("UPDATE journal SET message = set_byte(message, 40, get_byte(message, 40) # 1) WHERE ordering = (SELECT max(ordering) FROM journal WHERE manifest LIKE 'batch-counted-%')", "flipped");

        await using var again = await ServerNode.StartAsync(journal);
        var behind = await again.Approaches.Ask<Behind>(ServerNode.Batch(6) with { After = new LogPosition(1, 10) }, TimeSpan.FromSeconds(20));
        Assert.Equal(new LogPosition(1, 8), behind.HighWater);
        await again.DeliverAsync(ServerNode.Batch(5));
        await again.DeliverAsync(ServerNode.Batch(6));
        Assert.Equal(6, (await again.StatusAsync()).Total(Movement.Entering));
    }

    [Fact]
    public async Task An_approach_that_is_new_while_the_database_is_away_is_counted_when_it_returns()
    {
        await using var server = await PostgresServer.CreateAsync();
        await using var node = await ServerNode.StartAsync(new PostgresJournal(server.Connection(), server.PasswordFile));
        await server.KillAsync();
        var waiting = node.DeliverAsync(ServerNode.Batch(1));
        await Task.Delay(TimeSpan.FromSeconds(8));
        await server.StartAsync();
        var clock = Stopwatch.StartNew();
        await waiting;

        Assert.Equal(1, (await node.StatusAsync()).Total(Movement.Entering));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(15), $"it took {clock.Elapsed.TotalSeconds:0.0} s");
        TestContext.Current.TestOutputHelper?.WriteLine($"return {clock.Elapsed.TotalSeconds:0.0} s");
    }

    private async Task<PostgresJournal> NewDatabaseAsync(string name)
    {
        await Server.SqlAsync($"CREATE DATABASE {name} OWNER {PostgresServer.User}");
        return new PostgresJournal(Server.Connection(name), Server.PasswordFile);
    }
}
