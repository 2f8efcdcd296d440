using Akka.Actor;
using Akka.Event;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Cameras.Junctions;
using TrafficFlow.Roadside.Cameras.Replay;
using TrafficFlow.Roadside.Cameras.Roster;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Inspection;

namespace TrafficFlow.Roadside.Cameras;

/// <summary>
/// Starts and supervises one <see cref="CameraActor"/>, or <see cref="ReplayCameraActor"/>, for each camera of the node's sites, and a
/// <see cref="JunctionActor"/> for each junction; /user/cameras. Answers queries about them, follows changed site files without touching
/// cameras that did not change, and knows when a run on files is over. What it decides is in <see cref="CamerasState"/>.
/// </summary>
public sealed class CamerasActor : InspectedActor, IWithTimers
{
    private sealed record AskToClose
    {
        public static readonly AskToClose Instance = new();
    }

    private static readonly TimeSpan CloseRetry = TimeSpan.FromSeconds(5);

    private readonly Func<Site, CameraSetup, CameraSettings> _settings;
    private readonly IReadOnlyList<(SiteId Site, CameraId Camera)> _former;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly List<IActorRef> _waiting = [];
    private readonly Dictionary<CameraId, List<IActorRef>> _restartAskedBy = [];
    private readonly Dictionary<IActorRef, (SiteId Site, CameraId Camera)> _formerOutboxes = [];
    private CamerasState _state;
    private CameraSettings? _shared;
    private IActorRef _stopAskedBy = ActorRefs.Nobody;

    /// <param name="sites">Those of now, read at each start, also at one after a failure; camera ids are unique among them.</param>
    /// <param name="former">Cameras that this node once had: what their outboxes still hold is delivered.</param>
    public static Props Props(
        Func<IReadOnlyList<Site>> sites,
        Func<Site, CameraSetup, CameraSettings> settings,
        IReadOnlyList<(SiteId Site, CameraId Camera)>? former = null) =>
        Akka.Actor.Props.Create(() => new CamerasActor(sites, settings, former ?? Array.Empty<(SiteId, CameraId)>()));

    public CamerasActor(
        Func<IReadOnlyList<Site>> sites, Func<Site, CameraSetup, CameraSettings> settings, IReadOnlyList<(SiteId Site, CameraId Camera)> former)
    {
        _state = new CamerasState(sites());
        _settings = settings;
        _former = former;
        Receive<CameraChanged>(c => CarryOut(_state.Process(c)));
        Receive<CameraDelivered>(d => CarryOut(_state.Process(d, _shared!.Policy.CloseBinsAtEnd)));
        Receive<GetCameraStatus>(Handle);
        Receive<GetCameras>(_ => Sender.Tell(new CameraStatuses(_state.Report.Cameras)));
        Receive<GetDelivery>(_ => Sender.Tell(_state.Report));
        Receive<AwaitDelivery>(Handle);
        Receive<AskToClose>(_ => AskToCloseBins());
        Receive<OpenBinsClosed>(c => CarryOut(_state.Process(c)));
        Receive<StopCameras>(Handle);
        Receive<CamerasStopped>(_ => CarryOut(_state.CameraStopped(IdOf(Sender))));
        Receive<JunctionChanged>(c => CarryOut(_state.Process(IdOf(Sender), c)));
        Receive<RestartCamera>(Handle);
        Receive<AcceptScene>(Handle);
        Receive<ApplySites>(Handle);
        Receive<EverythingDelivered>(_ => FormerDelivered(Sender));
        Receive<OutboxFailed>(f => _log.Error("The outbox of a camera that is no more has failed: {Reason}. It is tried again at the next start", f.Reason));
        Receive<Terminated>(t => Handle(t.ActorRef));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override ActorState Describe() => new(_state.IsStopping ? "stopping" : _state.HasCompleted ? "all is delivered" : "supervising")
    {
        { "sites", string.Join(' ', _state.Sites.Select(s => s.Id.Value)) },
        { "running", string.Join(' ', _state.Running.Select(c => c.Value).Order(StringComparer.Ordinal)) },
        { "restarting", string.Join(' ', _state.Restarting.Select(c => c.Value).Order(StringComparer.Ordinal)) },
        { "leaving", string.Join(' ', _state.Leaving.Keys.Select(c => c.Value).Order(StringComparer.Ordinal)) },
        { "delivered", string.Join(' ', _state.Delivered.Select(c => c.Value).Order(StringComparer.Ordinal)) },
        { "outboxes of former cameras", _formerOutboxes.Count },
        { "who waits for the delivery", _waiting.Count },
    };

    private void Handle(GetCameraStatus query)
    {
        if (_state.Running.Contains(query.Camera)) Child(query.Camera).Forward(query);
        else Sender.Tell(_state.Unknown(query.Camera));
    }

    private void Handle(AcceptScene command)
    {
        if (_state.CanReach(command.Camera)) Child(command.Camera).Forward(command);
        else Sender.Tell(_state.Unknown(command.Camera));
    }

    private void Handle(AwaitDelivery _)
    {
        if (_state.HasCompleted) Sender.Tell(_state.Report);
        else _waiting.Add(Sender);
    }

    private void Handle(RestartCamera command)
    {
        if (!_restartAskedBy.TryGetValue(command.Camera, out var asked)) _restartAskedBy.Add(command.Camera, asked = []);
        asked.Add(Sender);
        CarryOut(_state.Process(command));
    }

    private void Handle(ApplySites command)
    {
        var used = _state.Compare(command.Sites);
        CarryOut(_state.Process(command));
        Sender.Tell(used);
    }

    private void Handle(StopCameras stop)
    {
        if (!_state.IsStopping) _stopAskedBy = Sender;
        CarryOut(_state.Process(stop));
    }

    private void Handle(IActorRef ended) => CarryOut(
        _formerOutboxes.Remove(ended, out var former) ? _state.FormerTerminated(former.Site, former.Camera) : _state.CameraTerminated(IdOf(ended)));

    private void FormerDelivered(IActorRef outbox)
    {
        if (_formerOutboxes.TryGetValue(outbox, out var former)) CarryOut(_state.FormerDelivered(former.Site, former.Camera));
    }

    private void CarryOut(IReadOnlyList<CamerasEvent> events)
    {
        foreach (var e in events)
        {
            _state = _state.Apply(e);
            CarryOut(e);
        }
    }

    private void CarryOut(CamerasEvent e)
    {
        switch (e)
        {
            case CameraStarted started:
                Start(started);
                break;
            case CameraRestarting restarting:
                _log.Info("Camera {Camera} is stopped and started again: {Reason}", restarting.Camera, restarting.Reason);
                if (restarting.StopsNow) Child(restarting.Camera).Tell(StopCameras.Instance);
                break;
            case CameraLeaving leaving:
                _log.Info("Camera {Camera} is no longer in the site files: it stops, and what it counted is delivered", leaving.Camera);
                Child(leaving.Camera).Tell(StopCameras.Instance);
                break;
            case CameraEndedUnexpectedly ended:
                _log.Error("Camera {Camera} has stopped unexpectedly: restart it, or the node", ended.Camera);
                break;
            case RestartAnswered answered:
                Answer(answered);
                break;
            case CameraKept kept:
                Child(kept.Camera).Tell(new ApplySite(kept.Site));
                break;
            case CameraJoined joined:
                Child(joined.Camera).Tell(new ApplyJunction(joined.Junction is { } junction ? Child(junction) : ActorRefs.Nobody));
                break;
            case FormerOutboxStarted former:
                Start(former);
                break;
            case FormerOutboxStopping former:
                Context.Stop(Context.Child(FormerName(former.Site, former.Camera)));
                break;
            case BinsClosing:
                AskToCloseBins();
                break;
            case RunEnded:
                Complete();
                break;
            case StopBegan:
                foreach (var camera in _state.NotStopped) Child(camera).Tell(StopCameras.Instance);
                break;
            case StopCompleted:
                _stopAskedBy.Tell(CamerasStopped.Instance);
                Context.Stop(Self);
                break;
        }
    }

    private void Start(CameraStarted started)
    {
        _shared = _settings(started.Site, started.Camera);
        var junction = started.Junction is { } id ? Child(id) : ActorRefs.Nobody;
        Context.Watch(Context.ActorOf(PropsOf(_shared with { Junction = junction }), started.Camera.Id.Value));
    }

    private void Start(FormerOutboxStarted former)
    {
        if (_shared is not { } settings)
        {
            _log.Warning("What camera {Camera} of site {Site} counted before it left the site files waits: it is delivered once this node has a camera again", former.Camera, former.Site);
            CarryOut(_state.FormerTerminated(former.Site, former.Camera));
            return;
        }

        var outbox = Context.Watch(Context.ActorOf(
            OutboxActor.Props(former.Site, former.Camera, settings.Outbox, settings.Approaches, settings.FreeBytes), FormerName(former.Site, former.Camera)));
        _formerOutboxes.Add(outbox, (former.Site, former.Camera));
        outbox.Tell(AwaitOutboxDelivery.Instance);
    }

    private void Answer(RestartAnswered answered)
    {
        if (!_restartAskedBy.Remove(answered.Camera, out var asked)) return;
        object answer = answered.IsKnown ? new CameraRestarted(answered.Camera) : _state.Unknown(answered.Camera);
        foreach (var one in asked) one.Tell(answer);
    }

    private void AskToCloseBins()
    {
        foreach (var (site, approach) in _state.OpenApproaches) _shared!.Approaches.Tell(new CloseOpenBins(site, approach));
        Timers.StartSingleTimer(AskToClose.Instance, AskToClose.Instance, CloseRetry);
    }

    private void Complete()
    {
        Timers.Cancel(AskToClose.Instance);
        _log.Info("All cameras have ended and everything was delivered");
        Context.System.EventStream.Publish(new RunCompleted(_state.Report));
        foreach (var waiting in _waiting) waiting.Tell(_state.Report);
        _waiting.Clear();
    }

    protected override void PreStart() => CarryOut(_state.Start(_former));

    private static IActorRef Child(CameraId camera) => Context.Child(camera.Value);

    private static CameraId IdOf(IActorRef camera) => new(camera.Path.Name);

    private static string FormerName(SiteId site, CameraId camera) => $"former-{site}:{camera}";

    private static Props PropsOf(CameraSettings settings) =>
        JunctionSetup.IsJunction(settings.Camera) ? JunctionActor.Props(settings)
        : SourceKind.IsReplay(settings.Camera) ? ReplayCameraActor.Props(settings) : CameraActor.Props(settings);
}
