using System.Numerics;
using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Calibration;

/// <summary>
/// Where the camera of a ground plane hangs and what it looks like through its lens, so that things that stand on the ground can be projected.
/// Follows from the plane alone, for square pixels and a principal point in the middle of the picture. Immutable.
/// </summary>
public sealed class CameraPose
{
    /// <summary>
    /// Sine of the angle between the view and the plumb line below which the focal length and the height of the camera change places: from
    /// straight above, a long lens high up sees what a short lens low down sees.
    /// </summary>
    private const double LeastTilt = 0.2;

    private readonly GroundPlane _plane;
    private readonly (double X, double Y, double W) _up;

    private CameraPose(GroundPlane plane, double focalShare, GroundPoint position, double height, Vector3 direction, (double X, double Y, double W) up)
    {
        _plane = plane;
        _up = up;
        (FocalShare, Position, HeightMetres, Direction) = (focalShare, position, height, direction);
    }

    /// <summary>What a metre upwards adds to <see cref="GroundPlane.Picture"/>'s last column.</summary>
    internal (double X, double Y, double W) Up => _up;

    /// <summary>Focal length as a share of the picture's width.</summary>
    public double FocalShare { get; }

    public double FieldOfViewDegrees => 2 * Math.Atan(0.5 / FocalShare) * 180 / Math.PI;

    /// <summary>The point on the ground under the camera.</summary>
    public GroundPoint Position { get; }

    /// <summary>Of the camera above the ground.</summary>
    public double HeightMetres { get; }

    /// <summary>Unit vector of the view: x east, y north, z up.</summary>
    public Vector3 Direction { get; }

    /// <summary>Of the view below the horizon: 90 looks straight down.</summary>
    public double TiltDegrees => Math.Asin(Math.Clamp(-Direction.Z, -1, 1)) * 180 / Math.PI;

    /// <param name="aspect">Width of the picture divided by its height.</param>
    /// <param name="focalShare">The focal length as a share of the picture's width, where it is known; else it is computed.</param>
    /// <returns>
    /// Null where the focal length cannot be told from the plane: the camera looks almost straight down, or no camera with square pixels and
    /// a centred lens sees such a plane (a cropped picture, or points that are far off).
    /// </returns>
    public static CameraPose? From(GroundPlane plane, double aspect, double? focalShare = null)
    {
        // Ground metres to centred picture coordinates in units of the picture's width: H = s K [r1 r2 t], K = diag(f, f, 1).
        var h = new Homography(1, 0, -0.5, 0, 1 / aspect, -0.5 / aspect, 0, 0, 1).After(plane.Picture);
        if ((focalShare ?? Focal(h)) is not { } f) return null;
        var (first, second) = (new Column(h.A / f, h.D / f, h.G), new Column(h.B / f, h.E / f, h.H));
        var scale = Math.Sqrt((first.Square + second.Square) / 2);
        var (r1, r2) = Orthonormal(first, second);
        var r3 = r1.Cross(r2);
        var sine = Math.Sqrt((r1.Z * r1.Z) + (r2.Z * r2.Z));
        if (focalShare is null && sine < LeastTilt) return null;
        // With the map as it is, not its nearest rotation: the place from which the four points are seen as they are.
        var t = new Column(h.C / f, h.F / f, h.I).Times(1 / scale);
        var height = -r3.Dot(t);
        if (!(height > 0)) return null;
        var position = new GroundPoint(plane.Origin.X - r1.Dot(t), plane.Origin.Y - r2.Dot(t));
        // A metre upwards moves the picture along the third column. Back to fractions, so that at height zero it is the plane itself.
        var (ux, uy, uw) = (scale * f * r3.X, scale * f * r3.Y, scale * r3.Z);
        return new CameraPose(
            plane, f, position, height, new Vector3((float)r1.Z, (float)r2.Z, (float)r3.Z), (ux + (0.5 * uw), (uy * aspect) + (0.5 * uw), uw));
    }

    /// <summary>Where a point above the ground is seen, in fractions, also outside the picture; null behind the camera.</summary>
    public PicturePoint? ToPicture(GroundPoint ground, double heightMetres) => Project(Lift(heightMetres), ground);

    /// <summary>The inverse of <see cref="ToPicture"/> for things at a known height; null at and above their horizon.</summary>
    public GroundPoint? ToGround(PicturePoint picture, double heightMetres)
    {
        var corrected = _plane.Lens?.Correct(picture) ?? picture;
        if (heightMetres >= HeightMetres) return null;
        return Lift(heightMetres).Inverse().Map(corrected.X, corrected.Y) is { } p ? new GroundPoint(p.X + _plane.Origin.X, p.Y + _plane.Origin.Y) : null;
    }

    private Homography Lift(double height)
    {
        var m = _plane.Picture;
        return m with { C = m.C + (height * _up.X), F = m.F + (height * _up.Y), I = m.I + (height * _up.W) };
    }

    private PicturePoint? Project(Homography map, GroundPoint ground)
    {
        if (map.Map(ground.X - _plane.Origin.X, ground.Y - _plane.Origin.Y) is not { } p) return null;
        var corrected = new PicturePoint(p.X, p.Y);
        return _plane.Lens is { } lens ? lens.Distort(corrected) : corrected;
    }

    /// <summary>
    /// The two axes of the ground are at right angles and equally long: with q = 1 / f^2, two real equations, here one complex one
    /// q A + B = 0, whose least-squares solution does not depend on how the axes lie.
    /// </summary>
    private static double? Focal(Homography h)
    {
        var a = new Complex((h.A * h.A) + (h.D * h.D) - (h.B * h.B) - (h.E * h.E), 2 * ((h.A * h.B) + (h.D * h.E)));
        var b = new Complex((h.G * h.G) - (h.H * h.H), 2 * h.G * h.H);
        var along = -(a * Complex.Conjugate(b)).Real;
        if (!(along > 0)) return null;
        var focal = Math.Sqrt(along) / b.Magnitude;
        return double.IsFinite(focal) ? focal : null;
    }

    /// <summary>The nearest pair of unit vectors at right angles.</summary>
    private static (Column, Column) Orthonormal(Column a, Column b)
    {
        var (ua, ub) = (a.Times(1 / Math.Sqrt(a.Square)), b.Times(1 / Math.Sqrt(b.Square)));
        var (sum, difference) = (ua.Plus(ub), ua.Plus(ub.Times(-1)));
        var (c, d) = (sum.Times(Math.Sqrt(0.5 / sum.Square)), difference.Times(Math.Sqrt(0.5 / difference.Square)));
        return (c.Plus(d), c.Plus(d.Times(-1)));
    }

    private readonly record struct Column(double X, double Y, double Z)
    {
        public double Square => Dot(this);

        public double Dot(Column other) => (X * other.X) + (Y * other.Y) + (Z * other.Z);

        public Column Cross(Column other) => new((Y * other.Z) - (Z * other.Y), (Z * other.X) - (X * other.Z), (X * other.Y) - (Y * other.X));

        public Column Times(double factor) => new(X * factor, Y * factor, Z * factor);

        public Column Plus(Column other) => new(X + other.X, Y + other.Y, Z + other.Z);
    }
}
