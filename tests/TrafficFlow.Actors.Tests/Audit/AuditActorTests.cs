using Akka.Actor;
using Microsoft.Extensions.Logging.Abstractions;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Audit;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Commands;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Actors.Tests.Audit;

/// <summary>A node's commands, recorded in a real journal.</summary>
public sealed class AuditActorTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly Principal Anna = new("anna", "unix:trafficflow");
    private static readonly RestartOneCamera Restart = new(new CameraId("cam1"));
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task What_changed_something_is_remembered_across_a_kill_with_who_and_how_it_ended()
    {
        await using (var node = await Start())
        {
            var gate = Gate(node);
            await gate.RunAsync(Anna, ["camera", "restart", "cam1"], Restart, "this node", () => Reply(new InspectionTables()));
            await gate.RunAsync(Anna, ["camera", "restart", "cam1"], Restart, "site s", () => Reply(new CommandFailed("it hangs", "wait")));
            await gate.RunAsync(Anna, ["camera", "list"], ListCameras.Instance, "this node", () => Reply(new InspectionTables()));
            await AuditAsync(node); // behind the outcomes
            await node.Kill();
        }

        await using var again = await Start();
        var table = await AuditAsync(again);

        Assert.Equal(
            [("anna (unix:trafficflow)", "camera restart cam1", "site s", "failed: it hangs"), ("anna (unix:trafficflow)", "camera restart cam1", "this node", "done")],
            table.Rows.Select(r => ((string)r[1]!, (string)r[2]!, (string)r[3]!, (string?)r[4]!)));
        Assert.Contains("kept for 366 days", Assert.Single(table.Notes));
    }

    [Fact]
    public async Task What_is_refused_is_not_carried_out_and_recorded()
    {
        await using var node = await Start();
        var gate = new CommandGate(new NobodyMayRestart(), Trail(node), NullLogger<CommandGate>.Instance);

        var reply = await gate.RunAsync(Anna, ["camera", "restart", "cam1"], Restart, "this node", () => throw new InvalidOperationException("carried out"));

        Assert.Equal(new CommandFailed("anna may not", "ask somebody who may"), reply);
        Assert.Equal("refused: anna may not", Assert.Single((await AuditAsync(node)).Rows)[4]);
    }

    [Fact]
    public async Task Bounds_that_come_while_it_runs_hold_from_the_next_command_on()
    {
        var settings = new AuditSettings();
        await using var node = await Start(() => settings);
        var gate = Gate(node);
        for (var i = 0; i < 4; i++) await gate.RunAsync(Anna, ["camera", "restart", "cam1"], Restart, $"site {i}", () => Reply(new InspectionTables()));
        Assert.Equal(4, (await AuditAsync(node)).Rows.Count());

        settings = settings with { MaxCommands = 2 };
        await gate.RunAsync(Anna, ["camera", "restart", "cam1"], Restart, "site 4", () => Reply(new InspectionTables()));

        Assert.Equal(["site 4", "site 3"], (await AuditAsync(node)).Rows.Select(r => (string)r[3]!));
    }

    [Fact]
    public async Task A_command_that_cannot_be_recorded_is_carried_out()
    {
        var gate = new CommandGate(AllowAllUntilThereAreAccounts.Instance, new AuditTrail(() => null), NullLogger<CommandGate>.Instance);

        Assert.IsType<InspectionTables>(await gate.RunAsync(Anna, ["camera", "restart", "cam1"], Restart, "this node", () => Reply(new InspectionTables())));
    }

    private Task<TestNode> Start(Func<AuditSettings>? settings = null)
    {
        var journal = new SqliteJournal(_folder.File("audit.db")) { MinFreeBytes = 0 };
        return TestNode.Start(builder => builder.WithTrafficFlowJournal(journal).WithAudit("audit", settings).WithOperations(system => new AuditOperations(system)));
    }

    private static AuditTrail Trail(TestNode node) => new(() => node.Registry.Get<AuditActor>());

    private static CommandGate Gate(TestNode node) => new(AllowAllUntilThereAreAccounts.Instance, Trail(node), NullLogger<CommandGate>.Instance);

    private static Task<OperatorReply> Reply(OperatorReply reply) => Task.FromResult(reply);

    private static async Task<InspectionTable> AuditAsync(TestNode node) => Assert.Single(Assert.IsType<InspectionTables>(
        await node.Registry.Get<OperatorActor>().Ask<OperatorReply>(new ShowAudit(null), Patience)).Tables);

    public void Dispose() => _folder.Dispose();

    private sealed class NobodyMayRestart : ICommandAuthorization
    {
        public CommandFailed? Refuse(Principal principal, OperatorCommand command, string target) =>
            command is RestartOneCamera ? new CommandFailed($"{principal.Name} may not", "ask somebody who may") : null;
    }
}
