using Akka.Actor;
using Akka.Event;
using TrafficFlow.Core.Frames;
using TrafficFlow.Roadside.Cameras.Junctions;
using TrafficFlow.Roadside.Cameras.Lifecycle;
using TrafficFlow.Roadside.Cameras.Recording;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Inspection;
using TrafficFlow.Wire.Retry;

namespace TrafficFlow.Roadside.Cameras;

/// <summary>
/// Owns one camera: its identity, policy and health; /user/cameras/ID. Children: `reader`, `detector`, `tracker`, `outbox`, and `recorder` where
/// pictures can be recorded, which may fail and start again while it lives on. States: connecting, streaming, backing off, ended, stopping.
/// </summary>
public sealed partial class CameraActor : InspectedActor, IWithTimers
{
    private sealed record Reconnect
    {
        public static readonly Reconnect Instance = new();
    }

    private sealed record RecorderTimedOut
    {
        public static readonly RecorderTimedOut Instance = new();
    }

    private CameraSettings _settings;
    private readonly BackOff _reconnect;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CameraHealth _health;
    private readonly CameraReporter _reporter;
    private readonly CameraOutbox _outbox;
    private readonly GracefulShutdown _stop;
    private IActorRef _reader = ActorRefs.Nobody;
    private IActorRef _detector = ActorRefs.Nobody;
    private IActorRef _tracker = ActorRefs.Nobody;
    private IActorRef _recorder = ActorRefs.Nobody;
    private IActorRef _junction;
    private int _run;
    private bool _isFile;
    private SourceEnded? _ended;
    private bool _isDelivered;
    private bool _isRecorded;

    public static Props Props(CameraSettings settings) => Akka.Actor.Props.Create(() => new CameraActor(settings));

    public CameraActor(CameraSettings settings)
    {
        _settings = settings;
        _junction = settings.Junction ?? ActorRefs.Nobody;
        _reconnect = new BackOff(settings.Policy.Reconnect, Random.Shared);
        _health = new CameraHealth(settings.Site.Id, settings.Camera.Id, settings.Time);
        _reporter = new CameraReporter(Context, this, settings, _health);
        _outbox = new CameraOutbox(Context, this, settings, _health, "counts wait in memory");
        _stop = new GracefulShutdown(Context, this, settings.Policy);
        _isFile = SourceKind.IsFile(settings.Camera);
        Connecting();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>What went wrong before is what most likely goes wrong again.</summary>
    private string AwaitedReason => _health.Reason is { Length: > 0 } before ? before : "the source is open, but has sent no picture yet";

    private void Connecting()
    {
        Receive<SourceAwaited>(a => a.Run == _run, _ => _reporter.Become(CameraState.Connecting, AwaitedReason));
        Receive<SourceOpened>(o => o.Run == _run, Handle);
        Receive<SourceEnded>(e => e.Run == _run, NeverOpened);
        Always();
    }

    private void Streaming()
    {
        Receive<SourceEnded>(e => e.Run == _run, Handle);
        Receive<RunFinished>(f => f.Run == _run, Handle);
        Always();
    }

    private void BackingOff()
    {
        Receive<Reconnect>(_ =>
        {
            _health.Reconnects++;
            Connect();
        });
        Always();
    }

    private void Ended()
    {
        Receive<EverythingStored>(_ => _outbox.Ref.Tell(AwaitOutboxDelivery.Instance));
        Receive<EverythingDelivered>(_ => Context.Parent.Tell(new CameraDelivered(_health.Status)));
        Always();
    }

    private void Stopping()
    {
        Receive<RunFinished>(f => f.Run == _run, f =>
        {
            _health.Take(f.Progress);
            _tracker.Tell(NotifyWhenStored.Instance);
        });
        Receive<EverythingStored>(_ => _stop.Flush(_outbox.Ref));
        Receive<EverythingDelivered>(_ => Delivered());
        Receive<GracefulShutdown.StopTimedOut>(_ => Delivered());
        Receive<RecorderStopped>(_ => Recorded());
        Receive<RecorderTimedOut>(_ => Recorded());
        Receive<StopCameras>(_ => { });
        Always();
    }

    private void Always()
    {
        Receive<GetCameraStatus>(_ => Sender.Tell(_health.Status));
        Receive<ApplySite>(command =>
        {
            _settings = _settings with { Site = command.Site };
            _tracker.Tell(command);
            _recorder.Tell(command);
        });
        Receive<ApplyJunction>(Handle);
        Receive<TrackerProgress>(Handle);
        Receive<ReadersStuck>(Handle);
        Receive<SceneChanged>(Handle);
        Receive<AcceptScene>(_detector.Forward);
        Receive<CameraReporter.HealthTick>(_ => _reporter.PublishHealth());
        Receive<RunFinished>(f => _health.Take(f.Progress));
        Receive<OutboxFailed>(Handle);
        Receive<CameraOutbox.RestartOutbox>(_ => StartOutbox());
        Receive<Terminated>(t => t.ActorRef.Equals(_outbox.Ref), _ => _outbox.Stopped());
        Receive<TrackerStarted>(_ => Introduce());
        Receive<RecorderStarted>(_ => _detector.Tell(AnnounceDetector.Instance));
        Receive<RecorderChanged>(Handle);
        Receive<WorkerFailed>(Handle);
        Receive<DetectorUnavailable>(u => Fail(u.Reason));
        Receive<StopCameras>(_ => Stop());
        IgnoreStale();
    }

    /// <summary>Replies to questions of an earlier state, and what belongs to earlier runs. Anything else is unhandled, and says so.</summary>
    private void IgnoreStale()
    {
        Receive<SourceAwaited>(_ => { });
        Receive<SourceOpened>(_ => { });
        Receive<SourceEnded>(_ => { });
        Receive<Reconnect>(_ => { });
        Receive<EverythingStored>(_ => { });
        Receive<EverythingDelivered>(_ => { });
    }

    private void Handle(ApplyJunction command)
    {
        _junction = command.Junction;
        _tracker.Tell(command);
        // A new one waits for every file of its site.
        if (_health.Status.HasEnded) TellClosed();
    }

    private void TellClosed() => _junction.Tell(new CameraClosed(_settings.Camera.Id, IsCutShort: false) { IsFinal = true });

    private void Connect()
    {
        _run++;
        Become(Connecting);
        _reporter.Become(CameraState.Connecting, _health.Reason);
        _reader.Tell(new OpenSource(_run));
    }

    private void Handle(SourceOpened opened)
    {
        _isFile = !opened.IsLive;
        _health.Opened();
        Become(Streaming);
        _reporter.Become(CameraState.Streaming, "");
    }

    private void NeverOpened(SourceEnded ended)
    {
        var reason = Reason(ended.Failure);
        if (_isFile) Fail(reason);
        else BackOff(reason);
    }

    private void Handle(SourceEnded ended)
    {
        // A file's last frames are still on their way through detector and tracker.
        if (_isFile) _ended = ended;
        else BackOff(ended.Failure is null ? "the source ended" : Reason(ended.Failure));
    }

    private void Handle(RunFinished finished)
    {
        _health.Take(finished.Progress);
        if (_ended is not { } ended) return;
        if (ended.Failure is { } failure) End(CameraState.Failed, $"{Reason(failure)} ({finished.Progress.Frames} frames were counted)");
        else End(CameraState.Finished, "");
    }

    private void Handle(TrackerProgress progress)
    {
        _health.Take(progress);
        _reporter.TellSupervisor();
    }

    private void Handle(ReadersStuck stuck)
    {
        _health.StuckReason = stuck.Reason;
        _reporter.TellSupervisor();
        _reporter.PublishHealth();
    }

    private void BackOff(string reason)
    {
        var wait = _reconnect.Next(_health.GoodFor);
        _log.Warning("Camera {Camera}: {Reason}; next attempt in {Wait:0.0} s", _settings.Camera.Id, reason, wait.TotalSeconds);
        Become(BackingOff);
        _reporter.Become(CameraState.BackingOff, reason);
        Timers.StartSingleTimer(Reconnect.Instance, Reconnect.Instance, wait);
    }

    private void Fail(string reason)
    {
        _reader.Tell(new CloseSource(_run));
        _log.Error("Camera {Camera} has failed: {Reason}", _settings.Camera.Id, reason);
        End(CameraState.Failed, reason);
    }

    private void End(CameraState state, string reason)
    {
        Timers.Cancel(Reconnect.Instance);
        // A camera that never began is not to be waited for; of one that ended, its tracker has told already.
        TellClosed();
        Become(Ended);
        _reporter.Become(state, reason);
        _tracker.Tell(NotifyWhenStored.Instance);
    }

    private void Stop()
    {
        var inRun = _health.Status.State == CameraState.Streaming && _ended is null;
        Timers.Cancel(Reconnect.Instance);
        _stop.Begin(Sender);
        Become(Stopping);
        StopRecorder();
        _reader.Tell(new CloseSource(_run));
        if (!inRun) _tracker.Tell(NotifyWhenStored.Instance);
    }

    private void StopRecorder()
    {
        _isRecorded = _recorder.IsNobody();
        if (_isRecorded) return;
        Timers.StartSingleTimer(RecorderTimedOut.Instance, RecorderTimedOut.Instance, _settings.Policy.RecorderStopTimeout);
        _recorder.Tell(Recording.StopRecorder.Instance);
    }

    private void Delivered()
    {
        _isDelivered = true;
        if (_isRecorded) _stop.Finish();
    }

    private void Recorded()
    {
        _isRecorded = true;
        if (_isDelivered) _stop.Finish();
    }

    private static string Reason(Exception? failure) => failure switch
    {
        null => "the source ended",
        FrameSourceException e => $"{e.Failure}: {e.Message}",
        _ => failure.GetBaseException().Message,
    };
}
