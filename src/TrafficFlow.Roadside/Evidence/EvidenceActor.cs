using Akka.Actor;
using Akka.Event;
using TrafficFlow.Wire.Inspection;

namespace TrafficFlow.Roadside.Evidence;

/// <summary>
/// Keeps why things were counted: /user/evidence. It writes what came in a second together, on another thread, one write at a time. Nobody waits for
/// it: what cannot be written is lost with one line of the log, and counting goes on.
/// </summary>
public sealed class EvidenceActor : InspectedActor, IWithTimers
{
    private sealed record WriteNow
    {
        public static readonly WriteNow Instance = new();
    }

    private sealed record WriteNothing
    {
        public static readonly WriteNothing Instance = new();
    }

    private sealed record Written(int Entries, string Problem);

    public const string Name = "evidence";

    // Of a disk that hangs: some minutes of a busy junction.
    private const int MostWaiting = 20_000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // What is too old goes also while nothing is counted.
    private static readonly TimeSpan EmptyWriteInterval = TimeSpan.FromMinutes(10);

    private readonly IEvidenceStore _store;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private List<KeepEvidence> _waiting = [];
    private int _waitingEntries;
    private bool _isWriting;
    private bool _isLosing;
    private long _lost;

    public static Props Props(IEvidenceStore store) => Akka.Actor.Props.Create(() => new EvidenceActor(store));

    public EvidenceActor(IEvidenceStore store)
    {
        _store = store;
        Receive<KeepEvidence>(Handle);
        Receive<WriteNow>(_ => Write());
        Receive<WriteNothing>(_ => Write(mayBeNothing: true));
        Receive<Written>(Handle);
        Receive<Status.Failure>(f => Handle(new Written(1, f.Cause.Message)));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override ActorState Describe() => new(_isLosing ? "losing" : _isWriting ? "writing" : "waiting")
    {
        { "entries to be written", _waitingEntries },
        { "entries lost since it last wrote", _lost },
    };

    private void Handle(KeepEvidence evidence)
    {
        if (_waitingEntries >= MostWaiting)
        {
            Lose(evidence.Entries.Count, "its disk is too slow");
            return;
        }

        _waiting.Add(evidence);
        _waitingEntries += evidence.Entries.Count;
        // Not anew with each entry: while they keep coming it would never be due.
        if (!_isWriting && !Timers.IsTimerActive(WriteNow.Instance)) Timers.StartSingleTimer(WriteNow.Instance, WriteNow.Instance, Interval);
    }

    protected override void PreStart() => Timers.StartPeriodicTimer(WriteNothing.Instance, WriteNothing.Instance, EmptyWriteInterval, EmptyWriteInterval);

    private void Write(bool mayBeNothing = false)
    {
        if (_isWriting || (_waiting.Count == 0 && !mayBeNothing)) return;
        var (evidence, store) = (_waiting, _store);
        (_waiting, _waitingEntries, _isWriting) = ([], 0, true);
        Task.Run(() => Write(store, evidence)).PipeTo(Self);
    }

    private static Written Write(IEvidenceStore store, List<KeepEvidence> evidence)
    {
        var count = evidence.Sum(e => e.Entries.Count);
        try
        {
            store.Write(evidence);
            return new Written(count, "");
        }
        catch (EvidenceException e)
        {
            return new Written(count, e.Message);
        }
    }

    private void Handle(Written written)
    {
        _isWriting = false;
        if (written.Problem.Length > 0)
        {
            Lose(written.Entries, written.Problem);
        }
        else if (_isLosing)
        {
            _log.Info("Why things were counted is kept again; of {Lost} entries it is not known", _lost);
            (_isLosing, _lost) = (false, 0);
        }

        if (_waiting.Count > 0) Timers.StartSingleTimer(WriteNow.Instance, WriteNow.Instance, Interval);
    }

    private void Lose(int entries, string reason)
    {
        // One line, however long it lasts.
        if (!_isLosing) _log.Warning("Why things were counted cannot be kept ({Reason}): counting goes on, and trafficflow why does not know of what is counted meanwhile", reason);
        _isLosing = true;
        _lost += entries;
    }

    /// <summary>What came last is written before the process ends; the cameras have stopped before.</summary>
    protected override void PostStop()
    {
        if (_waiting.Count > 0 && Write(_store, _waiting).Problem is { Length: > 0 } problem)
            _log.Warning("Why the last {Entries} entries were counted could not be kept: {Reason}", _waitingEntries, problem);
    }
}
