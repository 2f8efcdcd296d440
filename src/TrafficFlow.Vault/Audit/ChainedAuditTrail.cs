using System.Collections.Concurrent;
using TrafficFlow.Wire.Audit;

namespace TrafficFlow.Vault.Audit;

/// <summary>Records each command of operators twice: where `ctl audit show` looks, and in the audit that nobody can change unseen.</summary>
/// <param name="commands">The node's trail of commands, which goes with its journal.</param>
/// <param name="log">Looked up for each command; null while the node has none.</param>
public sealed class ChainedAuditTrail(IAuditTrail commands, Func<AuditLog?> log) : IAuditTrail
{
    private readonly ConcurrentDictionary<long, (long? Command, long? Record, RecordCommand What)> _begun = new();
    private long _last;

    public async Task<long?> BeginAsync(RecordCommand command)
    {
        var (inTrail, inLog) = (commands.BeginAsync(command), log()?.RecordSoonAsync(Of(command, "begun", null)) ?? Task.FromResult<long?>(null));
        var (number, record) = (await inTrail.ConfigureAwait(false), await inLog.ConfigureAwait(false));
        if (number is null && record is null) return null;
        var own = Interlocked.Increment(ref _last);
        _begun[own] = (number, record, command);
        return own;
    }

    public void End(long number, string outcome)
    {
        if (!_begun.TryRemove(number, out var begun)) return;
        if (begun.Command is { } command) commands.End(command, outcome);
        _ = log()?.RecordAsync(Of(begun.What, outcome, begun.Record));
    }

    private static AuditEvent Of(RecordCommand command, string outcome, long? of)
    {
        var kind = command.Principal.Account.StartsWith("address:", StringComparison.Ordinal) ? AuditKind.FailedTry
            : command.Command.StartsWith("subscribe", StringComparison.Ordinal) || command.Command.StartsWith("watch", StringComparison.Ordinal) ? AuditKind.Subscription
            : AuditKind.Command;
        return new AuditEvent(kind, command.Principal.Name, command.Principal.Account, command.Command, command.Target, outcome, Of: of);
    }
}
