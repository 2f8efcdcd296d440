using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Privacy;

/// <summary>
/// How large one thing can be at each place of a picture, by the camera's pose: at a place it is seen largest when it is as high above the road, and so as near to the camera, as it
/// ever is, and turned so that its length lies across the view. The pose's own error makes it nearer still.
/// </summary>
internal sealed class HeightField(CameraSetup camera, CameraPose pose, double errorMetres, IdentifyingThing thing)
{
    /// <summary>Metres over which the picture's slopes are measured.</summary>
    private const double Step = 0.01;

    /// <summary>Nearer to the camera than this nothing is bounded any more.</summary>
    internal const double Nearest = 0.5;

    /// <summary>It can be as high as the camera hangs.</summary>
    public bool IsUnbounded => thing.Highest > pose.HeightMetres - Nearest - errorMetres;

    /// <returns>Null where the place shows nothing below the thing's highest height: sky.</returns>
    public (double Pixels, double Distance)? At(PicturePoint place)
    {
        if (pose.ToGround(place, thing.Highest) is not { } below) return null;
        var (east, north) = (below.X - pose.Position.X, below.Y - pose.Position.Y);
        var up = thing.Highest - pose.HeightMetres;
        var distance = Math.Sqrt((east * east) + (north * north) + (up * up));
        // Half of it may be nearer than its middle, and the camera than the calibration has it.
        var nearest = distance - (thing.Size / 2) - errorMetres;
        if (nearest < Nearest) return (double.PositiveInfinity, distance);
        if (Slope(below) is not { } pixelsPerMetre) return (double.PositiveInfinity, distance);
        return (pixelsPerMetre * thing.Size * distance / nearest, distance);
    }

    /// <summary>Pixels by which the picture of a point moves when the point moves by a metre, in the direction in which that is most.</summary>
    private double? Slope(GroundPoint at)
    {
        if (Along(1, 0, 0) is not { } x || Along(0, 1, 0) is not { } y || Along(0, 0, 1) is not { } z) return null;
        // The larger singular value of the 2 x 3 matrix of slopes.
        var (a, b, c) = ((x.U * x.U) + (y.U * y.U) + (z.U * z.U), (x.U * x.V) + (y.U * y.V) + (z.U * z.V), (x.V * x.V) + (y.V * y.V) + (z.V * z.V));
        return Math.Sqrt(((a + c) / 2) + Math.Sqrt(((a - c) * (a - c) / 4) + (b * b)));

        (double U, double V)? Along(double east, double north, double up)
        {
            var to = pose.ToPicture(new GroundPoint(at.X + (Step * east), at.Y + (Step * north)), thing.Highest + (Step * up));
            var from = pose.ToPicture(new GroundPoint(at.X - (Step * east), at.Y - (Step * north)), thing.Highest - (Step * up));
            return to is { } p && from is { } q ? ((p.X - q.X) * camera.Frame.Width / (2 * Step), (p.Y - q.Y) * camera.Frame.Height / (2 * Step)) : null;
        }
    }
}
