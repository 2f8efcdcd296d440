using Akka.Actor;
using Akka.Hosting;
using TrafficFlow.Server;
using TrafficFlow.Server.Health;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.Wire.Health;
using TrafficFlow.Wire.Journals;
using Xunit;

namespace TrafficFlow.SystemTests.Postgres;

/// <summary>The health board on the servers' shared database.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class HealthBoardTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly HealthSettings Often = new() { SilentAfter = TimeSpan.FromSeconds(1), SaveInterval = TimeSpan.FromMilliseconds(100) };

    private static readonly NodeReport Report = new(
        "akka.tcp://trafficflow@10.0.0.7:4053", ["roadside"], "1.0", ServerNode.Morning, null, [new DiskReport("/data", 5, 9)], [ServerNode.SiteId], []);

    [Fact]
    public async Task The_next_server_knows_a_silent_node_from_one_row_of_the_database()
    {
        await fixture.Server.SqlAsync($"CREATE DATABASE health OWNER {PostgresServer.User}");
        var journal = new PostgresJournal(fixture.Server.Connection("health"), fixture.Server.PasswordFile);
        KnownNode before;
        await using (var node = await StartAsync(journal))
        {
            Board(node).Tell(Report);
            var row = await UntilAsync(RowsAsync, rows => rows.Length > 0);
            Board(node).Tell(Report with { Time = ServerNode.Morning.AddSeconds(5) });
            await UntilAsync(RowsAsync, rows => rows != row);
            before = await SilentAsync(node);
        }

        await using var next = await StartAsync(journal);
        var after = await SilentAsync(next);

        Assert.Equal((ServerNode.Morning.AddSeconds(5), before.ReceivedAt), (after.Report.Time, after.ReceivedAt));
        Assert.Single((await RowsAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>When each row of the board was written.</summary>
    private async Task<string> RowsAsync()
    {
        try
        {
            return (await fixture.Server.SqlAsync("SELECT created FROM snapshot WHERE persistence_id = 'health-board'", "health")).Trim();
        }
        catch (InvalidOperationException)
        {
            return ""; // The server has not made the table yet.
        }
    }

    private static Task<ServerNode> StartAsync(JournalSettings journal) => ServerNode.StartAsync(journal, akka => akka.WithHealthBoard(isServer: true, Often));

    private static IActorRef Board(ServerNode node) => ActorRegistry.For(node.System).Get<HealthBoardProxy>();

    private static async Task<KnownNode> SilentAsync(ServerNode node)
    {
        var query = new HealthQuery(Board(node), TimeSpan.FromSeconds(1));
        return (await UntilAsync(
            async () => await query.ReadAsync(ServerNode.SiteId, CancellationToken.None) is { } health ? health.Nodes.FirstOrDefault(health.IsSilent) : null,
            silent => silent is not null))!;
    }

    private static async Task<T> UntilAsync<T>(Func<Task<T>> look, Func<T, bool> reached)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            await pace.WaitForNextTickAsync(patience.Token);
            if (await look() is var seen && reached(seen)) return seen;
        }
    }
}
