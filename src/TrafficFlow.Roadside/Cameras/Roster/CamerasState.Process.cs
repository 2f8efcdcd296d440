using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Cameras.Junctions;
using TrafficFlow.Wire.Aggregation;

namespace TrafficFlow.Roadside.Cameras.Roster;

internal sealed partial record CamerasState
{
    /// <param name="former">Cameras that this node once had: what their outboxes still hold is delivered.</param>
    public IReadOnlyList<CamerasEvent> Start(IReadOnlyList<(SiteId Site, CameraId Camera)> former)
    {
        var decision = new CamerasDecision(this);
        foreach (var (site, camera) in All) decision.Start(site, camera);
        foreach (var (site, camera) in former.Where(f => Find(f.Camera) is not { } now || now.Site.Id != f.Site)) decision.Emit(new FormerOutboxStarted(site, camera));
        return decision.Events;
    }

    public IReadOnlyList<CamerasEvent> Process(CameraChanged changed) => [new StatusChanged(changed.Status)];

    /// <param name="closesBins">Whether the last bins are closed once everything is delivered.</param>
    public IReadOnlyList<CamerasEvent> Process(CameraDelivered delivered, bool closesBins)
    {
        var decision = new CamerasDecision(this);
        decision.Emit(new CameraFinished(delivered.Status));
        if (HasCompleted || decision.State.Delivered.Count != All.Count()) return decision.Events;
        if (closesBins) decision.Emit(new BinsClosing([.. All.SelectMany(c => new MovementMapper(c.Camera).Feeds.Select(f => (c.Site.Id, f)))]));
        else decision.Emit(new RunEnded());
        return decision.Events;
    }

    public IReadOnlyList<CamerasEvent> Process(OpenBinsClosed closed)
    {
        if (!OpenApproaches.Contains((closed.Site, closed.Approach))) return [];
        var decision = new CamerasDecision(this);
        decision.Emit(new BinsOfApproachClosed(closed.Site, closed.Approach));
        if (decision.State.OpenApproaches.IsEmpty) decision.Emit(new RunEnded());
        return decision.Events;
    }

    /// <summary>Nothing where it is starting again already.</summary>
    public IReadOnlyList<CamerasEvent> Process(RestartCamera command)
    {
        if (Find(command.Camera) is not { } found) return [new RestartAnswered(command.Camera, IsKnown: false)];
        if (Restarting.Contains(command.Camera)) return [];
        var decision = new CamerasDecision(this);
        if (!Running.Contains(command.Camera))
        {
            // It ended unexpectedly.
            decision.Start(found.Site, found.Camera);
            decision.Emit(new RestartAnswered(command.Camera, IsKnown: true));
            return decision.Events;
        }

        // A junction's log of files is the same only if all of them are read together from their beginning.
        var junction = SourceKind.IsFile(found.Camera) && JunctionSetup.Joins(found.Camera) ? found.Site.Junction?.Id : null;
        decision.Emit(new CameraRestarting(command.Camera, "somebody asked for it", StopsNow: junction is null));
        if (junction is { } all) decision.Restart(all, $"file {command.Camera} is read again");
        return decision.Events;
    }

    /// <param name="camera">The junction.</param>
    public IReadOnlyList<CamerasEvent> Process(CameraId camera, JunctionChanged changed)
    {
        if (Find(camera) is not { } junction) return [];
        var decision = new CamerasDecision(this);
        if (changed.IsUp) decision.Introduce(junction.Site, camera);
        else decision.Separate(junction.Site);
        return decision.Events;
    }

    public IReadOnlyList<CamerasEvent> Process(ApplySites command)
    {
        var decision = new CamerasDecision(this);
        decision.Emit(new SitesChanged(command.Sites));
        foreach (var (site, camera) in All.Where(c => Running.Contains(c.Camera.Id)))
        {
            if (decision.State.Find(camera.Id) is not { } now || now.Site.Id != site.Id)
            {
                if (Restarting.Contains(camera.Id)) decision.Emit(new RestartAnswered(camera.Id, IsKnown: false));
                decision.Emit(new CameraLeaving(site.Id, camera.Id));
                if (JunctionSetup.IsJunction(camera)) decision.Separate(site);
            }
            else if (!now.Camera.IsSameAs(camera))
            {
                decision.Restart(camera.Id, "its settings have changed");
            }
            else if (now.Site.Hash != site.Hash)
            {
                decision.Emit(new CameraKept(now.Site, camera.Id));
            }
        }

        // One that is still stopping starts when it has.
        foreach (var (site, camera) in decision.State.All.Where(c => !decision.State.Running.Contains(c.Camera.Id)).ToList()) decision.Start(site, camera);
        return decision.Events;
    }

    /// <summary>What the new sites change, for the answer.</summary>
    public SitesApplied Compare(IReadOnlyList<Site> sites)
    {
        var next = new CamerasState(sites);
        return new SitesApplied(
            [.. next.All.Where(c => Find(c.Camera.Id) is null).Select(c => c.Camera.Id)],
            [.. All.Where(c => next.Find(c.Camera.Id) is { } now && !now.Camera.IsSameAs(c.Camera)).Select(c => c.Camera.Id)],
            [.. All.Where(c => next.Find(c.Camera.Id) is null).Select(c => c.Camera.Id)]);
    }

    /// <summary>The camera's actor is no more.</summary>
    public IReadOnlyList<CamerasEvent> CameraTerminated(CameraId camera)
    {
        var decision = new CamerasDecision(this);
        decision.Emit(new CameraEnded(camera));
        if (IsStopping)
        {
            ConfirmStop(decision, camera);
        }
        else if (Leaving.TryGetValue(camera, out var site))
        {
            // It may have come back, at another site, while it stopped.
            if (Find(camera) is { } again) decision.Start(again.Site, again.Camera);
            if (Find(camera) is not { } now || now.Site.Id != site) decision.Emit(new FormerOutboxStarted(site, camera));
        }
        else if (Restarting.Contains(camera))
        {
            if (Find(camera) is { } now) decision.Start(now.Site, now.Camera);
            decision.Emit(new RestartAnswered(camera, IsKnown: true));
        }
        else
        {
            decision.Emit(new CameraEndedUnexpectedly(camera));
        }

        return decision.Events;
    }

    public IReadOnlyList<CamerasEvent> FormerDelivered(SiteId site, CameraId camera) =>
        Former.Contains((site, camera)) ? [new FormerOutboxStopping(site, camera)] : [];

    public IReadOnlyList<CamerasEvent> FormerTerminated(SiteId site, CameraId camera)
    {
        var decision = new CamerasDecision(this);
        decision.Emit(new FormerOutboxEnded(site, camera));
        if (!IsStopping && !Running.Contains(camera) && Find(camera) is { } back && back.Site.Id == site) decision.Start(back.Site, back.Camera);
        return decision.Events;
    }

    public IReadOnlyList<CamerasEvent> Process(StopCameras _)
    {
        if (IsStopping) return [];
        var decision = new CamerasDecision(this);
        decision.Emit(new StopBegan());
        foreach (var (site, camera) in Former) decision.Emit(new FormerOutboxStopping(site, camera));
        if (Running.IsEmpty) decision.Emit(new StopCompleted());
        return decision.Events;
    }

    /// <summary>Nothing where only this camera was to stop.</summary>
    public IReadOnlyList<CamerasEvent> CameraStopped(CameraId camera)
    {
        var decision = new CamerasDecision(this);
        if (IsStopping) ConfirmStop(decision, camera);
        return decision.Events;
    }

    private static void ConfirmStop(CamerasDecision decision, CameraId camera)
    {
        if (!decision.State.NotStopped.Contains(camera)) return;
        decision.Emit(new CameraStopConfirmed(camera));
        if (decision.State.NotStopped.IsEmpty) decision.Emit(new StopCompleted());
    }
}
