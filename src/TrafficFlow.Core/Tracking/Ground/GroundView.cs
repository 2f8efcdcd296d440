using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Tracking.Ground;

/// <summary>
/// How one camera sees things that stand up from the ground: its <see cref="CameraPose"/> in pixels of the frame, corrected by the lens,
/// with slopes, and cheap enough for every corner of every vehicle. Metres are counted from <see cref="Origin"/>. Immutable.
/// </summary>
internal sealed class GroundView
{
    // Nearer than this nothing fits into a picture, metres.
    private const double LeastDepth = 0.5;

    private readonly GroundPlane _plane;
    private readonly Column _x;
    private readonly Column _y;
    private readonly Column _up;
    private readonly Column _origin;

    /// <param name="relativeError">Of any length on the ground: what the calibration adds to the error of a speed.</param>
    public GroundView(GroundPlane plane, FrameFormat frame, double relativeError)
    {
        _plane = plane;
        (Width, Height, RelativeError) = (frame.Width, frame.Height, relativeError);
        // A view from straight above does not tell its focal length; an ordinary lens is as good as any there.
        var aspect = (double)frame.Width / frame.Height;
        var pose = CameraPose.From(plane, aspect) ?? CameraPose.From(plane, aspect, focalShare: 1);
        var m = plane.Picture;
        // The scale at which the weight of a point is its depth in metres.
        var scale = pose is null ? 1 : Math.Sqrt((m.G * m.G) + (m.H * m.H) + (pose.Up.W * pose.Up.W));
        (_x, _y, _origin) = (In(m.A, m.D, m.G), In(m.B, m.E, m.H), In(m.C, m.F, m.I));
        _up = pose is null ? default : In(pose.Up.X, pose.Up.Y, pose.Up.W);
        Camera = pose is null ? new GroundPoint(0, 0) : new GroundPoint(pose.Position.X - Origin.X, pose.Position.Y - Origin.Y);

        Column In(double u, double v, double w) => new(frame.Width * u / scale, frame.Height * v / scale, w / scale);
    }

    public int Width { get; }

    public int Height { get; }

    public GroundPoint Origin => _plane.Origin;

    /// <summary>Below the camera, from the origin.</summary>
    public GroundPoint Camera { get; }

    /// <summary>Of a place, metres.</summary>
    public double PlaneError => _plane.ErrorMetres;

    public double RelativeError { get; }

    /// <summary>Where a point is seen, pixels, and how that changes with each metre; false for what is not in front of the camera.</summary>
    public bool TryProject(double x, double y, double up, out Seen seen)
    {
        var weight = (_x.W * x) + (_y.W * y) + (_up.W * up) + _origin.W;
        if (weight < LeastDepth)
        {
            seen = default;
            return false;
        }

        var u = ((_x.U * x) + (_y.U * y) + (_up.U * up) + _origin.U) / weight;
        var v = ((_x.V * x) + (_y.V * y) + (_up.V * up) + _origin.V) / weight;
        seen = new Seen(
            u, v,
            (_x.U - (u * _x.W)) / weight, (_y.U - (u * _y.W)) / weight, (_up.U - (u * _up.W)) / weight,
            (_x.V - (v * _x.W)) / weight, (_y.V - (v * _y.W)) / weight, (_up.V - (v * _up.W)) / weight);
        return true;
    }

    /// <summary>The ground at a place in the picture, pixels; null at and above the horizon.</summary>
    public (double X, double Y)? GroundAt(double u, double v) => _plane.GroundMap.Map(u / Width, v / Height);

    /// <summary>Direction in which the camera looks at a place, radians from east towards north.</summary>
    public double BearingTo(double x, double y) => Math.Atan2(y - Camera.Y, x - Camera.X);

    /// <summary>The box that the same thing would have without the lens's distortion, by the middles of its sides.</summary>
    public Box Correct(in Box box)
    {
        if (_plane.Lens is null) return box;
        return Box.FromCorners(
            At(box.X, box.CenterY).X, At(box.CenterX, box.Y).Y, At(box.Right, box.CenterY).X, At(box.CenterX, box.Bottom).Y);
    }

    private (float X, float Y) At(float x, float y)
    {
        var p = _plane.Lens!.Correct(new PicturePoint(x / Width, y / Height));
        return ((float)p.X * Width, (float)p.Y * Height);
    }

    /// <summary>A point in the picture, and its change with x, y and height.</summary>
    public readonly record struct Seen(double U, double V, double Ux, double Uy, double Uz, double Vx, double Vy, double Vz);

    private readonly record struct Column(double U, double V, double W);
}
