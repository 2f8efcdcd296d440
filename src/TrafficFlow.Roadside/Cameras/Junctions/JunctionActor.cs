using Akka.Actor;
using Akka.Event;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Cameras.Lifecycle;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Inspection;
using TrafficFlow.Wire.Retry;

namespace TrafficFlow.Roadside.Cameras.Junctions;

/// <summary>
/// Owns the junction of a site: what counts the vehicles that its cameras see together; /user/cameras/junction-SITE, with the protocol of
/// a <see cref="CameraActor"/>. Child `fusion` joins the tracks of the cameras, child `outbox` delivers, child `incidents` tells hints. States: connecting, streaming,
/// backing off (live cameras only), ended, stopping.
/// </summary>
public sealed class JunctionActor : InspectedActor, IWithTimers
{
    private sealed record RestartFusion
    {
        public static readonly RestartFusion Instance = new();
    }

    private const string FusionName = "fusion";

    // A child that is stopping still holds its name.
    private static readonly TimeSpan NameIsTaken = TimeSpan.FromMilliseconds(100);

    private readonly BackOff _fusionRestart;
    private readonly CameraHealth _health;
    private readonly CameraReporter _reporter;
    private readonly CameraOutbox _outbox;
    private readonly GracefulShutdown _stop;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private CameraSettings _settings;
    private IActorRef _fusion = ActorRefs.Nobody;
    private IActorRef _incidents = ActorRefs.Nobody;

    public static Props Props(CameraSettings settings) => Akka.Actor.Props.Create(() => new JunctionActor(settings));

    public JunctionActor(CameraSettings settings)
    {
        _settings = settings;
        _fusionRestart = new BackOff(settings.Policy.Reconnect, Random.Shared);
        _health = new CameraHealth(settings.Site.Id, settings.Camera.Id, settings.Time);
        _reporter = new CameraReporter(Context, this, settings, _health);
        _outbox = new CameraOutbox(Context, this, settings, _health, "the junction's counts wait in memory");
        _stop = new GracefulShutdown(Context, this, settings.Policy);
        Connecting();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override ActorState Describe()
    {
        var state = CameraDescription.Of(BehaviourName(Connecting), _health.Status, "", _stop);
        state.Add("fusion", _fusion);
        return state;
    }

    private void Connecting()
    {
        Receive<FusionStarted>(_ =>
        {
            _health.Opened();
            Become(Streaming);
            _reporter.Become(CameraState.Streaming, "");
        });
        Receive<NothingToFuse>(_ => CannotBegin());
        Always();
    }

    private void Streaming()
    {
        Receive<FusionEnded>(ended =>
        {
            _health.Take(ended.Progress);
            End(CameraState.Finished, "");
        });
        Always();
    }

    private void BackingOff()
    {
        Receive<RestartFusion>(_ => BeginAnew());
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
        Receive<EverythingStored>(_ => _stop.Flush(_outbox.Ref));
        Receive<EverythingDelivered>(_ => _stop.Finish());
        Receive<GracefulShutdown.StopTimedOut>(_ => _stop.Finish());
        Receive<StopCameras>(_ => { });
        Always();
    }

    private void Always()
    {
        Receive<GetCameraStatus>(_ => Sender.Tell(_health.Status));
        Receive<IJunctionMessage>(Handle);
        Receive<IIncidentMessage>(message => _incidents.Forward(message));
        Receive<ApplySite>(Handle);
        Receive<TrackerProgress>(Handle);
        Receive<CameraReporter.HealthTick>(_ => _reporter.PublishHealth());
        Receive<OutboxFailed>(Handle);
        Receive<CameraOutbox.RestartOutbox>(_ => StartOutbox());
        Receive<Terminated>(t => t.ActorRef.Equals(_outbox.Ref), _ => _outbox.Stopped());
        Receive<WorkerFailed>(Handle);
        Receive<StopCameras>(_ => Stop());
        Receive<AcceptScene>(a => Sender.Tell(new NoScene(a.Camera, "it has no picture of its own", $"accept those of its cameras: {string.Join(", ", Joined.Select(c => c.Id))}")));
        IgnoreStale();
    }

    /// <summary>Replies to questions of an earlier state.</summary>
    private void IgnoreStale()
    {
        Receive<FusionStarted>(_ => { });
        Receive<FusionEnded>(_ => { });
        Receive<NothingToFuse>(_ => { });
        Receive<RestartFusion>(_ => { });
        Receive<EverythingStored>(_ => { });
        Receive<EverythingDelivered>(_ => { });
    }

    private void Handle(IJunctionMessage message)
    {
        // A junction that is down holds up no camera.
        if (message is ObservationMade && _health.Status.State is CameraState.Failed or CameraState.BackingOff) Sender.Tell(ObservationProcessed.Instance);
        else _fusion.Forward(message);
    }

    private void Handle(ApplySite command)
    {
        _settings = _settings with { Site = command.Site };
        _fusion.Forward(command);
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

    /// <summary>Live cameras go on, so a fusion of theirs begins anew; one of files would throw again at the same frame.</summary>
    private void Handle(WorkerFailed failed)
    {
        // Hints that it knew are lost, and no count.
        if (failed.Child == IncidentReporter.Name) return;
        if (failed.Child == CameraOutbox.Name) _health.OutboxReason = failed.Reason;
        else if (_stop.IsUnderWay) Self.Tell(EverythingStored.Instance);
        else if (!_settings.Site.Cameras.Any(SourceKind.IsFile)) BackOff($"{failed.Child} failed: {failed.Reason}");
        else Fail($"{failed.Child} failed: {failed.Reason}");
    }

    private IEnumerable<CameraSetup> Joined => _settings.Site.Cameras.Where(JunctionSetup.Joins);

    /// <summary>A file that is read again starts its junction again; a camera that is started again joins this one.</summary>
    private void CannotBegin()
    {
        var cameras = string.Join(", ", Joined.Select(c => c.Id));
        if (!Joined.All(SourceKind.IsFile))
        {
            _reporter.Become(CameraState.Connecting, $"none of its cameras ({cameras}) gave a frame, and all have ended: `camera show` says why, and `camera restart` begins anew");
            return;
        }

        var reason = $"none of its files ({cameras}) gave a frame: `camera show` says why of each";
        _log.Error("Junction {Junction} has failed: {Reason}", _settings.Camera.Id, reason);
        End(CameraState.Failed, reason);
    }

    private void BeginAnew()
    {
        if (!Context.Child(FusionName).IsNobody())
        {
            Timers.StartSingleTimer(RestartFusion.Instance, RestartFusion.Instance, NameIsTaken);
            return;
        }

        StartFusion();
        _fusion.Tell(new ApplyOutbox(_outbox.Ref));
        Become(Connecting);
        _reporter.Become(CameraState.Connecting, _health.Reason);
        Context.Parent.Tell(new JunctionChanged(IsUp: true));
    }

    private void StartFusion() =>
        _fusion = Context.ActorOf(FusionActor.Props(_settings.Site, _settings.Policy, _settings.Time, _settings.EvidenceSink), FusionName);

    private void StartOutbox()
    {
        _outbox.Start();
        _fusion.Tell(new ApplyOutbox(_outbox.Ref));
        if (_health.Status.HasEnded) _outbox.Ref.Tell(AwaitOutboxDelivery.Instance);
    }

    /// <summary>What it knew of the vehicles on the junction is lost, and the time until it is back shows as missing.</summary>
    private void BackOff(string reason)
    {
        var wait = _fusionRestart.Next(_health.GoodFor);
        _log.Error("Junction {Junction}: {Reason}. It begins anew in {Wait:0.0} s", _settings.Camera.Id, reason, wait.TotalSeconds);
        Become(BackingOff);
        _reporter.Become(CameraState.BackingOff, reason);
        Timers.StartSingleTimer(RestartFusion.Instance, RestartFusion.Instance, wait);
    }

    private void Fail(string reason)
    {
        if (_health.Status.HasEnded) return;
        _log.Error("Junction {Junction} has failed: {Reason}. Its cameras go on, each by itself", _settings.Camera.Id, reason);
        End(CameraState.Failed, reason);
        Context.Parent.Tell(new JunctionChanged(IsUp: false));
    }

    private void End(CameraState state, string reason)
    {
        Become(Ended);
        _reporter.Become(state, reason);
        // What it counted last may still be on its way to the outbox; one that failed has nothing more.
        if (state == CameraState.Finished) _fusion.Tell(NotifyWhenStored.Instance);
        else _outbox.Ref.Tell(AwaitOutboxDelivery.Instance);
    }

    private void Stop()
    {
        var hasFusion = !_health.Status.HasEnded && _health.Status.State != CameraState.BackingOff;
        Timers.Cancel(RestartFusion.Instance);
        _stop.Begin(Sender);
        Become(Stopping);
        if (hasFusion) _fusion.Tell(NotifyWhenStored.Instance);
        else Self.Tell(EverythingStored.Instance);
    }

    protected override void PreStart()
    {
        _incidents = Context.ActorOf(IncidentReporter.Props(_settings.Site.Id, _settings.Camera.Id, _settings.Approaches), IncidentReporter.Name);
        StartFusion();
        StartOutbox();
        _reporter.Start();
        _reporter.Become(CameraState.Connecting, "");
    }

    /// <summary>Children come from PreStart, and a restart ends with it.</summary>
    protected override void PostRestart(Exception reason) => PreStart();

    protected override SupervisorStrategy SupervisorStrategy() => new WorkerSupervision(Self, restarts: child => child.Path.Name == IncidentReporter.Name);
}
