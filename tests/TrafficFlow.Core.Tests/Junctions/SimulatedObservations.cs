using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Tracking.Ground;
using TrafficFlow.Simulation;
using TrafficFlow.Simulation.Vehicles;

namespace TrafficFlow.Core.Tests.Junctions;

/// <summary>How badly four cameras see the simulated junction.</summary>
internal sealed record ObservationFaults
{
    /// <summary>Deviation of each observation, metres.</summary>
    public double Noise { get; init; } = 0.25;

    /// <summary>How far a camera sees a vehicle's middle off its place, in the camera's own direction, metres.</summary>
    public double Bias { get; init; } = 0.8;

    /// <summary>How often a track breaks and begins anew with another number, per second.</summary>
    public double BreaksPerSecond { get; init; } = 0.02;

    /// <summary>How long nobody of the camera sees it after a break, seconds.</summary>
    public double BlindSeconds { get; init; } = 0.6;

    /// <summary>How far beside its place the east camera sees every lorry and bus, because only a part of it shows, metres.</summary>
    public double LongOffMetres { get; init; }

    /// <summary>Cameras that see nothing at all.</summary>
    public IReadOnlyList<int> Dark { get; init; } = [];
}

/// <summary>
/// Tracks of the vehicles of the simulated junction, as the trackers of four cameras would give them: each camera sees its own arm and
/// the middle, with an error, a bias and broken tracks of its own.
/// </summary>
internal sealed class SimulatedObservations(JunctionSettings settings, ObservationFaults faults, int seed = 7)
{
    public static readonly DateTimeOffset Start = new(2026, 11, 25, 7, 0, 0, TimeSpan.FromHours(9));

    private readonly Random _random = new(seed);
    private readonly Dictionary<(int Camera, long Vehicle), (long Number, double BlindUntil)> _tracks = [];
    private readonly long[] _next = [1, 1, 1, 1];

    public JunctionSimulation Junction { get; } = new(settings);

    /// <summary>Ten pictures a second of all four cameras, in order.</summary>
    public IEnumerable<CameraObservation> Play(double seconds)
    {
        for (var frame = 0; frame < seconds * 10; frame++)
        {
            var time = frame / 10.0;
            Junction.AdvanceTo(TimeSpan.FromSeconds(time));
            for (var camera = 0; camera < 4; camera++)
                yield return new CameraObservation(MapSite.CameraOf(camera), Start.AddSeconds(time), faults.Dark.Contains(camera) ? [] : See(camera, time));
        }
    }

    private List<LocalTrack> See(int camera, double time)
    {
        var tracks = new List<LocalTrack>();
        foreach (var vehicle in Junction.Vehicles)
        {
            var place = JunctionLayout.ToArm(camera, vehicle.Centre.X, vehicle.Centre.Y);
            var key = (camera, vehicle.Id);
            if (place.Y is < -14 or > 55 || Math.Abs(place.X) > 28)
            {
                _tracks.Remove(key);
                continue;
            }

            if (!_tracks.TryGetValue(key, out var track)) _tracks[key] = track = (_next[camera]++, time + (_random.NextDouble() * 0.5));
            if (time < track.BlindUntil) continue;
            if (_random.NextDouble() < faults.BreaksPerSecond / 10)
            {
                _tracks[key] = (_next[camera]++, time + faults.BlindSeconds);
                continue;
            }

            tracks.Add(new LocalTrack(track.Number, StateOf(camera, vehicle), true, vehicle.Class, 0.9));
        }

        return tracks;
    }

    private GroundState StateOf(int camera, in VehicleView vehicle)
    {
        var bias = JunctionLayout.ToGround(camera, 0, -faults.Bias);
        var (vx, vy) = (vehicle.Speed * Math.Cos(vehicle.HeadingRadians), vehicle.Speed * Math.Sin(vehicle.HeadingRadians));
        var off = camera == 1 && vehicle.Length > 6 ? faults.LongOffMetres : 0;
        var (sin, cos) = Math.SinCos(vehicle.HeadingRadians);
        var heading = (450 - (vehicle.HeadingRadians * 180 / Math.PI)) % 360;
        return new GroundState(
            new GroundPoint(vehicle.Centre.X + bias.X + (-off * sin) + Gauss(faults.Noise), vehicle.Centre.Y + bias.Y + (off * cos) + Gauss(faults.Noise)),
            0.5, vx + Gauss(0.3), vy + Gauss(0.3), heading, 1, vehicle.Length);
    }

    private double Gauss(double deviation) =>
        deviation * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
