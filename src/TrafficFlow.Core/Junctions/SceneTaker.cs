using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Junctions;

/// <summary>Makes a <see cref="JunctionScene"/> once a second. Pure.</summary>
internal sealed class SceneTaker
{
    // A second, but for the rounding of times.
    private const double EverySeconds = 0.99;

    private readonly Dictionary<CameraId, (double FrameAt, double? TrackAt, bool IsDegraded)> _cameras = [];
    private double? _last;

    /// <param name="now">Seconds since the origin.</param>
    public void Watch(CameraObservation observation, double now)
    {
        double? trackAt = observation.Tracks.Count > 0 ? now : _cameras.TryGetValue(observation.Camera, out var before) ? before.TrackAt : null;
        _cameras[observation.Camera] = (now, trackAt, observation.IsDegraded);
    }

    /// <summary>Null where none is due.</summary>
    /// <param name="now">Seconds since the origin.</param>
    public JunctionScene? Take(double now, DateTimeOffset origin, IEnumerable<FusedVehicle> vehicles)
    {
        if (_last is { } last && now - last < EverySeconds) return null;
        _last = now;
        return new JunctionScene(
            GateCounter.At(origin, now),
            [.. vehicles.Select(v => Of(v, origin)).OfType<SceneVehicle>()],
            [
                .. _cameras.OrderBy(c => c.Key.Value, StringComparer.Ordinal).Select(c => new SceneCamera(
                    c.Key, GateCounter.At(origin, c.Value.FrameAt), c.Value.TrackAt is { } trackAt ? GateCounter.At(origin, trackAt) : null, c.Value.IsDegraded)),
            ]);
    }

    private static SceneVehicle? Of(FusedVehicle vehicle, DateTimeOffset origin)
    {
        // What stands has no direction of its own: its trackers remember one.
        var heading = vehicle.CameraTracks.Find(t => t.Latest.State.HeadingDegrees is not null)?.Latest.State.HeadingDegrees;
        (double X, double Y)? facing = heading is { } degrees ? Math.SinCos(degrees * Math.PI / 180) : vehicle.Facing;
        if (facing is not var (x, y)) return null;
        return new SceneVehicle(
            vehicle.Number, vehicle.Place, vehicle.VelocityX, vehicle.VelocityY, x, y, vehicle.LengthMetres, vehicle.Class.Class, GateCounter.At(origin, vehicle.SeenAt),
            [.. vehicle.CameraTracks.Select(t => t.Track.Camera).Distinct()])
        {
            IsRider = !vehicle.IsVehicle,
        };
    }
}
