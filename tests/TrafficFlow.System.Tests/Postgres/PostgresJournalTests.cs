using System.Diagnostics;
using TrafficFlow.Actors.Hosting;
using TrafficFlow.Core.Flow;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Processes;
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
            for (var i = 0; i < 20; i++) await node.DeliverAsync(ServerNode.Batch(++number));
            var waiting = node.DeliverAsync(ServerNode.Batch(++number));
            await server.KillAsync();
            await Task.Delay(TimeSpan.FromSeconds(kill * 2));
            await server.StartAsync();
            var clock = Stopwatch.StartNew();
            await waiting;
            await node.DeliverAsync(ServerNode.Batch(++number));
            if (clock.Elapsed > slowest) slowest = clock.Elapsed;
        }

        Assert.Equal(number, (await node.StatusAsync()).Total(Movement.Entering));
        Assert.True(slowest < TimeSpan.FromSeconds(10), $"it took {slowest.TotalSeconds:0.0} s");
        TestContext.Current.TestOutputHelper?.WriteLine($"slowest return {slowest.TotalSeconds:0.0} s");
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
