using Akka.Actor;
using Akka.Event;
using Akka.Hosting;
using TrafficFlow.Core.Flow;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Journals;
using Xunit;

namespace TrafficFlow.SystemTests.Postgres;

/// <summary>Aggregators whose real PostgreSQL server goes away and comes back, and what is logged and answered meanwhile.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class DatabaseOutageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("killed")]
    [InlineData("stopped in order")]
    public async Task An_outage_is_two_lines_and_an_answer_and_no_count_is_lost_or_doubled(string how)
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using var server = await PostgresServer.CreateAsync();
        await using var node = await StartAsync(new PostgresJournal(server.Connection(), server.PasswordFile));
        var lines = Lines.Of(node.System);
        for (var i = 1; i <= 20; i++) await node.DeliverAsync(ServerNode.Batch(i, 10));

        await (how == "killed" ? server.KillAsync() : server.StopAsync());
        var waiting = node.DeliverAsync(ServerNode.Batch(21, 10));
        var status = await UntilAsync(node, s => s.Problem is not null && lines.All.Count > 0);
        await server.StartAsync();
        await waiting;
        for (var i = 21; i <= 40; i++) await node.DeliverAsync(ServerNode.Batch(i, 10));

        Assert.StartsWith($"counts wait for the database 127.0.0.1:{server.Port}/{PostgresServer.Database} since", status.Problem);
        Assert.Equal(20, status.Total(Movement.Entering));
        var after = await UntilAsync(node, s => s is { Problem: null, Unwritten: 0 });
        Assert.Equal(40, after.Total(Movement.Entering));
        Assert.Equal("40|40", await server.SqlAsync("SELECT count(*), count(DISTINCT sequence_number) FROM journal WHERE manifest LIKE 'batch-counted-%'", PostgresServer.Database));
        Assert.Collection(lines.All, l => Assert.Contains("cannot be used", l), l => Assert.Contains("is back after", l));
    }

    [Fact]
    public async Task A_connection_that_breaks_behind_a_commit_doubles_nothing_and_ends_nobody()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using var server = await PostgresServer.CreateAsync();
        await using var cutter = new CommitCutter(server.Port);
        await using var node = await StartAsync(new PostgresJournal(
            server.Connection().Replace($"Port={server.Port}", $"Port={cutter.Port}", StringComparison.Ordinal) + ";SSL Mode=Disable;GSS Encryption Mode=Disable", server.PasswordFile));
        var lines = Lines.Of(node.System);
        await node.DeliverAsync(ServerNode.Batch(1, 10));
        for (var i = 2; i <= 30; i++)
        {
            cutter.CutNext(1);
            await node.DeliverAsync(ServerNode.Batch(i, 10));
        }

        Assert.True(cutter.Cuts >= 25, $"{cutter.Cuts} connections were cut");
        Assert.Equal(30, (await node.StatusAsync()).Total(Movement.Entering));
        Assert.Equal("30|30", await server.SqlAsync("SELECT count(*), count(DISTINCT sequence_number) FROM journal WHERE manifest LIKE 'batch-counted-%'", PostgresServer.Database));
        // On a busy machine several cuts may follow on each other; nobody fails because of them.
        Assert.Equal("", string.Join('\n', lines.All.Where(l => !l.Contains("The database 127.0.0.1", StringComparison.Ordinal))));
    }

    private static Task<ServerNode> StartAsync(PostgresJournal journal) => ServerNode.StartAsync(
        journal, akka => akka.AddHocon("akka { loglevel = WARNING, stdout-loglevel = OFF, loggers = [] }", HoconAddMode.Prepend));

    private static async Task<ApproachStatus> UntilAsync(ServerNode node, Func<ApproachStatus, bool> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var status = await node.StatusAsync();
            if (holds(status)) return status;
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    /// <summary>What a system has logged as a warning or an error, but for a busy machine's late heartbeats, which say nothing of the database.</summary>
    private sealed class Lines
    {
        private readonly List<string> _all = [];

        public IReadOnlyList<string> All
        {
            get
            {
                lock (_all) return [.. _all];
            }
        }

        public static Lines Of(ActorSystem system)
        {
            var lines = new Lines();
            var actor = system.ActorOf(Props.Create(() => new Listener(lines)));
            system.EventStream.Subscribe(actor, typeof(Warning));
            system.EventStream.Subscribe(actor, typeof(Error));
            return lines;
        }

        private sealed class Listener : ReceiveActor
        {
            public Listener(Lines lines) => Receive<LogEvent>(said =>
            {
                if (said.LogSource.Contains("/system/cluster/", StringComparison.Ordinal) && said.ToString().Contains("heartbeat", StringComparison.Ordinal)) return;
                lock (lines._all) lines._all.Add(said.ToString());
            });
        }
    }
}
