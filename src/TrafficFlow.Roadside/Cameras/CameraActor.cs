using Akka.Actor;
using Akka.Event;
using TrafficFlow.Core.Frames;
using TrafficFlow.Roadside.Cameras.Junctions;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Retry;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Roadside.Cameras;

/// <summary>
/// Owns one camera: its identity, policy and health; /user/cameras/ID. Children: `reader`, `detector`, `tracker`, `outbox`, which may
/// fail and start again while it lives on. States: connecting, streaming, backing off, ended, stopping.
/// </summary>
public sealed partial class CameraActor : ReceiveActor, IWithTimers
{
    private sealed record Reconnect
    {
        public static readonly Reconnect Instance = new();
    }

    private sealed record RestartOutbox
    {
        public static readonly RestartOutbox Instance = new();
    }

    private sealed record StopTimedOut
    {
        public static readonly StopTimedOut Instance = new();
    }

    private sealed record HealthTick
    {
        public static readonly HealthTick Instance = new();
    }

    private CameraSettings _settings;
    private readonly BackOff _reconnect;
    private readonly BackOff _outboxRestart;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CameraHealth _health;
    private IActorRef _reader = ActorRefs.Nobody;
    private IActorRef _detector = ActorRefs.Nobody;
    private IActorRef _tracker = ActorRefs.Nobody;
    private IActorRef _outbox = ActorRefs.Nobody;
    private IActorRef _junction;
    private int _run;
    private bool _isFile;
    private long _outboxStartedAt;
    private SourceEnded? _ended;
    private bool _isStopping;

    public static Props Props(CameraSettings settings) => Akka.Actor.Props.Create(() => new CameraActor(settings));

    public CameraActor(CameraSettings settings)
    {
        _settings = settings;
        _junction = settings.Junction ?? ActorRefs.Nobody;
        _reconnect = new BackOff(settings.Policy.Reconnect, Random.Shared);
        _outboxRestart = new BackOff(settings.Policy.OutboxRestart, Random.Shared);
        _health = new CameraHealth(settings.Site.Id, settings.Camera.Id, settings.Time);
        _isFile = SourceKind.IsFile(settings.Camera);
        Connecting();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>What went wrong before is what most likely goes wrong again.</summary>
    private string AwaitedReason => _health.Status.Reason is { Length: > 0 } before ? before : "the source is open, but has sent no picture yet";

    private void Connecting()
    {
        Receive<SourceAwaited>(a => a.Run == _run, _ => Publish(CameraState.Connecting, AwaitedReason));
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
        Receive<EverythingStored>(_ => _outbox.Tell(NotifyWhenDelivered.Instance));
        Receive<EverythingDelivered>(_ => Context.Parent.Tell(new CameraDelivered(_health.Status)));
        Always();
    }

    private void Stopping(IActorRef asked)
    {
        Receive<RunFinished>(f => f.Run == _run, f =>
        {
            _health.Take(f.Progress);
            _tracker.Tell(NotifyWhenStored.Instance);
        });
        Receive<EverythingStored>(_ =>
        {
            Timers.StartSingleTimer(StopTimedOut.Instance, StopTimedOut.Instance, _settings.Policy.FlushTimeout);
            _outbox.Tell(NotifyWhenDelivered.Instance);
        });
        Receive<EverythingDelivered>(_ => Stopped());
        Receive<StopTimedOut>(_ => Stopped());
        Receive<StopCameras>(_ => { });
        Always();

        void Stopped()
        {
            asked.Tell(CamerasStopped.Instance);
            Context.Stop(Self);
        }
    }

    private void Always()
    {
        Receive<GetCameraStatus>(_ => Sender.Tell(_health.Status));
        Receive<UseSite>(use =>
        {
            _settings = _settings with { Site = use.Site };
            _tracker.Tell(use);
        });
        Receive<UseJunction>(Handle);
        Receive<TrackerProgress>(Handle);
        Receive<SceneChanged>(Handle);
        Receive<AcceptScene>(_detector.Forward);
        Receive<HealthTick>(_ => PublishHealth());
        Receive<RunFinished>(f => _health.Take(f.Progress));
        Receive<OutboxFailed>(Handle);
        Receive<RestartOutbox>(_ => StartOutbox());
        Receive<Terminated>(t => t.ActorRef.Equals(_outbox), _ => OutboxStopped());
        Receive<TrackerStarted>(_ => Introduce());
        Receive<WorkerFailed>(Handle);
        Receive<DetectorUnavailable>(u => Fail(u.Reason));
        Receive<StopCameras>(_ => Stop());
        // Replies to questions of an earlier state, and ends of earlier runs.
        ReceiveAny(_ => { });
    }

    private void Handle(UseJunction use)
    {
        _junction = use.Junction;
        _tracker.Tell(use);
        // A new one waits for every file of its site.
        if (_health.Status.HasEnded) TellClosed();
    }

    private void TellClosed() => _junction.Tell(new CameraClosed(_settings.Camera.Id, IsCutShort: false) { IsFinal = true });

    private void Connect()
    {
        _run++;
        Become(Connecting);
        Publish(CameraState.Connecting, _health.Status.Reason);
        _reader.Tell(new OpenSource(_run));
    }

    private void Handle(SourceOpened opened)
    {
        _isFile = !opened.IsLive;
        _health.Opened();
        Become(Streaming);
        Publish(CameraState.Streaming, "");
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
        Context.Parent.Tell(new CameraChanged(_health.Status));
    }

    private void BackOff(string reason)
    {
        var wait = _reconnect.Next(_health.GoodFor);
        _log.Warning("Camera {Camera}: {Reason}; next attempt in {Wait:0.0} s", _settings.Camera.Id, reason, wait.TotalSeconds);
        Become(BackingOff);
        Publish(CameraState.BackingOff, reason);
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
        Publish(state, reason);
        _tracker.Tell(NotifyWhenStored.Instance);
    }

    private void Stop()
    {
        var inRun = _health.Status.State == CameraState.Streaming && _ended is null;
        var asked = Sender;
        Timers.Cancel(Reconnect.Instance);
        _isStopping = true;
        Become(() => Stopping(asked));
        Timers.StartSingleTimer(StopTimedOut.Instance, StopTimedOut.Instance, _settings.Policy.StopTimeout);
        _reader.Tell(new CloseSource(_run));
        if (!inRun) _tracker.Tell(NotifyWhenStored.Instance);
    }

    private void Publish(CameraState state, string reason)
    {
        _health.Become(state, reason);
        Context.Parent.Tell(new CameraChanged(_health.Status));
        PublishHealth();
    }

    private void PublishHealth() =>
        _settings.Topics.Publish(TopicNames.Health(_settings.Site.Id, _settings.Camera.Id), _health.Status);

    private static string Reason(Exception? failure) => failure switch
    {
        null => "the source ended",
        FrameSourceException e => $"{e.Failure}: {e.Message}",
        _ => failure.GetBaseException().Message,
    };
}
