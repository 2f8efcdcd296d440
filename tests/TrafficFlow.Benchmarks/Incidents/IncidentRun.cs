using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Incidents;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tests.Junctions;
using TrafficFlow.Core.Tracking.Ground;
using TrafficFlow.Simulation;
using TrafficFlow.Simulation.Vehicles;

namespace TrafficFlow.Benchmarks.Incidents;

/// <summary>One simulated junction, seen by four cameras with errors, and what the detector told of it.</summary>
internal sealed class IncidentRun
{
    private const double StandsBelow = 5 / 3.6;
    private const double CrawlsBelow = 10 / 3.6;
    // A little more than the detector asks for: the cameras err by a metre.
    private const double GapMetres = 23;

    private readonly SimulatedObservations _seen;
    private readonly JunctionPipeline _pipeline = new(MapSite.Site);
    private readonly IncidentDetector _detector = new(MapSite.Site);
    private readonly List<Incident> _told = [];
    private readonly List<Journey> _journeys = [];
    private readonly IReadOnlyList<WrongWayDriver> _wrongWay;
    private readonly Hiding _hiding;
    private readonly List<Injection> _injections = [];

    public IncidentRun(JunctionSettings settings, IReadOnlyList<WrongWayDriver> wrongWay, int seed)
    {
        _seen = new SimulatedObservations(settings, new ObservationFaults(), seed);
        (_wrongWay, _hiding) = (wrongWay, new Hiding(seed));
        for (var i = 0; i < settings.Breakdowns.Count; i++) _injections.Add(new Injection(settings.Breakdowns[i], i));
    }

    /// <summary>First revision of each incident, in order.</summary>
    public List<(Incident Incident, double Seconds)> Opened { get; } = [];

    public IReadOnlyList<Incident> Told => _told;

    public IReadOnlyList<Injection> Injections => _injections;

    public JunctionTruth Truth => _seen.Junction.Truth;

    /// <summary>When each of the wrong-way drivers had driven so far in view that it could be told, seconds.</summary>
    public static double EvidenceOf(WrongWayDriver driver) => driver.FromSeconds + ((IncidentSettings.Default.WrongWayMetres + 3) / driver.Speed);

    public void Play(double seconds, CancellationToken cancellation)
    {
        var last = -1.0;
        foreach (var observation in _seen.Play(seconds))
        {
            var now = (observation.Time - SimulatedObservations.Start).TotalSeconds;
            if (now - last >= 1)
            {
                cancellation.ThrowIfCancellationRequested();
                foreach (var injection in _injections) Watch(injection, now);
                last = now;
            }

            var camera = Enumerable.Range(0, 4).First(c => MapSite.CameraOf(c) == observation.Camera);
            List<LocalTrack> tracks = [.. _hiding.Shown(camera, observation.Tracks, now), .. _wrongWay.Select(w => w.Seen(camera, now)).OfType<LocalTrack>(), .. Riders(camera)];
            _pipeline.Process(observation with { Tracks = tracks }, _journeys);
            if (_pipeline.TakeScene() is not { } scene) continue;
            _journeys.Clear();
            var before = _told.Count;
            _detector.Watch(scene, _told);
            for (var i = before; i < _told.Count; i++)
            {
                if (_told[i].Revision == 1) Opened.Add((_told[i], now));
            }
        }
    }

    /// <summary>People on bicycles, as their camera has them: no vehicles, but in the way.</summary>
    private IEnumerable<LocalTrack> Riders(int camera)
    {
        foreach (var rider in _seen.Junction.Cyclists)
        {
            var own = JunctionLayout.ToArm(camera, rider.Place.X, rider.Place.Y);
            if (own.Y is < -14 or > 55 || Math.Abs(own.X) > 28) continue;
            var heading = (450 - (rider.HeadingRadians * 180 / Math.PI)) % 360;
            var (vx, vy) = (rider.Speed * Math.Cos(rider.HeadingRadians), rider.Speed * Math.Sin(rider.HeadingRadians));
            yield return new LocalTrack(2_000_000 + rider.Id, new GroundState(rider.Place, 0.5, vx, vy, heading, 1, 1.8), true, VehicleClass.Unclassified, 0, IsRider: true);
        }
    }

    /// <summary>Notes when the broken-down vehicle stood, and when the road before it was free: from then on there is evidence.</summary>
    private void Watch(Injection injection, double now)
    {
        if (_seen.Junction.BrokenDown[injection.Index] is not { } id || injection.LeftAt is not null) return;
        var me = _seen.Junction.Vehicles.FirstOrDefault(v => v.Id == id);
        if (injection.StoodAt is null)
        {
            if (me.Id == id && me.Speed < 0.3 && now >= injection.Breakdown.FromSeconds && IsThere(injection, me)) injection.StoodAt = injection.FreeAt = now;
            return;
        }

        if (me.Id != id || me.Speed > StandsBelow)
        {
            injection.LeftAt = now;
            return;
        }

        var (fx, fy) = (Math.Cos(me.HeadingRadians), Math.Sin(me.HeadingRadians));
        foreach (var other in _seen.Junction.Vehicles)
        {
            var (dx, dy) = (other.Centre.X - me.Centre.X, other.Centre.Y - me.Centre.Y);
            var (along, across) = ((dx * fx) + (dy * fy), (dx * fy) - (dy * fx));
            if (other.Id != id && along > 0 && along - ((me.Length + other.Length) / 2) < GapMetres && Math.Abs(across) < 1.7 && other.Speed < CrawlsBelow) injection.FreeAt = now;
        }
    }

    /// <summary>It may have to stand at the stop line before.</summary>
    private static bool IsThere(Injection injection, in VehicleView me)
    {
        var arm = JunctionLayout.IndexOf(injection.Arm);
        var outwards = JunctionLayout.ToArm(arm, me.Centre.X, me.Centre.Y).Y - JunctionLayout.StopLine;
        return injection.Area switch
        {
            IncidentArea.Approach => Math.Abs(outwards - (me.Length / 2) + injection.Breakdown.Metres) < 3,
            IncidentArea.Exit => Math.Abs(outwards + (me.Length / 2) - (injection.Breakdown.Metres - Injection.Connector(injection.Breakdown.Turn))) < 3,
            _ => outwards < -1.5,
        };
    }
}

/// <summary>A breakdown and what became of it.</summary>
internal sealed class Injection(Breakdown breakdown, int index)
{
    public Breakdown Breakdown { get; } = breakdown;
    public int Index { get; } = index;
    public double? StoodAt { get; set; }
    public double? LeftAt { get; set; }

    /// <summary>Last time at which somebody stood or crawled close before it.</summary>
    public double FreeAt { get; set; }

    public bool HasEvidence => StoodAt is not null && (LeftAt ?? double.MaxValue) - FreeAt >= 30;

    public IncidentArea Area => Breakdown.Metres < 0 ? IncidentArea.Approach : Breakdown.Metres < ConnectorMetres ? IncidentArea.Inside : IncidentArea.Exit;

    public ApproachId Arm => Area == IncidentArea.Exit ? JunctionLayout.Approaches[JunctionLayout.ExitOf(JunctionLayout.IndexOf(Breakdown.Approach), Breakdown.Turn)] : Breakdown.Approach;

    /// <summary>As the simulation has it: straight, or a quarter of a circle.</summary>
    public static double Connector(Turn turn) => turn switch
    {
        Turn.Through => 2 * JunctionLayout.StopLine,
        Turn.Left => (JunctionLayout.StopLine - JunctionLayout.KerbLane) * Math.PI / 2,
        _ => (JunctionLayout.StopLine + JunctionLayout.InnerLane) * Math.PI / 2,
    };

    private double ConnectorMetres => Connector(Breakdown.Turn);
}
