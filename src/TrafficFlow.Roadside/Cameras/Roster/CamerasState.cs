using System.Collections.Immutable;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Cameras;

namespace TrafficFlow.Roadside.Cameras.Roster;

/// <summary>
/// Which cameras and junctions of a node run, start again, leave or are to be delivered for. Pure: Process gives events, Apply gives
/// states. At most one actor writes a camera's log: a camera waits until the outbox that delivers for its former self has ended.
/// </summary>
internal sealed partial record CamerasState(IReadOnlyList<Site> Sites)
{
    public ImmutableSortedDictionary<string, CameraStatus> Statuses { get; private init; } =
        ImmutableSortedDictionary.Create<string, CameraStatus>(StringComparer.Ordinal);

    /// <summary>Have ended, with everything delivered.</summary>
    public ImmutableHashSet<CameraId> Delivered { get; private init; } = [];

    /// <summary>Have an actor, also one that is stopping.</summary>
    public ImmutableHashSet<CameraId> Running { get; private init; } = [];

    public ImmutableHashSet<CameraId> Restarting { get; private init; } = [];

    /// <summary>Stop because no site file names them any more; with the site that they belonged to.</summary>
    public ImmutableDictionary<CameraId, SiteId> Leaving { get; private init; } = ImmutableDictionary<CameraId, SiteId>.Empty;

    /// <summary>Cameras that are no more and whose outboxes run.</summary>
    public ImmutableHashSet<(SiteId Site, CameraId Camera)> Former { get; private init; } = [];

    /// <summary>Approaches that have not confirmed yet that their last bins are closed.</summary>
    public ImmutableHashSet<(SiteId Site, ApproachId Approach)> OpenApproaches { get; private init; } = [];

    /// <summary>All cameras have ended, everything is delivered and the last bins are closed.</summary>
    public bool HasCompleted { get; private init; }

    public bool IsStopping { get; private init; }

    /// <summary>Have not confirmed yet that they stopped.</summary>
    public ImmutableHashSet<CameraId> NotStopped { get; private init; } = [];

    /// <summary>Every camera and junction that the site files name.</summary>
    public IEnumerable<(Site Site, CameraSetup Camera)> All => Sites.SelectMany(s => s.Feeders.Select(c => (s, c)));

    public (Site Site, CameraSetup Camera)? Find(CameraId id) =>
        All.Where(c => c.Camera.Id == id).Select(c => ((Site, CameraSetup)?)c).FirstOrDefault();

    /// <summary>Is in the site files and has an actor: can be asked and told.</summary>
    public bool CanReach(CameraId camera) => Running.Contains(camera) && Find(camera) is not null;

    public UnknownCamera Unknown(CameraId camera) => new(camera, [.. All.Select(c => c.Camera.Id)]);

    public DeliveryReport Report => new(
        Statuses.Count == All.Count() && Statuses.Values.All(s => s.HasEnded), HasCompleted, [.. Statuses.Values]);

    public CamerasState Apply(CamerasEvent e) => e switch
    {
        SitesChanged changed => this with { Sites = changed.Sites },
        CameraStarted started => this with { Running = Running.Add(started.Camera.Id) },
        CameraRestarting restarting => this with { Restarting = Restarting.Add(restarting.Camera) },
        CameraLeaving leaving => this with { Leaving = Leaving.SetItem(leaving.Camera, leaving.Site), Restarting = Restarting.Remove(leaving.Camera) },
        CameraEnded ended => Without(ended.Camera),
        FormerOutboxStarted started => this with { Former = Former.Add((started.Site, started.Camera)) },
        FormerOutboxEnded ended => this with { Former = Former.Remove((ended.Site, ended.Camera)) },
        StatusChanged changed => With(changed.Status),
        CameraFinished finished => With(finished.Status) with { Delivered = Delivered.Add(finished.Status.Camera) },
        BinsClosing closing => this with { OpenApproaches = closing.Approaches },
        BinsOfApproachClosed closed => this with { OpenApproaches = OpenApproaches.Remove((closed.Site, closed.Approach)) },
        RunEnded => this with { HasCompleted = true },
        StopBegan => this with { IsStopping = true, NotStopped = Running },
        CameraStopConfirmed confirmed => this with { NotStopped = NotStopped.Remove(confirmed.Camera) },
        CameraEndedUnexpectedly or RestartAnswered or CameraKept or CameraJoined or FormerOutboxStopping or StopCompleted => this,
        _ => throw new NotSupportedException($"no event of cameras: {e.GetType().Name}"),
    };

    private CamerasState With(CameraStatus status) => this with { Statuses = Statuses.SetItem(status.Camera.Value, status) };

    /// <summary>Of one that starts again, the last status is shown until it reports the next one.</summary>
    private CamerasState Without(CameraId camera) => this with
    {
        Running = Running.Remove(camera),
        Restarting = Restarting.Remove(camera),
        Leaving = Leaving.Remove(camera),
        Delivered = Leaving.ContainsKey(camera) || Restarting.Contains(camera) ? Delivered.Remove(camera) : Delivered,
        Statuses = Leaving.ContainsKey(camera) ? Statuses.Remove(camera.Value) : Statuses,
    };
}
