using Akka.Actor;
using Akka.Event;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Cameras.Junctions;
using TrafficFlow.Roadside.Cameras.Replay;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Cameras;

namespace TrafficFlow.Roadside.Cameras;

/// <summary>
/// Starts and supervises one <see cref="CameraActor"/>, or <see cref="ReplayCameraActor"/>, for each camera of the node's
/// sites, and a <see cref="JunctionActor"/> for each junction; /user/cameras. Answers queries about them, follows changed site files without touching cameras that did not change, and knows when a run on files is over.
/// </summary>
public sealed class CamerasActor : ReceiveActor, IWithTimers
{
    private sealed record AskToClose
    {
        public static readonly AskToClose Instance = new();
    }

    private static readonly TimeSpan CloseRetry = TimeSpan.FromSeconds(5);

    private readonly Func<Site, CameraSetup, CameraSettings> _settings;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly Dictionary<CameraId, CameraStatus> _statuses = [];
    private readonly HashSet<CameraId> _delivered = [];
    private readonly List<IActorRef> _waiting = [];
    private readonly HashSet<(SiteId Site, ApproachId Approach)> _open = [];
    private readonly Dictionary<CameraId, List<IActorRef>> _restarting = [];
    private readonly Dictionary<CameraId, SiteId> _leaving = [];
    private readonly Dictionary<IActorRef, (Site Site, CameraSetup Camera)?> _formerOutboxes = [];
    private readonly HashSet<IActorRef> _stopping = [];
    private readonly IReadOnlyList<(SiteId Site, CameraId Camera)> _former;
    private IReadOnlyList<Site> _sites;
    private bool _completed;
    private IActorRef? _stopAskedBy;

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
        _sites = sites();
        _settings = settings;
        _former = former;
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
        Receive<JunctionChanged>(Handle);
        Receive<RestartCamera>(Handle);
        Receive<AcceptScene>(Handle);
        Receive<UseSites>(Handle);
        Receive<EverythingDelivered>(_ => FormerDelivered(Sender));
        Receive<OutboxFailed>(f => _log.Error("The outbox of a camera that is no more has failed: {Reason}. It is tried again at the next start", f.Reason));
        Receive<Terminated>(t => CameraTerminated(t.ActorRef));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private void Handle(CameraChanged changed) => _statuses[changed.Status.Camera] = changed.Status;

    private void Handle(CameraDelivered delivered)
    {
        _statuses[delivered.Status.Camera] = delivered.Status;
        _delivered.Add(delivered.Status.Camera);
        if (_completed || !AllDelivered) return;
        if (Any.Policy.CloseBinsAtEnd)
        {
            _open.UnionWith(All.SelectMany(c => new MovementMap(c.Camera).Feeds.Select(f => (c.Site.Id, f))));
            CloseBins();
        }
        else
        {
            Complete();
        }
    }

    private void CloseBins()
    {
        foreach (var (site, approach) in _open) Any.Approaches.Tell(new CloseOpenBins(site, approach));
        Timers.StartSingleTimer(AskToClose.Instance, AskToClose.Instance, CloseRetry);
    }

    private void Handle(OpenBinsClosed closed)
    {
        if (!_open.Remove((closed.Site, closed.Approach)) || _open.Count > 0) return;
        Timers.Cancel(AskToClose.Instance);
        Complete();
    }

    private void Complete()
    {
        _completed = true;
        var report = Report();
        _log.Info("All cameras have ended and everything was delivered");
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
        if (Find(command.Camera) is null || camera.IsNobody())
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
            // A junction's log of files is the same only if all of them are read together from their beginning.
            if (Find(command.Camera) is { } found && SourceKind.IsFile(found.Camera) && JunctionOf(found) is { } junction)
                Restart(junction, $"file {command.Camera} is read again");
            else
                camera.Tell(StopCameras.Instance);
        }
    }

    private void Handle(JunctionChanged changed)
    {
        var id = new CameraId(Sender.Path.Name);
        if (Find(id) is not { } junction) return;
        if (changed.IsUp) Introduce(junction.Site, Sender);
        else Separate(junction.Site);
    }

    private void Handle(AcceptScene command)
    {
        var camera = Context.Child(command.Camera.Value);
        if (Find(command.Camera) is null || camera.IsNobody()) Sender.Tell(Unknown(command.Camera));
        else camera.Forward(command);
    }

    private void Handle(UseSites command)
    {
        var before = All.ToList();
        _sites = command.Sites;
        foreach (var (site, camera) in before)
        {
            var now = Find(camera.Id);
            if (now is not { } same || same.Site.Id != site.Id)
            {
                Leave(site.Id, camera.Id);
                // Its cameras go on, each by itself.
                if (JunctionSetup.IsJunction(camera)) Separate(site);
            }
            else if (!same.Camera.IsSameAs(camera)) Restart(camera.Id, "its settings have changed");
            else if (same.Site.Hash != site.Hash) Context.Child(camera.Id.Value).Tell(new UseSite(same.Site));
        }

        var added = All.Where(c => before.All(b => b.Camera.Id != c.Camera.Id)).ToList();
        // One that is still stopping is started when it has.
        foreach (var (site, camera) in added.Where(a => !_leaving.ContainsKey(a.Camera.Id))) Start(site, camera);
        Sender.Tell(new SitesUsed(
            [.. added.Select(a => a.Camera.Id)],
            [.. before.Where(b => Find(b.Camera.Id) is { } now && !now.Camera.IsSameAs(b.Camera)).Select(b => b.Camera.Id)],
            [.. before.Where(b => Find(b.Camera.Id) is null).Select(b => b.Camera.Id)]));
    }

    private void Restart(CameraId camera, string why)
    {
        _log.Info("Camera {Camera} is stopped and started again: {Reason}", camera, why);
        _restarting.TryAdd(camera, []);
        Context.Child(camera.Value).Tell(StopCameras.Instance);
    }

    private void Leave(SiteId site, CameraId camera)
    {
        _log.Info("Camera {Camera} is no longer in the site files: it stops, and what it counted is delivered", camera);
        if (_restarting.Remove(camera, out var asked))
            foreach (var one in asked) one.Tell(Unknown(camera));
        _leaving[camera] = site;
        Context.Child(camera.Value).Tell(StopCameras.Instance);
    }

    private void CameraTerminated(IActorRef camera)
    {
        var id = new CameraId(camera.Path.Name);
        if (_formerOutboxes.Remove(camera, out var returned))
        {
            if (returned is { } back) Start(back.Site, back.Camera);
            return;
        }

        if (_stopAskedBy is not null) CameraStopped(camera);
        else if (_leaving.Remove(id, out var site)) Left(site, id);
        else if (_restarting.Remove(id, out var asked)) Restarted(id, asked);
        else _log.Error("Camera {Camera} has stopped unexpectedly: restart it, or the node", id);
    }

    private void Left(SiteId site, CameraId id)
    {
        _statuses.Remove(id);
        _delivered.Remove(id);
        // It may have come back, at another site, while it stopped.
        if (Find(id) is { } again) Start(again.Site, again.Camera);
        if (Find(id) is not { } now || now.Site.Id != site) DeliverFormer(site, id);
    }

    private void DeliverFormer(SiteId site, CameraId camera)
    {
        var settings = Any;
        var outbox = Context.Watch(Context.ActorOf(
            OutboxActor.Props(site, camera, settings.Outbox, settings.Approaches, settings.FreeBytes), FormerName(site, camera)));
        _formerOutboxes.Add(outbox, null);
        outbox.Tell(NotifyWhenDelivered.Instance);
    }

    private void FormerDelivered(IActorRef outbox)
    {
        if (_formerOutboxes.ContainsKey(outbox)) Context.Stop(outbox);
    }

    private void Restarted(CameraId id, List<IActorRef> asked)
    {
        _delivered.Remove(id);
        if (Find(id) is { } camera) Start(camera.Site, camera.Camera);
        foreach (var one in asked) one.Tell(new CameraRestarted(id));
    }

    private IEnumerable<(Site Site, CameraSetup Camera)> All => _sites.SelectMany(s => s.Feeders.Select(c => (s, c)));

    private (Site Site, CameraSetup Camera)? Find(CameraId id) =>
        All.Where(c => c.Camera.Id == id).Select(c => ((Site, CameraSetup)?)c).FirstOrDefault();

    /// <summary>What all cameras' settings share.</summary>
    private CameraSettings Any => All.Select(c => _settings(c.Site, c.Camera)).First();

    private UnknownCamera Unknown(CameraId camera) => new(camera, [.. All.Select(c => c.Camera.Id)]);

    private void Handle(StopCameras stop)
    {
        if (_stopAskedBy is not null) return;
        _stopAskedBy = Sender;
        foreach (var outbox in _formerOutboxes.Keys) Context.Stop(outbox);
        _stopping.UnionWith(Context.GetChildren().Where(c => !_formerOutboxes.ContainsKey(c)));
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

    private bool AllDelivered => _delivered.Count == All.Count();

    private DeliveryReport Report() => new(
        _statuses.Count == All.Count() && _statuses.Values.All(s => s.HasEnded), _completed, Statuses());

    private IReadOnlyList<CameraStatus> Statuses() => [.. _statuses.Values.OrderBy(s => s.Camera.Value, StringComparer.Ordinal)];

    protected override void PreStart()
    {
        foreach (var (site, camera) in All) Start(site, camera);
        foreach (var (site, camera) in _former.Where(f => Find(f.Camera) is not { } now || now.Site.Id != f.Site)) DeliverFormer(site, camera);
    }

    private void Start(Site site, CameraSetup camera)
    {
        // One log, one writer: the outbox that still delivers what this camera counted before it left ends first.
        var former = Context.Child(FormerName(site.Id, camera.Id));
        if (former.IsNobody())
        {
            var junction = JunctionOf((site, camera)) is { } id ? Context.Child(id.Value) : ActorRefs.Nobody;
            var started = Context.Watch(Context.ActorOf(PropsOf(_settings(site, camera) with { Junction = junction }), camera.Id.Value));
            if (JunctionSetup.IsJunction(camera)) Introduce(site, started);
            return;
        }

        _formerOutboxes[former] = (site, camera);
        Context.Stop(former);
    }

    /// <summary>It has been started again, after its cameras.</summary>
    private void Introduce(Site site, IActorRef junction)
    {
        foreach (var camera in site.Cameras.Where(JunctionSetup.Joins))
        {
            var child = Context.Child(camera.Id.Value);
            if (child.IsNobody()) continue;
            if (SourceKind.IsFile(camera)) Restart(camera.Id, "its junction reads its files from their beginning");
            else child.Tell(new UseJunction(junction));
        }
    }

    private static void Separate(Site site)
    {
        foreach (var camera in site.Cameras) Context.Child(camera.Id.Value).Tell(new UseJunction(ActorRefs.Nobody));
    }

    /// <summary>The junction that a camera's tracks are joined by; null where it counts by itself.</summary>
    private static CameraId? JunctionOf((Site Site, CameraSetup Camera) camera) =>
        JunctionSetup.Joins(camera.Camera) ? camera.Site.Junction?.Id : null;

    private static string FormerName(SiteId site, CameraId camera) => $"former-{site}:{camera}";

    private static Props PropsOf(CameraSettings settings) =>
        JunctionSetup.IsJunction(settings.Camera) ? JunctionActor.Props(settings)
        : SourceKind.IsReplay(settings.Camera) ? ReplayCameraActor.Props(settings) : CameraActor.Props(settings);
}
