using Akka.Actor;
using Akka.Event;
using Akka.Hosting;
using Akka.Pattern;
using Akka.Persistence;
using TrafficFlow.Wire.Inspection;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Audit;

/// <summary>
/// The node's record of the commands that changed something, or were refused: /user/audit, one for each node, in the actor system that
/// has the node's own journal. Only ever appended to; what is older than the retention, or beyond the bound, is deleted from its beginning.
/// </summary>
public sealed class AuditActor : InspectedPersistentActor, IWithTimers
{
    private sealed record TrimNow
    {
        public static readonly TrimNow Instance = new();
    }

    private static readonly TimeSpan TrimInterval = TimeSpan.FromHours(6);

    private readonly Func<AuditSettings> _settings;
    private readonly TimeProvider _time;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private AuditState _state = AuditState.Empty;

    /// <param name="id">Of the node, where several share a journal.</param>
    /// <param name="settings">In force now; asked whenever something may be deleted.</param>
    public static Props Props(string id, Func<AuditSettings> settings, TimeProvider time) => Akka.Actor.Props.Create(() => new AuditActor(id, settings, time));

    public AuditActor(string id, Func<AuditSettings> settings, TimeProvider time)
    {
        (PersistenceId, _settings, _time) = (id, settings, time);
        Recover<CommandStarted>(e => _state = _state.Apply(LastSequenceNr, e));
        Recover<CommandEnded>(e => _state = _state.Apply(e));
        Recover<DamagedRow>(row => _log.Warning("A row of the audit is damaged and left out: {Reason}", row.Reason));
        Recover<RecoveryCompleted>(_ => Trim());
        Command<RecordCommand>(Handle);
        Command<RecordOutcome>(Handle);
        Command<GetAudit>(query => Sender.Tell(new AuditEntries(_state.Last(query.Most), _settings())));
        Command<TrimNow>(_ => Trim());
        Command<DeleteMessagesSuccess>(_ => { });
        Command<DeleteMessagesFailure>(f => _log.Warning("Old rows of the audit could not be deleted ({Reason}); it is tried again", f.Cause.Message));
    }

    public override string PersistenceId { get; }

    public ITimerScheduler Timers { get; set; } = null!;

    private void Handle(RecordCommand command)
    {
        var sender = Sender;
        Persist(new CommandStarted(_time.GetUtcNow(), command.Principal, command.Command, command.Target), started =>
        {
            _state = _state.Apply(LastSequenceNr, started);
            sender.Tell(new AuditRecorded(LastSequenceNr));
            var most = _settings().MaxCommands;
            if (_state.Entries.Count > most + (most / 10)) Trim();
        });
    }

    private void Handle(RecordOutcome outcome) =>
        Persist(new CommandEnded(_time.GetUtcNow(), outcome.Number, outcome.Outcome), ended => _state = _state.Apply(ended));

    private void Trim()
    {
        (_state, var through) = _state.Trim(_time.GetUtcNow(), _settings());
        if (through > 0) DeleteMessages(through);
    }

    protected override void PreStart()
    {
        base.PreStart();
        Timers.StartPeriodicTimer(TrimNow.Instance, TrimNow.Instance, TrimInterval);
    }
}

public static class AuditHosting
{
    /// <summary>
    /// Adds /user/audit, registered as <see cref="AuditActor"/>; it starts again after a wait where its journal failed. Call it after the
    /// journal.
    /// </summary>
    /// <param name="id">Of the record in the journal: unlike that of any other node with the same journal.</param>
    /// <param name="settings">In force now; null for the usual ones.</param>
    public static AkkaConfigurationBuilder WithAudit(this AkkaConfigurationBuilder builder, string id, Func<AuditSettings>? settings = null, TimeProvider? time = null) =>
        builder.WithActors((system, registry) =>
        {
            var stream = AuditActor.Props(id, settings ?? (() => new AuditSettings()), time ?? TimeProvider.System);
            var waits = Backoff.OnStop(stream, "stream", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), 0.2, maxNrOfRetries: -1);
            registry.Register<AuditActor>(system.ActorOf(BackoffSupervisor.Props(waits), "audit"));
        });
}
