using Akka.Actor;
using Akka.Event;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Inspection;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Roadside.Cameras.Replay;

/// <summary>
/// Plays the script of a replay camera into its outbox, at the script's speed; child `replay`. It remembers nothing but where it is: the
/// outbox says how far it has stored, and the script is read on from there. One store is under way at a time.
/// </summary>
internal sealed class ReplayActor : InspectedActor, IWithTimers
{
    private sealed record ScriptOpened(IReplayScript Script);

    private sealed record ScriptBroken(Exception Cause);

    private sealed record Due
    {
        public static readonly Due Instance = new();
    }

    private sealed record StoreRetry
    {
        public static readonly StoreRetry Instance = new();
    }

    // One write of the journal; many small ones would cost it more.
    private const int MaxPerStore = 1000;

    private readonly Site _site;
    private readonly CameraSetup _camera;
    private readonly IReplayScriptFactory _scripts;
    private readonly CameraPolicy _policy;
    private readonly TimeProvider _time;
    private readonly ProgressMeter _progress;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly List<ReplayScriptEntry> _underWay = [];
    private IActorRef _outbox = ActorRefs.Nobody;
    private IReplayScript? _played;
    private IEnumerator<ReplayScriptEntry>? _entries;
    private ReplayClock? _pace;
    private long _epoch;
    private bool _hasNext;
    private bool _isStopped;
    private int _retries;
    private IActorRef? _waiting;

    public static Props Props(Site site, CameraSetup camera, IReplayScriptFactory scripts, CameraPolicy policy, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new ReplayActor(site, camera, scripts, policy, time));

    public ReplayActor(Site site, CameraSetup camera, IReplayScriptFactory scripts, CameraPolicy policy, TimeProvider time)
    {
        (_site, _camera, _scripts, _policy, _time) = (site, camera, scripts, policy, time);
        _progress = new ProgressMeter(time, policy.ProgressInterval);
        Receive<ScriptOpened>(Handle);
        Receive<ScriptBroken>(Handle);
        Receive<ApplyOutbox>(Handle);
        Receive<EpochReady>(Handle);
        Receive<Stored>(Handle);
        Receive<Due>(_ => StoreDue());
        Receive<StoreRetry>(_ => NotAnswered());
        Receive<NotifyWhenStored>(Handle);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private void Handle(ScriptOpened opened)
    {
        _played = opened.Script;
        Context.Parent.Tell(ReplayOpened.Instance);
        OpenEpoch();
    }

    private static void Handle(ScriptBroken broken) =>
        Context.Parent.Tell(new ReplayUnavailable(broken.Cause is ReplayScriptException e ? e.Message : broken.Cause.ToString()));

    private void Handle(ApplyOutbox command)
    {
        _outbox = command.Outbox;
        OpenEpoch();
    }

    /// <summary>Asks the outbox where it is: at the beginning, after its restart, and when it did not answer.</summary>
    private void OpenEpoch()
    {
        if (_played is not { } script || _outbox.IsNobody()) return;
        Timers.Cancel(Due.Instance);
        _outbox.Tell(new OpenEpoch(script.Name, script.Provenance, script.Feeds));
        Timers.StartSingleTimer(StoreRetry.Instance, StoreRetry.Instance, _policy.StoreRetry);
    }

    private void NotAnswered()
    {
        if (++_retries == 1)
            _log.Warning("The outbox of camera {Camera} does not answer; its log waits. Is the disk full or the journal locked?", _camera.Id);
        OpenEpoch();
    }

    private void Handle(EpochReady ready)
    {
        if (_played is not { } script || ready.Run != script.Name) return;
        Answered();
        if (_pace is null && ready.StoredUpTo > 0)
            _log.Info("Camera {Camera} plays its script on from entry {Entry}", _camera.Id, ready.StoredUpTo + 1);
        _epoch = ready.Epoch;
        _underWay.Clear();
        // Only a new life begins its time anew: an outbox that was away has left a backlog.
        _pace ??= new ReplayClock(script.Speed, ready.StoredUpTo == 0 ? script.Start : script.From(ready.StoredUpTo).First().Time, _time);
        _entries?.Dispose();
        _entries = script.From(ready.StoredUpTo + 1).GetEnumerator();
        _hasNext = _entries.MoveNext();
        StoreDue();
    }

    private void StoreDue()
    {
        if (_underWay.Count > 0 || _entries is not { } entries || _pace is not { } pace) return;
        ReplyIfStored();
        if (_isStopped) return;
        var now = pace.Now;
        while (_hasNext && _underWay.Count < MaxPerStore && entries.Current.Time <= now)
        {
            _underWay.Add(entries.Current);
            _hasNext = entries.MoveNext();
        }

        if (_underWay.Count > 0)
        {
            _outbox.Tell(new Store(_epoch, [.. _underWay.Select(Entry)]));
            Timers.StartSingleTimer(StoreRetry.Instance, StoreRetry.Instance, _policy.StoreRetry);
        }
        else if (_hasNext)
        {
            Timers.StartSingleTimer(Due.Instance, Due.Instance, pace.WaitFor(entries.Current.Time));
        }
        else
        {
            _isStopped = true;
            Context.Parent.Tell(new ReplayEnded(Progress()));
        }
    }

    private void Handle(Stored stored)
    {
        // The answer to an earlier store that seemed lost: the one under way is still to come.
        if (stored.Epoch != _epoch || _underWay.Count == 0 || stored.UpTo < _underWay[^1].Sequence) return;
        Answered();
        var isReportDue = false;
        foreach (var entry in _underWay) isReportDue |= _progress.Frame(entry.Time, 0);
        _underWay.Clear();
        if (isReportDue) Context.Parent.Tell(Progress());
        StoreDue();
    }

    private void Answered()
    {
        _retries = 0;
        Timers.Cancel(StoreRetry.Instance);
    }

    private void Handle(NotifyWhenStored _)
    {
        _isStopped = true;
        _waiting = Sender;
        ReplyIfStored();
    }

    private void ReplyIfStored()
    {
        if (_underWay.Count > 0 || _waiting is not { } waiting) return;
        _waiting = null;
        waiting.Tell(EverythingStored.Instance);
    }

    private TrackerProgress Progress() => _progress.Report(0, _epoch, _underWay.Count);

    private static OutboxEntry Entry(ReplayScriptEntry entry) =>
        entry.Vehicle is { } vehicle ? new VehicleEntry(entry.Sequence, vehicle) : new CoverageEntry(entry.Sequence, entry.Coverage!);

    // Async, so that whatever the factory throws comes as a message.
    private async Task<IReplayScript> OpenScript() => await _scripts.OpenAsync(_site, _camera, CancellationToken.None).ConfigureAwait(false);

    protected override void PreStart() => OpenScript().PipeTo(Self, success: script => new ScriptOpened(script), failure: e => new ScriptBroken(e));

    protected override void PostStop() => _entries?.Dispose();
}
