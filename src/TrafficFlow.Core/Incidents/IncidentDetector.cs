using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Incidents;

/// <summary>
/// Looks at the scenes of a junction for what should not be: stopped vehicles, blocked lanes, wrong-way drivers, sudden drops of flow. Each is a hint with a
/// confidence. Pure: event time only; the same scenes give the same incidents.
/// </summary>
public sealed class IncidentDetector : IIncidentDetector
{
    // Over a longer gap between scenes nobody knows what happened.
    private static readonly TimeSpan Gap = TimeSpan.FromSeconds(5);

    // After a longer one the traffic may be another.
    private static readonly TimeSpan ForgetsAfter = TimeSpan.FromMinutes(5);

    // A camera that has had nothing at all in view for so long may be covered: it tells no drop.
    private static readonly TimeSpan SeesSomething = TimeSpan.FromSeconds(60);

    private readonly IncidentSettings _settings;
    private readonly JunctionGround _ground;
    private readonly LaneField _lanes = new();
    private readonly IncidentBook _book;
    private readonly StandWatch _stands;
    private readonly WrongWayWatch _wrongWay;
    private readonly Dictionary<ApproachId, FlowDropWatch> _flows = [];
    private readonly Dictionary<ApproachId, DateTimeOffset> _watchedAt = [];
    private readonly Dictionary<long, VehicleTrail> _trails = [];
    private DateTimeOffset? _last;

    public IncidentDetector(Site site, IncidentSettings? settings = null)
    {
        _settings = settings ?? IncidentSettings.Default;
        _ground = new JunctionGround(site);
        _book = new IncidentBook(_settings);
        _stands = new StandWatch(_ground, _lanes, _book, _settings);
        _wrongWay = new WrongWayWatch(_ground, _lanes, _book, _settings);
        foreach (var approach in _ground.Entries) _flows.Add(approach.Key, new FlowDropWatch(approach.Key, _book, _settings));
    }

    /// <summary>Incidents that are open now.</summary>
    public int Open => _book.Open.Count;

    /// <param name="scene">The next second; one of before, or of much later, begins anew.</param>
    /// <param name="told">Gets what is new: incidents that open, change and end.</param>
    public void Watch(JunctionScene scene, ICollection<Incident> told)
    {
        var now = scene.Time;
        if (_last is { } last && (now <= last || now - last > Gap)) Interrupt(told, forgets: now <= last || now - last > ForgetsAfter);
        _last = now;
        var watching = scene.Cameras.Where(c => IsWatching(c, now)).ToDictionary(c => c.Camera);
        var arrived = Move(scene, watching.Keys, told);
        _stands.Watch(now, _trails.Values, IsWatched, told);
        foreach (var trail in _trails.Values.Where(t => !t.Now.IsRider)) _wrongWay.Watch(now, trail, told);
        foreach (var approach in _ground.Entries) Watch(approach, now, watching, arrived.GetValueOrDefault(approach.Key), told);

        bool IsWatched(SceneVehicle vehicle) => vehicle.Cameras.IsDefaultOrEmpty ? watching.Count > 0 : vehicle.Cameras.Any(watching.ContainsKey);
    }

    /// <summary>Nobody watches any more, or the clock was set: what is open ends as not watched. Where vehicles drive, and where they stand, stays known.</summary>
    public void Interrupt(ICollection<Incident> told) => Interrupt(told, forgets: true);

    private void Interrupt(ICollection<Incident> told, bool forgets)
    {
        if (_last is not { } last) return;
        foreach (var watch in _flows.Values) watch.Interrupt(last, forgets, told);
        if (forgets) _watchedAt.Clear();

        foreach (var incident in _book.Open.ToList())
        {
            if (_book.End(incident.Number, last, IncidentState.NotWatched) is { } ended) told.Add(ended);
        }

        _trails.Clear();
        _stands.Interrupt();
        _last = null;
    }

    private bool IsWatching(SceneCamera camera, DateTimeOffset now) => !camera.IsDegraded && (now - camera.FrameAt).TotalSeconds <= _settings.WatchesSeconds;

    /// <summary>Follows the vehicles.</summary>
    /// <returns>Who has entered by which approach.</returns>
    private Dictionary<ApproachId, int> Move(JunctionScene scene, IReadOnlyCollection<CameraId> watching, ICollection<Incident> told)
    {
        var arrived = new Dictionary<ApproachId, int>();
        foreach (var vehicle in scene.Vehicles)
        {
            if (!_trails.TryGetValue(vehicle.Number, out var trail))
            {
                _trails.Add(vehicle.Number, new VehicleTrail(vehicle, scene.Time));
                continue;
            }

            trail.Move(vehicle, scene.Time);
            if (!trail.IsFresh || vehicle.IsRider) continue;
            if (vehicle.SpeedKmh > _settings.DrivesAboveKmh) _lanes.Drive(vehicle.Number, trail.Before.Place, vehicle.Place, scene.Time);
            if (trail.CameFrom is not null || _ground.Entered(trail.Before.Place, vehicle.Place) is not { } approach) continue;
            trail.CameFrom = approach;
            arrived[approach] = arrived.GetValueOrDefault(approach) + 1;
            _stands.Pass();
        }

        foreach (var (number, trail) in _trails)
        {
            if (trail.Time >= scene.Time) continue;
            _stands.Lose(trail);
            _wrongWay.Lose(trail, scene.Time, trail.Now.Cameras.IsDefaultOrEmpty || trail.Now.Cameras.Any(watching.Contains), told);
            _trails.Remove(number);
        }

        return arrived;
    }

    private void Watch(IGrouping<ApproachId, CameraId> approach, DateTimeOffset now, Dictionary<CameraId, SceneCamera> watching, int arrived, ICollection<Incident> told)
    {
        var watch = _flows[approach.Key];
        DateTimeOffset? watchedAt = _watchedAt.TryGetValue(approach.Key, out var at) ? at : null;
        var isWatched = approach.Any(c => watching.TryGetValue(c, out var camera) && now - camera.TrackAt <= SeesSomething);
        if (isWatched)
        {
            if (watchedAt is { } before && now - before > ForgetsAfter) watch.Interrupt(now, forgets: true, told);
            watch.Watch(now, arrived, told);
            _watchedAt[approach.Key] = now;
        }
        else if (now - watchedAt > Gap)
        {
            // A drop that nobody watches is none.
            watch.Interrupt(now, forgets: false, told);
        }
    }
}
