using Akka.Actor;

namespace TrafficFlow.Wire.Audit;

/// <summary>Where a node's commands are recorded.</summary>
public interface IAuditTrail
{
    /// <returns>Number of the record; null where nothing could record it.</returns>
    Task<long?> BeginAsync(RecordCommand command);

    void End(long number, string outcome);
}

/// <summary>The <see cref="AuditActor"/> of a node.</summary>
/// <param name="actor">Looked up for each command; null while the node has none.</param>
public sealed class AuditTrail(Func<IActorRef?> actor) : IAuditTrail
{
    /// <summary>A command does not wait longer for its record: an operator must be able to act while a disk is full.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task<long?> BeginAsync(RecordCommand command)
    {
        if (actor() is not { } audit) return null;
        try
        {
            return (await audit.Ask<AuditRecorded>(command, Patience).ConfigureAwait(false)).Number;
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    public void End(long number, string outcome) => actor()?.Tell(new RecordOutcome(number, outcome));
}
