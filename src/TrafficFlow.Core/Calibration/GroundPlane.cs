using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Calibration;

/// <summary>Where on the ground a place in one camera's picture lies, and the other way round. Immutable.</summary>
public sealed class GroundPlane
{
    /// <param name="toGround">From picture fractions, corrected by the lens, to metres from <paramref name="origin"/>.</param>
    /// <param name="errorMetres">Error on points that the fit did not see, metres.</param>
    /// <param name="version">Names the calibration in every number that rests on it.</param>
    /// <param name="origin">Kept apart, because a northing of millions of metres would eat the digits of the map.</param>
    /// <param name="isErrorEstimated">Whether no point was left to check with, so that the error is what such surveys have.</param>
    /// <param name="lens">Null for a lens that keeps lines straight.</param>
    public GroundPlane(
        Homography toGround, double errorMetres, string version, GroundPoint origin = default, bool isErrorEstimated = false, LensDistortion? lens = null)
    {
        (GroundMap, Picture) = (toGround, toGround.Inverse());
        (ErrorMetres, Version, Origin, IsErrorEstimated, Lens) = (errorMetres, version, origin, isErrorEstimated, lens);
    }

    public double ErrorMetres { get; }

    public bool IsErrorEstimated { get; }

    public string Version { get; }

    public GroundPoint Origin { get; }

    public LensDistortion? Lens { get; }

    /// <summary>From corrected fractions to metres from <see cref="Origin"/>.</summary>
    internal Homography GroundMap { get; }

    /// <summary>From metres from <see cref="Origin"/> to corrected picture fractions: the inverse of <see cref="GroundMap"/>.</summary>
    internal Homography Picture { get; }

    /// <summary>Null at and above the horizon: there is no ground.</summary>
    public GroundPoint? ToGround(PicturePoint picture)
    {
        var corrected = Lens?.Correct(picture) ?? picture;
        return GroundMap.Map(corrected.X, corrected.Y) is { } p ? new GroundPoint(p.X + Origin.X, p.Y + Origin.Y) : null;
    }

    /// <summary>In fractions, also outside the picture; null for ground behind the camera.</summary>
    public PicturePoint? ToPicture(GroundPoint ground)
    {
        if (Picture.Map(ground.X - Origin.X, ground.Y - Origin.Y) is not { } p) return null;
        var corrected = new PicturePoint(p.X, p.Y);
        return Lens is null ? corrected : Lens.Distort(corrected);
    }
}
