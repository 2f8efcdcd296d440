using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Tracking.Ground;
using TrafficFlow.Simulation;

namespace TrafficFlow.Benchmarks.Incidents;

/// <summary>A vehicle that comes in by the lanes of an exit and goes straight on, out by the lanes of the opposite approach. The simulation knows nothing of it.</summary>
/// <param name="Speed">Metres per second.</param>
internal sealed record WrongWayDriver(int Number, int Arm, double Lane, double FromSeconds, double Speed, int Seed)
{
    private const double SeenFrom = 55;

    private readonly Random _random = new(Seed);

    public LocalTrack? Seen(int camera, double now)
    {
        var b = SeenFrom - ((now - FromSeconds) * Speed);
        if (now < FromSeconds || b < -SeenFrom) return null;
        var place = JunctionLayout.ToGround(Arm, -Lane, b);
        // As the cameras of the simulated junction see: their own arm and the middle.
        var own = JunctionLayout.ToArm(camera, place.X, place.Y);
        if (own.Y is < -14 or > SeenFrom || Math.Abs(own.X) > 28) return null;
        var (zero, ahead) = (JunctionLayout.ToGround(Arm, 0, 0), JunctionLayout.ToGround(Arm, 0, -1));
        var (dx, dy) = (ahead.X - zero.X, ahead.Y - zero.Y);
        var heading = ((Math.Atan2(dx, dy) * 180 / Math.PI) + 360) % 360;
        return new LocalTrack(
            1_000_000 + Number,
            new GroundState(new GroundPoint(place.X + Noise(0.3), place.Y + Noise(0.3)), 0.5, (dx * Speed) + Noise(0.3), (dy * Speed) + Noise(0.3), heading, 1, 4.4),
            true, VehicleClass.PassengerCar, 0.9);
    }

    private double Noise(double deviation) => deviation * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}

/// <summary>What stands before a vehicle hides it from a camera now and then, for some seconds.</summary>
internal sealed class Hiding(int seed)
{
    private const double PerSecond = 0.004;

    private readonly Random _random = new(unchecked(seed * 31) + 5);
    private readonly Dictionary<(int Camera, long Track), double> _until = [];

    public IEnumerable<LocalTrack> Shown(int camera, IReadOnlyList<LocalTrack> tracks, double now)
    {
        foreach (var track in tracks)
        {
            if (_until.TryGetValue((camera, track.Number), out var until) && now < until) continue;
            if (_random.NextDouble() < PerSecond / 10)
            {
                _until[(camera, track.Number)] = now + 3 + (12 * _random.NextDouble());
                continue;
            }

            yield return track;
        }
    }
}
