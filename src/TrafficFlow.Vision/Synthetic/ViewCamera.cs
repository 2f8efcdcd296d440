using System.Numerics;
using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Vision.Synthetic;

/// <summary>A camera without distortion. Ground metres: x east, y north, z up.</summary>
/// <param name="FocalShare">Focal length as a share of the picture's width.</param>
/// <param name="Aspect">Width divided by height.</param>
public sealed record ViewCamera(Vector3 Position, Vector3 LookAt, float FocalShare, float Aspect)
{
    public Vector3 Forward { get; } = Vector3.Normalize(LookAt - Position);

    public Vector3 Right => Vector3.Normalize(Vector3.Cross(Forward, Vector3.UnitZ));

    /// <summary>Downwards in the picture.</summary>
    public Vector3 Down => Vector3.Cross(Forward, Right);

    /// <summary>Where a point is seen, in fractions of the picture; meaningless for points behind the camera.</summary>
    public PicturePoint Project(Vector3 point)
    {
        var d = point - Position;
        var depth = Vector3.Dot(d, Forward);
        return new PicturePoint(
            0.5 + (FocalShare * Vector3.Dot(d, Right) / depth), 0.5 + (FocalShare * Aspect * Vector3.Dot(d, Down) / depth));
    }

    public float DepthOf(Vector3 point) => Vector3.Dot(point - Position, Forward);

    /// <summary>Not normalized: its share along <see cref="Forward"/> is 1, so a distance along it is a depth.</summary>
    public Vector3 RayThrough(float x, float y) =>
        Forward + (Right * ((x - 0.5f) / FocalShare)) + (Down * ((y - 0.5f) / (FocalShare * Aspect)));
}
