using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Calibration;

/// <summary>Where on the ground a place in one camera's picture lies, and the other way round. Immutable.</summary>
public sealed class GroundPlane
{
    private readonly Homography _toGround;
    private readonly Homography _toPicture;

    /// <param name="toGround">From picture fractions to metres from <paramref name="origin"/>.</param>
    /// <param name="errorMetres">Error on points that the fit did not see, metres.</param>
    /// <param name="version">Names the calibration in every number that rests on it.</param>
    /// <param name="origin">Kept apart, because a northing of millions of metres would eat the digits of the map.</param>
    /// <param name="isErrorEstimated">Whether no point was left to check with, so that the error is what such surveys have.</param>
    public GroundPlane(Homography toGround, double errorMetres, string version, GroundPoint origin = default, bool isErrorEstimated = false)
    {
        _toGround = toGround;
        _toPicture = toGround.Inverse();
        (ErrorMetres, Version, Origin, IsErrorEstimated) = (errorMetres, version, origin, isErrorEstimated);
    }

    public double ErrorMetres { get; }

    public bool IsErrorEstimated { get; }

    public string Version { get; }

    public GroundPoint Origin { get; }

    /// <summary>From metres from <see cref="Origin"/> to picture fractions.</summary>
    internal Homography Picture => _toPicture;

    /// <summary>Null at and above the horizon: there is no ground.</summary>
    public GroundPoint? ToGround(PicturePoint picture) =>
        _toGround.Map(picture.X, picture.Y) is { } p ? new GroundPoint(p.X + Origin.X, p.Y + Origin.Y) : null;

    /// <summary>In fractions, also outside the picture; null for ground behind the camera.</summary>
    public PicturePoint? ToPicture(GroundPoint ground) =>
        _toPicture.Map(ground.X - Origin.X, ground.Y - Origin.Y) is { } p ? new PicturePoint(p.X, p.Y) : null;
}
