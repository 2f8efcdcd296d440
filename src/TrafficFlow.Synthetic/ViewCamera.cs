using System.Numerics;
using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Synthetic;

/// <summary>A camera over the simulated ground. Metres: x east, y north, z up.</summary>
/// <param name="FocalShare">Focal length as a share of the picture's width.</param>
/// <param name="Aspect">Width divided by height.</param>
public sealed record ViewCamera(Vector3 Position, Vector3 LookAt, float FocalShare, float Aspect)
{
    public Vector3 Forward { get; } = Vector3.Normalize(LookAt - Position);

    /// <summary>Turned about the view, clockwise, radians: a horizon then rises to the right.</summary>
    public float Roll { get; init; }

    /// <summary>Null for a lens that keeps lines straight.</summary>
    public LensDistortion? Lens { get; init; }

    public Vector3 Right => (Level * MathF.Cos(Roll)) + (Plumb * MathF.Sin(Roll));

    /// <summary>Downwards in the picture.</summary>
    public Vector3 Down => (Plumb * MathF.Cos(Roll)) - (Level * MathF.Sin(Roll));

    private Vector3 Level => Vector3.Normalize(Vector3.Cross(Forward, Vector3.UnitZ));

    private Vector3 Plumb => Vector3.Cross(Forward, Level);

    /// <summary>Where a point is seen, in fractions of the picture; meaningless for points behind the camera.</summary>
    public PicturePoint Project(Vector3 point)
    {
        var d = point - Position;
        var depth = Vector3.Dot(d, Forward);
        return Bend(new PicturePoint(
            0.5 + (FocalShare * Vector3.Dot(d, Right) / depth), 0.5 + (FocalShare * Aspect * Vector3.Dot(d, Down) / depth)));
    }

    /// <summary>What the lens makes of a place that a straight one would show at <paramref name="straight"/>: x and y in samples of a picture of that size; z stays.</summary>
    internal Vector3 Bend(Vector3 straight, float wide, float high)
    {
        var bent = Bend(new PicturePoint(straight.X / wide, straight.Y / high));
        return new Vector3((float)bent.X * wide, (float)bent.Y * high, straight.Z);
    }

    private PicturePoint Bend(PicturePoint straight) => Lens?.Distort(straight) ?? straight;

    public float DepthOf(Vector3 point) => Vector3.Dot(point - Position, Forward);

    /// <summary>Not normalized: its share along <see cref="Forward"/> is 1, so a distance along it is a depth.</summary>
    public Vector3 RayThrough(float x, float y)
    {
        if (Lens is not null)
        {
            var straight = Lens.Correct(new PicturePoint(x, y));
            (x, y) = ((float)straight.X, (float)straight.Y);
        }

        return Forward + (Right * ((x - 0.5f) / FocalShare)) + (Down * ((y - 0.5f) / (FocalShare * Aspect)));
    }
}
