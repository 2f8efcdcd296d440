using TrafficFlow.Core.Flow;
using TrafficFlow.Node.Backup;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Postgres;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Wire.Journals;
using Xunit;

namespace TrafficFlow.SystemTests.Backup;

/// <summary>A real pg_dump of a server that counts, and pg_restore as the manifest tells it.</summary>
[Collection(ProcessesCollection.Other)]
public sealed class PostgresDumpTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>, IDisposable
{
    private readonly SettingsFolder _folder = new();

    [Fact]
    public async Task What_is_dumped_while_the_server_counts_is_restored_with_the_printed_command_and_goes_on()
    {
        var journal = await NewAsync("live");
        var dump = Path.Combine(_folder.Path, "trafficflow.dump");
        await using (var node = await ServerNode.StartAsync(journal))
        {
            for (var i = 1; i <= 40; i++) await node.DeliverAsync(ServerNode.Batch(i));
            var dumped = await PostgresDump.RunAsync(journal, dump, TestContext.Current.CancellationToken);
            Assert.Null(dumped.Problem);
            for (var i = 41; i <= 60; i++) await node.DeliverAsync(ServerNode.Batch(i));

            var command = Assert.Single(dumped.Order, o => o.Contains("pg_restore", StringComparison.Ordinal));
            await NewAsync("other");
            await Tools.RunAsync("bash", "-c", command[command.IndexOf("pg_restore", StringComparison.Ordinal)..]
                .Replace("--dbname live", "--dbname other", StringComparison.Ordinal)
                .Replace(PostgresDump.Path, $"'{dump}'", StringComparison.Ordinal)
                .Insert(0, $"PGPASSWORD=\"$(head -n 1 '{fixture.Server.PasswordFile}')\" "));
        }

        await using var restored = await ServerNode.StartAsync(Of("other"));
        // Outboxes went on: what they send again is known, or counted.
        for (var i = 30; i <= 60; i++) await restored.DeliverAsync(ServerNode.Batch(i));
        Assert.Equal(60, (await restored.StatusAsync()).Total(Movement.Entering));
    }

    [Fact]
    public async Task A_dump_that_fails_says_why_and_how_to_make_it_by_hand()
    {
        var journal = await NewAsync("gone");
        await fixture.Server.SqlAsync("DROP DATABASE gone");

        var dumped = await PostgresDump.RunAsync(journal, Path.Combine(_folder.Path, "gone.dump"), TestContext.Current.CancellationToken);

        Assert.Contains("pg_dump failed: ", dumped.Problem);
        Assert.Contains("dump it with: pg_dump --host", dumped.Problem);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task A_dump_is_as_encrypted_as_the_nodes_own_connection()
    {
        // This server has no certificate: whoever insists on one gets nothing from it.
        var journal = new PostgresJournal($"{(await NewAsync("plain")).Connection};SSL Mode=VerifyFull;Root Certificate=/etc/city ca/root.crt", fixture.Server.PasswordFile);

        var dumped = await PostgresDump.RunAsync(journal, Path.Combine(_folder.Path, "plain.dump"), TestContext.Current.CancellationToken);

        Assert.Contains("pg_dump failed: ", dumped.Problem);
        Assert.Contains("dump it with: PGSSLMODE=verify-full PGSSLROOTCERT='/etc/city ca/root.crt' pg_dump --host", dumped.Problem);
        Assert.Contains(dumped.Order, o => o.Contains("PGSSLROOTCERT='/etc/city ca/root.crt' pg_restore --host", StringComparison.Ordinal));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("SSL Mode=Prefer", "")]
    [InlineData("SSL Mode=Disable", "PGSSLMODE=disable ")]
    [InlineData("SSL Mode=Require;SSL Certificate=/a/b.crt;SSL Key=/a/b.key", "PGSSLCERT=/a/b.crt PGSSLKEY=/a/b.key PGSSLMODE=require ")]
    [InlineData("SSL Mode=VerifyCA;Root Certificate=/a/it's.crt", @"PGSSLMODE=verify-ca PGSSLROOTCERT='/a/it'\''s.crt' ")]
    public void What_a_connection_says_of_encryption_is_said_to_libpq(string connection, string words) =>
        Assert.Equal(words, PostgresEnvironment.Words(PostgresEnvironment.Of(new Npgsql.NpgsqlConnectionStringBuilder($"Host=db;{connection}"))));

    public void Dispose() => _folder.Dispose();

    private async Task<PostgresJournal> NewAsync(string name)
    {
        await fixture.Server.SqlAsync($"CREATE DATABASE {name} OWNER {PostgresServer.User}");
        return Of(name);
    }

    private PostgresJournal Of(string name) => new(fixture.Server.Connection(name), fixture.Server.PasswordFile);
}
