using System.Collections.Immutable;
using TrafficFlow.Analysis.Records;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;
using TrafficFlow.Simulation.Vehicles;

namespace TrafficFlow.Core.Tests.Analysis.Causes;

/// <summary>
/// How badly cameras see. As the junction benchmark measured it on painted pictures (4 minutes of its scenes day and queue): recall 0.969 and 0.955, precision 0.969 and 0.988, broken 8.4
/// and 5.3 %, speeds 1.6 and 2.2 km/h, stops right 84 and 91 %, delays 0.5 and 0.4 s, standing 0.7 and 0.5 s. Breaks, sizes, times and places are assumed.
/// </summary>
internal sealed record SightErrors
{
    /// <summary>Part of the journeys that are missing.</summary>
    public double Missed { get; init; } = 0.04;

    /// <summary>Part that is told twice.</summary>
    public double Doubled { get; init; } = 0.02;

    /// <summary>Part of which one end is unknown.</summary>
    public double Broken { get; init; } = 0.07;

    /// <summary>Tracks that begin anew while the vehicle waits, per minute of waiting: what came before is lost.</summary>
    public double BreaksPerMinute { get; init; } = 0.04;

    /// <summary>Large ones that are told as small ones, and the other way round; motion alone tells no classes.</summary>
    public double WrongSize { get; init; } = 0.03;

    /// <summary>Part whose number of stops is one too many or too few.</summary>
    public double WrongStops { get; init; } = 0.12;

    /// <summary>Standard deviations: of crossings and of delays, of speeds, of places.</summary>
    public double TimeSeconds { get; init; } = 0.2;
    public double DelaySeconds { get; init; } = 0.6;
    public double SpeedKmh { get; init; } = 1.9;
    public double Metres { get; init; } = 0.35;
}

/// <summary>
/// What four cameras tell of a simulated junction: journeys made of the true ways with errors. Neither the trackers nor JunctionPipeline run here; whether they
/// would be quick enough for some hundreds of hours was not measured.
/// </summary>
internal sealed class SeenJunction
{
    public static readonly DateTimeOffset Start = new(2026, 6, 1, 7, 0, 0, TimeSpan.FromHours(9));

    private const double FreeMetresPerSecond = 40 / 3.6;
    private const double SampleSeconds = 0.5;

    /// <summary>How far beyond the exit line a vehicle is followed.</summary>
    private const double SeenAfter = 30;

    private readonly TroubledJunction _junction;
    private readonly SightErrors _errors;
    private readonly Random _random;
    private readonly double[] _seen;
    private readonly Dictionary<long, SeenWay> _ways = [];
    private readonly List<Journey> _journeys = [];
    private readonly QueueSeries[] _queues = [.. Enumerable.Range(0, 4).Select(_ => new QueueSeries())];
    private long _number = 1;

    private SeenJunction(TroubledJunction junction, SightErrors errors)
    {
        (_junction, _errors) = (junction, errors);
        _random = new Random(unchecked((junction.Settings.Seed * 7919) + 17));
        _seen = [.. Enumerable.Range(0, 4).Select(_ => 50 + (40 * _random.NextDouble()))];
    }

    public static JunctionRecord Of(TroubledJunction junction, SightErrors? errors = null) => new SeenJunction(junction, errors ?? new SightErrors()).Watch();

    private JunctionRecord Watch()
    {
        var simulation = new JunctionSimulation(_junction.Settings);
        var samples = 0;
        for (var t = 0.0; t < _junction.Seconds; t += SampleSeconds, samples++)
        {
            simulation.AdvanceTo(TimeSpan.FromSeconds(t));
            foreach (var vehicle in simulation.Vehicles) Follow(vehicle, t);
            if (samples % 2 == 0) MeasureQueues(t);
            foreach (var way in _ways.Values.Where(w => w.LastSeconds < t - 1).ToList()) End(way);
        }

        var faults = new CameraFaults(_junction, _random);
        ImmutableArray<Journey> journeys = [.. faults.Spoil(_journeys).OrderBy(j => j.LastSeenAt)];
        var span = new Interval(Start, At(_junction.Seconds));
        return new JunctionRecord(
            new SiteId("simulated"), "Simulated junction", TimeZoneInfo.CreateCustomTimeZone("Asia/Tokyo", TimeSpan.FromHours(9), "Asia/Tokyo", "Asia/Tokyo"), span,
            [.. JunctionLayout.Approaches.Select((a, arm) => new ApproachRecord(a, a.Value, faults.Watched(arm, span), faults.Queues(arm, _queues[arm].Readings(a)), _seen[arm]) { HeadingDegrees = (180 + (90 * arm)) % 360 })],
            [.. JunctionLayout.Approaches.Select((a, arm) => new CameraRecord(new CameraId($"camera-{a.Value}"), faults.Watched(arm, span), faults.Degraded(arm), [a]))],
            journeys)
        {
            Controller = new SimulatedSignals(_junction.Settings, Start),
        };
    }

    internal static DateTimeOffset At(double seconds) => Start.AddSeconds(seconds);

    private void Follow(in VehicleView vehicle, double t)
    {
        var arm = Math.Abs(vehicle.Centre.X) > Math.Abs(vehicle.Centre.Y) ? (vehicle.Centre.X > 0 ? 1 : 3) : (vehicle.Centre.Y > 0 ? 0 : 2);
        var place = JunctionLayout.ToArm(arm, vehicle.Centre.X, vehicle.Centre.Y);
        var isArriving = place.X > 0;
        var fromLine = place.Y - JunctionLayout.StopLine;
        if (isArriving ? fromLine > _seen[arm] : fromLine > SeenAfter) return;
        if (!_ways.TryGetValue(vehicle.Id, out var way))
        {
            // What was on the junction before anybody watched is no journey.
            if (!isArriving || fromLine < _seen[arm] - 15) return;
            _ways[vehicle.Id] = way = new SeenWay(vehicle.Id, arm, vehicle.Class, vehicle.Length, t);
        }

        var wasStanding = way.IsStanding;
        way.Move(t, vehicle.Centre, vehicle.Speed);
        if (way.IsStanding && wasStanding && !way.HasEntered && _random.NextDouble() < _errors.BreaksPerMinute * SampleSeconds / 60) way.BeginAnew(t);
    }

    private void MeasureQueues(double t)
    {
        for (var arm = 0; arm < 4; arm++)
        {
            var (back, vehicles) = (0.0, 0);
            foreach (var way in _ways.Values)
            {
                if (way.Arm != arm || way.HasEntered || !way.IsStanding) continue;
                vehicles++;
                back = Math.Max(back, way.ToLine + (way.Length / 2));
            }

            _queues[arm].Add(t, back > 0 ? Math.Max(1, back + Normal(0.6)) : 0, vehicles);
        }
    }

    private void End(SeenWay way)
    {
        _ways.Remove(way.Id);
        if (way.EnteredSeconds is not { } entered || way.LeftSeconds is not { } left || _random.NextDouble() < _errors.Missed) return;
        var journey = Tell(way, entered, left);
        if (_random.NextDouble() < _errors.Broken) journey = _random.Next(2) == 0 ? journey with { Exit = null, LeftAt = null, LeaveSpeedKmh = null } : journey with { Approach = null, EnteredAt = null, EnterSpeedKmh = null, LateralMetres = null, QueuedAt = null, QueuedMetres = null };
        _journeys.Add(journey);
        if (_random.NextDouble() < _errors.Doubled) _journeys.Add(journey with { Number = _number++, EnteredAt = journey.EnteredAt?.AddSeconds(_random.NextDouble()), Cameras = 1 });
    }

    private Journey Tell(SeenWay way, double entered, double left)
    {
        var vehicleClass = way.Class;
        if (_random.NextDouble() < _errors.WrongSize) vehicleClass = vehicleClass.Size() == VehicleSize.Large ? VehicleClass.LightGoods : VehicleClass.HeavyGoods;
        var metres = way.Metres;
        // TrafficFlow's pipeline does not tell lane and queue yet: from the truth, with the error of a place on the ground.
        return new Journey(
            _number++, JunctionLayout.Approaches[way.Arm], JunctionLayout.Approaches[way.ExitArm], At(entered + Normal(_errors.TimeSeconds)), At(left + Normal(_errors.TimeSeconds)), vehicleClass, 0.9)
        {
            FirstSeenAt = At(way.FirstSeconds),
            LastSeenAt = At(way.LastSeconds),
            EnterSpeedKmh = Math.Max(0, (way.EnterSpeed * 3.6) + Normal(_errors.SpeedKmh)),
            LeaveSpeedKmh = Math.Max(0, (way.LeaveSpeed * 3.6) + Normal(_errors.SpeedKmh)),
            SpeedErrorKmh = _errors.SpeedKmh,
            DistanceMetres = metres,
            Stops = Math.Max(0, way.Stops + (_random.NextDouble() < _errors.WrongStops ? (_random.Next(2) * 2) - 1 : 0)),
            StoppedSeconds = Math.Max(0, way.StoppedSeconds + (way.StoppedSeconds > 0 ? Normal(_errors.DelaySeconds) : 0)),
            DelaySeconds = Math.Max(0, left - way.FirstSeconds - (metres / FreeMetresPerSecond) + Normal(_errors.DelaySeconds)),
            LateralMetres = (JunctionLayout.MedianWidth / 2) + JunctionLayout.LaneWidth - way.EnteredAside + Normal(_errors.Metres),
            QueuedAt = way.QueuedSeconds is { } queued ? At(queued) : null,
            QueuedMetres = way.QueuedSeconds is null ? null : Math.Max(0, way.QueuedMetres + Normal(_errors.Metres * 2)),
            Cameras = 2,
        };
    }

    private double Normal(double deviation) => deviation * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    /// <summary>The back of the queue of one arm, minute by minute.</summary>
    private sealed class QueueSeries
    {
        private readonly List<(int Minute, QueueSums Sums)> _minutes = [];

        public void Add(double t, double back, int vehicles)
        {
            var minute = (int)(t / 60);
            var sums = new QueueSums(1, back, back, vehicles, vehicles);
            if (_minutes.Count > 0 && _minutes[^1].Minute == minute) _minutes[^1] = (minute, _minutes[^1].Sums + sums);
            else _minutes.Add((minute, sums));
        }

        public IEnumerable<QueueReading> Readings(ApproachId approach) => _minutes.Select(m => new QueueReading(approach, At(m.Minute * 60), m.Sums));
    }
}
