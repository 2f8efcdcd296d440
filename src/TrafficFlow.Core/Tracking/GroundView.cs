using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Tracking;

/// <summary>
/// How one camera sees things that stand up from the ground: the ground plane's map, continued upwards by the pose that it implies for
/// square pixels and a principal point in the middle of the picture (Zhang's plane calibration with one unknown, the focal length).
/// Metres here are counted from <see cref="Origin"/>, so that large map coordinates cost no digits. Immutable.
/// </summary>
internal sealed class GroundView
{
    private readonly GroundPlane _plane;
    private readonly Axis _x;
    private readonly Axis _y;
    private readonly Axis _up;
    private readonly Axis _origin;

    /// <param name="relativeError">Of any length on the ground: what the calibration adds to the error of a speed.</param>
    /// <exception cref="ArgumentException">The lower half of the picture shows no ground.</exception>
    public GroundView(GroundPlane plane, FrameFormat frame, double relativeError)
    {
        _plane = plane;
        (Width, Height, PlaneError, RelativeError) = (frame.Width, frame.Height, plane.ErrorMetres, relativeError);
        Origin = plane.ToGround(new PicturePoint(0.5, 0.75)) ?? plane.ToGround(new PicturePoint(0.5, 1))
            ?? throw new ArgumentException("the calibration shows no ground in the lower half of the picture: check its ground points", nameof(plane));
        var h = plane.Picture;
        // In pixels from the middle of the picture, metres from the origin.
        var east = new Axis(frame.Width * (h.A - (h.G / 2)), frame.Height * (h.D - (h.G / 2)), h.G);
        var north = new Axis(frame.Width * (h.B - (h.H / 2)), frame.Height * (h.E - (h.H / 2)), h.H);
        var rest = new Axis(frame.Width * (h.C - (h.I / 2)), frame.Height * (h.F - (h.I / 2)), h.I);
        rest = rest + (east * (Origin.X - plane.Origin.X)) + (north * (Origin.Y - plane.Origin.Y));
        Focal = FocalOf(east, north, frame.Width);
        var (x, y, t) = (east.Unfocused(Focal), north.Unfocused(Focal), rest.Unfocused(Focal));
        var scale = 1 / Math.Sqrt(x.Length * y.Length);
        (x, y, t) = (x * scale, y * scale, t * scale);
        var up = x.Cross(y);
        // Up is where the camera hangs, even where east and north were mixed up.
        if (up.Dot(t) > 0) up *= -1;
        CameraHeight = -up.Dot(t);
        Camera = new GroundPoint(-x.Dot(t), -y.Dot(t));
        (_x, _y, _up, _origin) = (x.Focused(Focal, frame), y.Focused(Focal, frame), up.Focused(Focal, frame), t.Focused(Focal, frame));
    }

    public int Width { get; }

    public int Height { get; }

    public GroundPoint Origin { get; }

    /// <summary>Below the camera, from the origin.</summary>
    public GroundPoint Camera { get; }

    public double CameraHeight { get; }

    /// <summary>Pixels.</summary>
    public double Focal { get; }

    /// <summary>Of a place, metres.</summary>
    public double PlaneError { get; }

    public double RelativeError { get; }

    /// <summary>Where a point is seen, pixels, and how that changes with each metre; false for what is not in front of the camera.</summary>
    public bool TryProject(double x, double y, double up, out Seen seen)
    {
        var weight = (_x.Z * x) + (_y.Z * y) + (_up.Z * up) + _origin.Z;
        if (weight < 0.5)
        {
            seen = default;
            return false;
        }

        var u = ((_x.X * x) + (_y.X * y) + (_up.X * up) + _origin.X) / weight;
        var v = ((_x.Y * x) + (_y.Y * y) + (_up.Y * up) + _origin.Y) / weight;
        seen = new Seen(
            u, v,
            (_x.X - (u * _x.Z)) / weight, (_y.X - (u * _y.Z)) / weight, (_up.X - (u * _up.Z)) / weight,
            (_x.Y - (v * _x.Z)) / weight, (_y.Y - (v * _y.Z)) / weight, (_up.Y - (v * _up.Z)) / weight);
        return true;
    }

    /// <summary>The ground at a place in the picture, pixels; null at and above the horizon.</summary>
    public (double X, double Y)? GroundAt(double u, double v) =>
        _plane.ToGround(new PicturePoint(u / Width, v / Height)) is { } p ? (p.X - Origin.X, p.Y - Origin.Y) : null;

    /// <summary>Direction in which the camera looks at a place, radians from east towards north.</summary>
    public double BearingTo(double x, double y) => Math.Atan2(y - Camera.Y, x - Camera.X);

    // The axes are at right angles and equally long: two equations for the focal length, taken together by least squares.
    private static double FocalOf(in Axis east, in Axis north, int width)
    {
        var (a, b) = ((east.X * north.X) + (east.Y * north.Y), (east.X * east.X) + (east.Y * east.Y) - (north.X * north.X) - (north.Y * north.Y));
        var (c, d) = (-east.Z * north.Z, (north.Z * north.Z) - (east.Z * east.Z));
        var inverse = ((a * c) + (b * d)) / ((a * a) + (b * b));
        var focal = inverse > 0 ? Math.Sqrt(1 / inverse) : double.NaN;
        // A view from straight above does not tell: an ordinary lens is as good as any there.
        return focal > 0.2 * width && focal < 20 * width ? focal : width;
    }

    /// <summary>A point in the picture, and its change with x, y and height.</summary>
    public readonly record struct Seen(double U, double V, double Ux, double Uy, double Uz, double Vx, double Vy, double Vz);

    private readonly record struct Axis(double X, double Y, double Z)
    {
        public double Length => Math.Sqrt(Dot(this));

        public static Axis operator +(in Axis a, in Axis b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

        public static Axis operator *(in Axis a, double s) => new(a.X * s, a.Y * s, a.Z * s);

        public double Dot(in Axis o) => (X * o.X) + (Y * o.Y) + (Z * o.Z);

        public Axis Cross(in Axis o) => new((Y * o.Z) - (Z * o.Y), (Z * o.X) - (X * o.Z), (X * o.Y) - (Y * o.X));

        public Axis Unfocused(double focal) => new(X / focal, Y / focal, Z);

        public Axis Focused(double focal, FrameFormat frame) => new((focal * X) + (frame.Width / 2.0 * Z), (focal * Y) + (frame.Height / 2.0 * Z), Z);
    }
}
