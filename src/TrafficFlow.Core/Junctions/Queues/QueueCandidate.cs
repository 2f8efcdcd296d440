using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Tracking;

namespace TrafficFlow.Core.Junctions.Queues;

/// <summary>A vehicle on the ground plane that may be part of a queue.</summary>
/// <param name="Number">The same from sample to sample.</param>
/// <param name="Place">Its middle, metres.</param>
/// <param name="FacingX">Unit vector of where its front points, to the east.</param>
/// <param name="FacingY">The same, to the north.</param>
/// <param name="LengthMetres">Zero where it is not known.</param>
internal readonly record struct QueueCandidate(long Number, GroundPoint Place, double FacingX, double FacingY, double SpeedKmh, double LengthMetres)
{
    /// <summary>Null where it is not known which way the vehicle faces: it has not moved yet.</summary>
    public static QueueCandidate? Of(FusedVehicle vehicle)
    {
        if (!vehicle.IsVehicle) return null;
        // What stands has no direction of its own: its trackers remember one.
        var heading = vehicle.CameraTracks.Find(t => t.Latest.State.HeadingDegrees is not null)?.Latest.State.HeadingDegrees;
        var facing = heading is { } degrees ? Direction(degrees) : vehicle.Facing;
        return facing is var (x, y) ? new QueueCandidate(vehicle.Number, vehicle.Place, x, y, vehicle.Speed * 3.6, vehicle.LengthMetres) : null;
    }

    /// <summary>As above.</summary>
    public static QueueCandidate? Of(in TrackView track)
    {
        if (track.Ground is not { HeadingDegrees: { } heading } ground) return null;
        var (x, y) = Direction(heading);
        return new QueueCandidate(track.Number, ground.Centre, x, y, ground.SpeedKmh, ground.LengthMetres ?? 0);
    }

    private static (double X, double Y) Direction(double headingDegrees) => Math.SinCos(headingDegrees * Math.PI / 180);
}
