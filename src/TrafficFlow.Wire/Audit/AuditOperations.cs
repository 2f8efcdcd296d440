using Akka.Actor;
using Akka.Hosting;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Wire.Audit;

/// <summary>`audit show`: the commands that this node remembers.</summary>
public sealed class AuditOperations(ActorSystem system, OperatorTimeouts? timeouts = null) : IOperations
{
    private const int Most = 100;

    private readonly OperatorTimeouts _timeouts = timeouts ?? new OperatorTimeouts();

    public Task<OperatorReply>? Answer(OperatorCommand command) => command is ShowAudit show ? ShowAsync(show) : null;

    private async Task<OperatorReply> ShowAsync(ShowAudit show)
    {
        if (!ActorRegistry.For(system).TryGet<AuditActor>(out var audit)) return new CommandFailed($"{system.Name} keeps no audit", "ask a node with the role roadside or server");
        return await AskWithTimeout.AskAsync<AuditEntries>(audit, new GetAudit(show.Most ?? Most), _timeouts.Local) is { } entries
            ? new InspectionTables(TableOf(entries))
            : new CommandFailed("the audit does not answer", "its journal is being read, is full or is away: look into the node's log");
    }

    private static InspectionTable TableOf(AuditEntries audit) => InspectionTable.Of(
        "commands",
        [new("time", Kind: CellKind.Time), new("by"), new("command"), new("target"), new("outcome")],
        audit.Entries.Select(e => new object?[] { e.Started.Time, e.Started.Principal.ToString(), e.Started.Command, e.Started.Target, e.Outcome }),
        $"newest first; kept for {audit.Retention.Retention.TotalDays:0} days, {audit.Retention.MaxCommands} at most; commands that only look are not kept");
}
