using Akka.Actor;
using Akka.Event;
using TrafficFlow.Actors.Aggregation;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Actors.Cameras;

/// <summary>
/// Starts and supervises one <see cref="CameraActor"/>, or <see cref="VirtualCameraActor"/>, for each camera of the site; /user/cameras. Answers queries about them, and knows
/// when a run on files is over.
/// </summary>
public sealed class CamerasActor : ReceiveActor, IWithTimers
{
    private sealed record AskToClose
    {
        public static readonly AskToClose Instance = new();
    }

    private static readonly TimeSpan CloseRetry = TimeSpan.FromSeconds(5);

    private readonly Site _site;
    private readonly Func<CameraSetup, CameraSettings> _settings;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<CameraId, CameraStatus> _statuses = [];
    private readonly HashSet<CameraId> _delivered = [];
    private readonly List<IActorRef> _waiting = [];
    private readonly HashSet<ApproachId> _open = [];
    private readonly Dictionary<CameraId, List<IActorRef>> _restarting = [];
    private readonly HashSet<IActorRef> _stopping = [];
    private bool _completed;
    private IActorRef? _stopAskedBy;

    public static Props Props(Site site, Func<CameraSetup, CameraSettings> settings) =>
        Akka.Actor.Props.Create(() => new CamerasActor(site, settings));

    public CamerasActor(Site site, Func<CameraSetup, CameraSettings> settings)
    {
        _site = site;
        _settings = settings;
        Receive<CameraChanged>(Handle);
        Receive<CameraDelivered>(Handle);
        Receive<GetCameraStatus>(Handle);
        Receive<GetCameras>(_ => Sender.Tell(new CameraStatuses(Statuses())));
        Receive<GetDelivered>(_ => Sender.Tell(Report()));
        Receive<WhenDelivered>(Handle);
        Receive<AskToClose>(_ => CloseBins());
        Receive<OpenBinsClosed>(Handle);
        Receive<StopCameras>(Handle);
        Receive<CamerasStopped>(_ => CameraStopped(Sender));
        Receive<RestartCamera>(Handle);
        Receive<Terminated>(t => CameraTerminated(t.ActorRef));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private void Handle(CameraChanged changed) => _statuses[changed.Status.Camera] = changed.Status;

    private void Handle(CameraDelivered delivered)
    {
        _statuses[delivered.Status.Camera] = delivered.Status;
        _delivered.Add(delivered.Status.Camera);
        if (_completed || !AllDelivered) return;
        if (_settings(_site.Cameras[0]).Policy.CloseBinsAtEnd)
        {
            _open.UnionWith(_site.Cameras.SelectMany(c => new MovementMap(c).Feeds));
            CloseBins();
        }
        else
        {
            Complete();
        }
    }

    private void CloseBins()
    {
        var approaches = _settings(_site.Cameras[0]).Approaches;
        foreach (var approach in _open) approaches.Tell(new CloseOpenBins(_site.Id, approach));
        Timers.StartSingleTimer(AskToClose.Instance, AskToClose.Instance, CloseRetry);
    }

    private void Handle(OpenBinsClosed closed)
    {
        if (!_open.Remove(closed.Approach) || _open.Count > 0) return;
        Timers.Cancel(AskToClose.Instance);
        Complete();
    }

    private void Complete()
    {
        _completed = true;
        var report = Report();
        _log.Info("All cameras of {Site} have ended and everything was delivered", _site.Id);
        Context.System.EventStream.Publish(new RunCompleted(report));
        foreach (var waiting in _waiting) waiting.Tell(report);
        _waiting.Clear();
    }

    private void Handle(WhenDelivered _)
    {
        if (_completed) Sender.Tell(Report());
        else _waiting.Add(Sender);
    }

    private void Handle(GetCameraStatus query)
    {
        var camera = Context.Child(query.Camera.Value);
        if (camera.IsNobody()) Sender.Tell(Unknown(query.Camera));
        else camera.Forward(query);
    }

    private void Handle(RestartCamera command)
    {
        var camera = Context.Child(command.Camera.Value);
        if (_site.FindCamera(command.Camera) is null || camera.IsNobody())
        {
            Sender.Tell(Unknown(command.Camera));
        }
        else if (_restarting.TryGetValue(command.Camera, out var asked))
        {
            asked.Add(Sender);
        }
        else
        {
            _log.Info("Camera {Camera} is stopped and started again, as it was asked for", command.Camera);
            _restarting.Add(command.Camera, [Sender]);
            camera.Tell(StopCameras.Instance);
        }
    }

    private void CameraTerminated(IActorRef camera)
    {
        var id = new CameraId(camera.Path.Name);
        if (_stopAskedBy is not null) CameraStopped(camera);
        else if (_restarting.Remove(id, out var asked)) Restarted(id, asked);
        else _log.Error("Camera {Camera} has stopped though nobody asked for it: restart it, or the node", id);
    }

    private void Restarted(CameraId id, List<IActorRef> asked)
    {
        _delivered.Remove(id);
        Start(_site.FindCamera(id)!);
        foreach (var one in asked) one.Tell(new CameraRestarted(id));
    }

    private UnknownCamera Unknown(CameraId camera) => new(camera, [.. _site.Cameras.Select(c => c.Id)]);

    private void Handle(StopCameras stop)
    {
        if (_stopAskedBy is not null) return;
        _stopAskedBy = Sender;
        _stopping.UnionWith(Context.GetChildren());
        foreach (var camera in _stopping) camera.Tell(stop);
        if (_stopping.Count == 0) Stopped();
    }

    private void CameraStopped(IActorRef camera)
    {
        // Also the answer of one that was only to be restarted when everything was to be stopped.
        if (_stopping.Remove(camera) && _stopping.Count == 0) Stopped();
    }

    private void Stopped()
    {
        _stopAskedBy?.Tell(CamerasStopped.Instance);
        Context.Stop(Self);
    }

    private bool AllDelivered => _delivered.Count == _site.Cameras.Count;

    private DeliveryReport Report() => new(
        _statuses.Count == _site.Cameras.Count && _statuses.Values.All(s => s.HasEnded), _completed, Statuses());

    private IReadOnlyList<CameraStatus> Statuses() => [.. _statuses.Values.OrderBy(s => s.Camera.Value, StringComparer.Ordinal)];

    protected override void PreStart()
    {
        foreach (var camera in _site.Cameras) Start(camera);
    }

    private void Start(CameraSetup camera) => Context.Watch(Context.ActorOf(PropsOf(_settings(camera)), camera.Id.Value));

    private static Props PropsOf(CameraSettings settings) =>
        SourceKind.IsReplay(settings.Camera) ? VirtualCameraActor.Props(settings) : CameraActor.Props(settings);
}
