using Akka.Actor;
using Akka.Event;
using TrafficFlow.Core.Flow;
using TrafficFlow.Roadside.Cameras.Junctions;
using TrafficFlow.Roadside.Cameras.Replay;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Retry;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Roadside.Cameras;

/// <summary>
/// Owns what counts without a picture of its own; /user/cameras/ID, in place of a <see cref="CameraActor"/> and with its protocol. Of a
/// virtual camera the child `feeder` plays known vehicles; of a site's junction the child `fusion` joins the tracks of its cameras.
/// Child `outbox`. States: connecting, streaming, backing off (a junction only), ended, stopping.
/// </summary>
public sealed class VirtualCameraActor : ReceiveActor, IWithTimers
{
    private sealed record RestartOutbox
    {
        public static readonly RestartOutbox Instance = new();
    }

    private sealed record RestartFusion
    {
        public static readonly RestartFusion Instance = new();
    }

    private sealed record StopTimedOut
    {
        public static readonly StopTimedOut Instance = new();
    }

    private sealed record HealthTick
    {
        public static readonly HealthTick Instance = new();
    }

    private sealed record WorkerFailed(string Child, Exception Cause);

    private CameraSettings _settings;
    private readonly bool _isJunction;
    private readonly BackOff _outboxRestart;
    private readonly BackOff _fusionRestart;
    private readonly CameraHealth _health;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private IActorRef _feeder = ActorRefs.Nobody;
    private IActorRef _outbox = ActorRefs.Nobody;
    private long _outboxStartedAt;
    private bool _isStopping;

    public static Props Props(CameraSettings settings) => Akka.Actor.Props.Create(() => new VirtualCameraActor(settings, false));

    public static Props PropsOfJunction(CameraSettings settings) => Akka.Actor.Props.Create(() => new VirtualCameraActor(settings, true));

    public VirtualCameraActor(CameraSettings settings, bool isJunction)
    {
        (_settings, _isJunction) = (settings, isJunction);
        _outboxRestart = new BackOff(settings.Policy.OutboxRestart, Random.Shared);
        _fusionRestart = new BackOff(settings.Policy.Reconnect, Random.Shared);
        _health = new CameraHealth(settings.Site.Id, settings.Camera.Id, settings.Time);
        Connecting();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private void Connecting()
    {
        Receive<FeedOpened>(_ =>
        {
            _health.Opened();
            Become(Streaming);
            Publish(CameraState.Streaming, "");
        });
        Always();
    }

    private void Streaming()
    {
        Receive<FeedEnded>(ended =>
        {
            _health.Take(ended.Progress);
            End(CameraState.Finished, "");
        });
        Always();
    }

    private void BackingOff()
    {
        Receive<RestartFusion>(_ =>
        {
            if (!Context.Child("fusion").IsNobody())
            {
                // It has not quite ended.
                Timers.StartSingleTimer(RestartFusion.Instance, RestartFusion.Instance, TimeSpan.FromMilliseconds(100));
                return;
            }

            StartFusion();
            _feeder.Tell(new UseOutbox(_outbox));
            Become(Connecting);
            Publish(CameraState.Connecting, _health.Status.Reason);
            Context.Parent.Tell(new JunctionChanged(IsUp: true));
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
        Receive<IJunctionMessage>(Handle);
        Receive<UseSite>(_ => _isJunction, use =>
        {
            _settings = _settings with { Site = use.Site };
            _feeder.Forward(use);
        });
        Receive<TrackerProgress>(Handle);
        Receive<HealthTick>(_ => PublishHealth());
        Receive<OutboxFailed>(Handle);
        Receive<RestartOutbox>(_ => StartOutbox());
        Receive<Terminated>(t => t.ActorRef.Equals(_outbox), _ => OutboxStopped());
        Receive<WorkerFailed>(Handle);
        Receive<FeedUnavailable>(u => Fail(u.Reason));
        Receive<StopCameras>(_ => Stop());
        // Replies to questions of an earlier state, and a new site: as a file, a log keeps its configuration to its end.
        ReceiveAny(_ => { });
    }

    private void Handle(IJunctionMessage message)
    {
        // A junction that is down holds up no camera.
        if (message is SightSeen && _health.Status.State is CameraState.Failed or CameraState.BackingOff) Sender.Tell(SightTaken.Instance);
        else _feeder.Forward(message);
    }

    private void Handle(TrackerProgress progress)
    {
        _health.Take(progress);
        // Whatever kept the outbox from storing is over.
        _health.OutboxReason = "";
        Context.Parent.Tell(new CameraChanged(_health.Status));
    }

    private void Handle(OutboxFailed failed)
    {
        _health.OutboxReason = failed.Reason;
        PublishHealth();
    }

    private void Handle(WorkerFailed failed)
    {
        var reason = failed.Cause.GetBaseException().Message;
        if (failed.Child == "outbox") _health.OutboxReason = reason;
        else if (_isStopping) Self.Tell(EverythingStored.Instance);
        else if (_isJunction && !_settings.Site.Cameras.Any(SourceKind.IsFile)) BackOff($"{failed.Child} failed: {reason}");
        else Fail($"{failed.Child} failed: {reason}");
    }

    private IFlowLogFactory Logs => _settings.FlowLogs
        ?? throw new InvalidOperationException($"camera {_settings.Camera.Id} is virtual ({_settings.Camera.Source}) and this node can play no logs");

    private void StartFusion() =>
        _feeder = Context.ActorOf(FusionActor.Props(_settings.Site, _settings.Policy, _settings.Topics, _settings.Time), "fusion");

    private void StartOutbox()
    {
        _outbox = Context.Watch(Context.ActorOf(
            OutboxActor.Props(_settings.Site.Id, _settings.Camera.Id, _settings.Outbox, _settings.Approaches, _settings.FreeBytes), "outbox"));
        _outboxStartedAt = _settings.Time.GetTimestamp();
        _feeder.Tell(new UseOutbox(_outbox));
        if (_health.Status.HasEnded) _outbox.Tell(NotifyWhenDelivered.Instance);
    }

    private void OutboxStopped()
    {
        var wait = _outboxRestart.Next(_settings.Time.GetElapsedTime(_outboxStartedAt));
        _log.Error(
            "The outbox of camera {Camera} stopped: {Reason}. It starts again in {Wait:0.0} s; the camera's log waits. Is the disk full?",
            _settings.Camera.Id, _health.OutboxReason, wait.TotalSeconds);
        Timers.StartSingleTimer(RestartOutbox.Instance, RestartOutbox.Instance, wait);
    }

    /// <summary>What it knew of the vehicles on the junction is lost, and the time until it is back shows as missing.</summary>
    private void BackOff(string reason)
    {
        var wait = _fusionRestart.Next(_health.GoodFor);
        _log.Error("Junction {Junction}: {Reason}. It begins anew in {Wait:0.0} s", _settings.Camera.Id, reason, wait.TotalSeconds);
        Become(BackingOff);
        Publish(CameraState.BackingOff, reason);
        Timers.StartSingleTimer(RestartFusion.Instance, RestartFusion.Instance, wait);
    }

    private void Fail(string reason)
    {
        if (_health.Status.HasEnded) return;
        _log.Error("Camera {Camera} has failed: {Reason}", _settings.Camera.Id, reason);
        End(CameraState.Failed, reason);
        if (_isJunction) Context.Parent.Tell(new JunctionChanged(IsUp: false));
    }

    private void End(CameraState state, string reason)
    {
        Become(Ended);
        Publish(state, reason);
        // What a junction counted last may still be on its way to the outbox; one that failed has nothing more.
        if (_isJunction && state == CameraState.Finished) _feeder.Tell(NotifyWhenStored.Instance);
        else _outbox.Tell(NotifyWhenDelivered.Instance);
    }

    private void Stop()
    {
        var asked = Sender;
        _isStopping = true;
        Become(() => Stopping(asked));
        Timers.StartSingleTimer(StopTimedOut.Instance, StopTimedOut.Instance, _settings.Policy.StopTimeout);
        if (_health.Status.HasEnded || _health.Status.State == CameraState.BackingOff) Self.Tell(EverythingStored.Instance);
        else _feeder.Tell(NotifyWhenStored.Instance);
    }

    private void Publish(CameraState state, string reason)
    {
        _health.Become(state, reason);
        Context.Parent.Tell(new CameraChanged(_health.Status));
        PublishHealth();
    }

    private void PublishHealth() =>
        _settings.Topics.Publish(TopicNames.Health(_settings.Site.Id, _settings.Camera.Id), _health.Status);

    protected override void PreStart()
    {
        var (site, camera, policy, time) = (_settings.Site, _settings.Camera, _settings.Policy, _settings.Time);
        if (_isJunction) StartFusion();
        else _feeder = Context.ActorOf(ReplayActor.Props(site, camera, Logs, policy, time), "feeder");
        StartOutbox();
        Timers.StartPeriodicTimer(HealthTick.Instance, HealthTick.Instance, policy.HealthInterval);
        Publish(CameraState.Connecting, "");
    }

    /// <summary>Children come from PreStart, and a restart ends with it.</summary>
    protected override void PostRestart(Exception reason) => PreStart();

    protected override SupervisorStrategy SupervisorStrategy() => new WorkerStrategy(Self);

    /// <summary>
    /// An outbox that fails starts again after a wait, and so does the fusion of live cameras; a feeder that throws, or a fusion of files, would
    /// throw again at the same entry.
    /// </summary>
    private sealed class WorkerStrategy(IActorRef camera) : OneForOneStrategy(Akka.Actor.Decider.From(Directive.Stop))
    {
        protected override Directive Handle(IActorRef child, Exception exception)
        {
            camera.Tell(new WorkerFailed(child.Path.Name, exception));
            return Directive.Stop;
        }
    }
}
