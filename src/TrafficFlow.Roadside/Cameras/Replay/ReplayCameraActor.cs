using Akka.Actor;
using Akka.Event;
using TrafficFlow.Core.Flow;
using TrafficFlow.Roadside.Cameras.Junctions;
using TrafficFlow.Roadside.Cameras.Lifecycle;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Inspection;

namespace TrafficFlow.Roadside.Cameras.Replay;

/// <summary>
/// Owns a camera without a picture, which plays known vehicles; /user/cameras/ID, with the protocol of a <see cref="CameraActor"/>. Child
/// `replay` plays the script, child `outbox` delivers. As a file, a script keeps its configuration to its end. States: connecting, streaming,
/// ended, stopping.
/// </summary>
public sealed class ReplayCameraActor : InspectedActor, IWithTimers
{
    private readonly CameraSettings _settings;
    private readonly CameraHealth _health;
    private readonly CameraReporter _reporter;
    private readonly CameraOutbox _outbox;
    private readonly GracefulShutdown _stop;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private IActorRef _replay = ActorRefs.Nobody;

    public static Props Props(CameraSettings settings) => Akka.Actor.Props.Create(() => new ReplayCameraActor(settings));

    public ReplayCameraActor(CameraSettings settings)
    {
        _settings = settings;
        _health = new CameraHealth(settings.Site.Id, settings.Camera.Id, settings.Time);
        _reporter = new CameraReporter(Context, this, settings, _health);
        _outbox = new CameraOutbox(Context, this, settings, _health, "the camera's log waits");
        _stop = new GracefulShutdown(Context, this, settings.Policy);
        Connecting();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override ActorState Describe() => CameraDescription.Of(BehaviourName(Connecting), _health.Status, _settings.Camera.Source, _stop);

    private void Connecting()
    {
        Receive<ReplayOpened>(_ =>
        {
            _health.Opened();
            Become(Streaming);
            _reporter.Become(CameraState.Streaming, "");
        });
        Always();
    }

    private void Streaming()
    {
        Receive<ReplayEnded>(ended =>
        {
            _health.Take(ended.Progress);
            End(CameraState.Finished, "");
        });
        Always();
    }

    private void Ended()
    {
        Receive<EverythingDelivered>(_ => Context.Parent.Tell(new CameraDelivered(_health.Status)));
        Always();
    }

    private void Stopping()
    {
        Receive<EverythingStored>(_ => _stop.Flush(_outbox.Ref));
        Receive<EverythingDelivered>(_ => _stop.Finish());
        Receive<GracefulShutdown.StopTimedOut>(_ => _stop.Finish());
        Receive<StopCameras>(_ => { });
        Always();
    }

    private void Always()
    {
        Receive<GetCameraStatus>(_ => Sender.Tell(_health.Status));
        Receive<ApplySite>(_ => { });
        Receive<ApplyJunction>(_ => { });
        Receive<TrackerProgress>(Handle);
        Receive<CameraReporter.HealthTick>(_ => _reporter.PublishHealth());
        Receive<OutboxFailed>(Handle);
        Receive<CameraOutbox.RestartOutbox>(_ => StartOutbox());
        Receive<Terminated>(t => t.ActorRef.Equals(_outbox.Ref), _ => _outbox.Stopped());
        Receive<WorkerFailed>(Handle);
        Receive<ReplayUnavailable>(u => Fail(u.Reason));
        Receive<StopCameras>(_ => Stop());
        Receive<AcceptScene>(a => Sender.Tell(new NoScene(a.Camera, "it replays known vehicles without a picture", "name a camera with a picture")));
        IgnoreStale();
    }

    /// <summary>Replies to questions of an earlier state.</summary>
    private void IgnoreStale()
    {
        Receive<ReplayOpened>(_ => { });
        Receive<ReplayEnded>(_ => { });
        Receive<EverythingStored>(_ => { });
        Receive<EverythingDelivered>(_ => { });
    }

    private void Handle(TrackerProgress progress)
    {
        _health.Take(progress);
        // Whatever kept the outbox from storing is over.
        _health.OutboxReason = "";
        _reporter.TellSupervisor();
    }

    private void Handle(OutboxFailed failed)
    {
        _health.OutboxReason = failed.Reason;
        _reporter.PublishHealth();
    }

    /// <summary>A replay that throws would throw again at the same entry.</summary>
    private void Handle(WorkerFailed failed)
    {
        if (failed.Child == CameraOutbox.Name) _health.OutboxReason = failed.Reason;
        else if (_stop.IsUnderWay) Self.Tell(EverythingStored.Instance);
        else Fail($"{failed.Child} failed: {failed.Reason}");
    }

    private IReplayScriptFactory Scripts => _settings.ReplayScripts
        ?? throw new InvalidOperationException($"camera {_settings.Camera.Id} replays a script ({_settings.Camera.Source}) and this node can play none");

    private void StartOutbox()
    {
        _outbox.Start();
        _replay.Tell(new ApplyOutbox(_outbox.Ref));
        if (_health.Status.HasEnded) _outbox.Ref.Tell(AwaitOutboxDelivery.Instance);
    }

    private void Fail(string reason)
    {
        if (_health.Status.HasEnded) return;
        _log.Error("Camera {Camera} has failed: {Reason}", _settings.Camera.Id, reason);
        End(CameraState.Failed, reason);
    }

    private void End(CameraState state, string reason)
    {
        Become(Ended);
        _reporter.Become(state, reason);
        _outbox.Ref.Tell(AwaitOutboxDelivery.Instance);
    }

    private void Stop()
    {
        var hasEnded = _health.Status.HasEnded;
        _stop.Begin(Sender);
        Become(Stopping);
        if (hasEnded) Self.Tell(EverythingStored.Instance);
        else _replay.Tell(NotifyWhenStored.Instance);
    }

    protected override void PreStart()
    {
        _replay = Context.ActorOf(ReplayActor.Props(_settings.Site, _settings.Camera, Scripts, _settings.Policy, _settings.Time), "replay");
        StartOutbox();
        _reporter.Start();
        _reporter.Become(CameraState.Connecting, "");
    }

    /// <summary>Children come from PreStart, and a restart ends with it.</summary>
    protected override void PostRestart(Exception reason) => PreStart();

    protected override SupervisorStrategy SupervisorStrategy() => new WorkerSupervision(Self, restarts: _ => false);
}
