namespace TrafficFlow.Core.Calibration;

/// <summary>A ground plane with what the points say about it.</summary>
/// <param name="HeldOutMetres">
/// Root mean square over the points in use of the error at a point that the fit did not see; null where each point is needed for the fit,
/// as with four: then the plane's error is an estimate.
/// </param>
public sealed record GroundFit(GroundPlane Plane, IReadOnlyList<FittedPoint> Points, double? HeldOutMetres)
{
    public IEnumerable<FittedPoint> Outliers => Points.Where(p => p.IsOutlier);
}

/// <summary>One surveyed point and how well it agrees with the others.</summary>
/// <param name="ResidualMetres">Between the surveyed point and where its picture lands.</param>
/// <param name="HeldOutMetres">The same by a fit of the other points; null where they are too few, or the point is not in use.</param>
/// <param name="IsOutlier">Left out of the fit, because it contradicts the others by more than a survey's noise.</param>
public sealed record FittedPoint(GroundReference Point, double ResidualMetres, double? HeldOutMetres, bool IsOutlier);
