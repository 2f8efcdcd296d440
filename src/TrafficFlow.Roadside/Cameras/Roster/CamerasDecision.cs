using TrafficFlow.Core.Sites;

namespace TrafficFlow.Roadside.Cameras.Roster;

/// <summary>The events of one command, each decided on what the ones before it have made of the state.</summary>
internal sealed class CamerasDecision(CamerasState state)
{
    private readonly List<CamerasEvent> _events = [];

    public CamerasState State { get; private set; } = state;

    public IReadOnlyList<CamerasEvent> Events => _events;

    public void Emit(CamerasEvent e)
    {
        _events.Add(e);
        State = State.Apply(e);
    }

    public void Start(Site site, CameraSetup camera)
    {
        // One log, one writer: the outbox that still delivers what this camera counted before it left ends first.
        if (State.Former.Contains((site.Id, camera.Id)))
        {
            Emit(new FormerOutboxStopping(site.Id, camera.Id));
            return;
        }

        var joins = JunctionSetup.Joins(camera) ? site.Junction?.Id : null;
        Emit(new CameraStarted(site, camera, joins is { } junction && State.Running.Contains(junction) ? joins : null));
        if (JunctionSetup.IsJunction(camera)) Introduce(site, camera.Id);
    }

    public void Restart(CameraId camera, string reason)
    {
        if (State.Running.Contains(camera)) Emit(new CameraRestarting(camera, reason, StopsNow: true));
    }

    /// <summary>The junction has started after its cameras.</summary>
    public void Introduce(Site site, CameraId junction)
    {
        foreach (var camera in site.Cameras.Where(c => JunctionSetup.Joins(c) && State.Running.Contains(c.Id)))
        {
            if (SourceKind.IsFile(camera)) Restart(camera.Id, "its junction reads its files from their beginning");
            else Emit(new CameraJoined(camera.Id, junction));
        }
    }

    /// <summary>The junction is no more, or cannot go on: its cameras do, each by itself.</summary>
    public void Separate(Site site)
    {
        foreach (var camera in site.Cameras.Where(c => State.Running.Contains(c.Id))) Emit(new CameraJoined(camera.Id, null));
    }
}
