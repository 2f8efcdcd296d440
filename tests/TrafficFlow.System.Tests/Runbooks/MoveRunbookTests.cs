using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Postgres;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.Wire.Journals;
using Xunit;

namespace TrafficFlow.SystemTests.Runbooks;

/// <summary>"Move to PostgreSQL" of deploy/RUNBOOKS.md, there and back, as it stands.</summary>
[Collection(ProcessesCollection.Other)]
public sealed class MoveRunbookTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    private const string Section = "Move to PostgreSQL";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private const string Count = "SELECT count(*) FROM journal WHERE manifest LIKE 'batch-counted-%'";

    [Fact]
    [Trait("Run", "Long")]
    public async Task A_node_counts_on_in_PostgreSQL_and_goes_back()
    {
        var server = fixture.Server;
        await using var machine = new OperatedMachine();
        (string, string)[] target = [("TARGET", server.Connection()), ("PASSWORD", server.PasswordFile)];
        await machine.RunAsync("sed -i 's|^  sites = .*|  sites = [\"sites/replay.conf\"]|' $CONF/single.conf && systemctl start trafficflow-single");

        var blocks = Runbook.Blocks(Section);
        Assert.Contains("it runs, process", await machine.RunAsync(blocks[0], target));
        Assert.Contains("Both sides have the same rows", await machine.RunAsync(blocks[1], target));
        var moved = long.Parse(await server.SqlAsync(Count, PostgresServer.Database));
        Assert.Contains("cam-north", await machine.RunAsync(blocks[2], target));
        await GrowAsync(server, moved);

        var back = Assert.Single(Runbook.Blocks(Section, "back"));
        Assert.Contains("cam-north", await machine.RunAsync(back, target));
        var (left, file) = (await server.SqlAsync(Count, PostgresServer.Database), new SqliteJournal(Path.Combine(machine.Data, "journal.db")).File);
        Assert.True(File.Exists(file));
        // What PostgreSQL had counted meanwhile is delivered once more, each vehicle once.
        var stored = new StoredFlows(machine.Data, Path.Combine(machine.Settings, "sites", "replay.conf"));
        var before = await UntilClosedAsync(stored, DateTimeOffset.MinValue);
        await UntilClosedAsync(stored, before + TimeSpan.FromMinutes(4));
        var compared = await stored.CompareAsync();
        Assert.True(compared.IsEqual, $"{compared.Lost} lost, {compared.Doubled} doubled\n{string.Join('\n', compared.Differences)}");
        await machine.RunAsync("systemctl stop trafficflow-single");
        Assert.Equal(left, await server.SqlAsync(Count, PostgresServer.Database));
    }

    /// <param name="through">Event time.</param>
    /// <returns>Up to when bins are closed then.</returns>
    private static async Task<DateTimeOffset> UntilClosedAsync(StoredFlows stored, DateTimeOffset through)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            // Null while the tables are not there or busy.
            if (await stored.ClosedThroughAsync() is { } closed && closed > through) return closed;
            await Task.Delay(500, patience.Token);
        }
    }

    private static async Task GrowAsync(PostgresServer server, long from)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (long.Parse(await server.SqlAsync(Count, PostgresServer.Database)) <= from) await Task.Delay(200, patience.Token);
    }
}
