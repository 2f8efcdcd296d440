namespace TrafficFlow.Core.Geometry;

/// <summary>A place on the ground in metres: x east, y north of any origin that all cameras of a site share.</summary>
public readonly record struct GroundPoint(double X, double Y)
{
    public double DistanceTo(GroundPoint other) => Math.Sqrt(((X - other.X) * (X - other.X)) + ((Y - other.Y) * (Y - other.Y)));
}
