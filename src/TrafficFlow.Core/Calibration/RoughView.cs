using MathNet.Numerics.LinearAlgebra;
using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Calibration;

/// <summary>
/// A camera over a flat road by four numbers. It hangs over the origin and looks along y; picture coordinates are centred, in units of the
/// picture's width, y down.
/// </summary>
internal readonly record struct RoughView(double Focal, double Tilt, double Roll, double Height, double Aspect)
{
    /// <summary>Logarithm of the focal length, tilt and roll in radians, logarithm of the height.</summary>
    public static RoughView Of(Vector<double> x, double aspect) => new(Math.Exp(x[0]), x[1], x[2], Math.Exp(x[3]), aspect);

    /// <summary>Null at and above the horizon.</summary>
    public GroundPoint? ToGround(PicturePoint p)
    {
        var (x, y) = Turn(p.X - 0.5, (p.Y - 0.5) / Aspect, -Roll);
        var down = Math.Sin(Tilt) + (y / Focal * Math.Cos(Tilt));
        if (down < 1e-4) return null;
        return new GroundPoint(Height / down * x / Focal, Height / down * (Math.Cos(Tilt) - (y / Focal * Math.Sin(Tilt))));
    }

    /// <summary>Null behind the camera.</summary>
    public PicturePoint? ToPicture(double x, double y, double up)
    {
        var depth = (y * Math.Cos(Tilt)) + ((Height - up) * Math.Sin(Tilt));
        if (depth < 0.1) return null;
        var (u, v) = Turn(Focal * x / depth, Focal * (((Height - up) * Math.Cos(Tilt)) - (y * Math.Sin(Tilt))) / depth, Roll);
        return new PicturePoint(u + 0.5, (v * Aspect) + 0.5);
    }

    /// <summary>Width and height in fractions of the box that a vehicle of these sizes would have at the place of the seen one; null where there is none.</summary>
    public (double Width, double Height)? BoxOf(SeenVehicle seen)
    {
        if (ToGround(seen.Foot) is not { } foot) return null;
        if (ToGround(new PicturePoint(seen.Foot.X + seen.MovedX, seen.Foot.Y + seen.MovedY)) is not { } next) return null;
        var moved = foot.DistanceTo(next);
        if (moved < 1e-6) return null;
        var (ax, ay) = ((next.X - foot.X) / moved, (next.Y - foot.Y) / moved);
        var (cx, cy) = (foot.X, foot.Y + (seen.Sizes.Length / 2));
        // The middle of the vehicle for which the box stands where the seen one stands.
        for (var round = 0; round < 4; round++)
        {
            if (Bounds(cx, cy, ax, ay, seen.Sizes) is not { } b) return null;
            if (ToGround(new PicturePoint((b.Left + b.Right) / 2, b.Bottom)) is not { } at) return null;
            if (round == 3) return (b.Right - b.Left, b.Bottom - b.Top);
            (cx, cy) = (cx + foot.X - at.X, cy + foot.Y - at.Y);
        }

        return null;
    }

    private (double Left, double Top, double Right, double Bottom)? Bounds(double cx, double cy, double ax, double ay, VehicleSizes sizes)
    {
        var (left, top, right, bottom) = (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        for (var corner = 0; corner < 8; corner++)
        {
            var along = (corner & 1) == 0 ? sizes.Length / 2 : -sizes.Length / 2;
            var across = (corner & 2) == 0 ? sizes.Width / 2 : -sizes.Width / 2;
            // Roofs are shorter and narrower than the floor.
            var (share, up) = (corner & 4) == 0 ? (1.0, 0.0) : (0.75, sizes.Height);
            if (ToPicture(cx + (share * ((along * ax) - (across * ay))), cy + (share * ((along * ay) + (across * ax))), up) is not { } p) return null;
            (left, right) = (Math.Min(left, p.X), Math.Max(right, p.X));
            (top, bottom) = (Math.Min(top, p.Y), Math.Max(bottom, p.Y));
        }

        return (left, top, right, bottom);
    }

    private static (double X, double Y) Turn(double x, double y, double angle) =>
        ((x * Math.Cos(angle)) - (y * Math.Sin(angle)), (x * Math.Sin(angle)) + (y * Math.Cos(angle)));
}
