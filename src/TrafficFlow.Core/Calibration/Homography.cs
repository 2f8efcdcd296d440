namespace TrafficFlow.Core.Calibration;

/// <summary>A projective map of a plane to a plane, row by row, of any scale but with the sign that makes mapped points' weight positive.</summary>
public sealed record Homography(double A, double B, double C, double D, double E, double F, double G, double H, double I)
{
    /// <summary>Null where the point has no image: on the horizon or beyond it.</summary>
    public (double X, double Y)? Map(double x, double y)
    {
        var weight = (G * x) + (H * y) + I;
        if (weight <= 1e-12) return null;
        return (((A * x) + (B * y) + C) / weight, ((D * x) + (E * y) + F) / weight);
    }

    /// <exception cref="InvalidOperationException">The map is singular: it folds the plane to a line.</exception>
    public Homography Inverse()
    {
        var (a, b, c) = ((E * I) - (F * H), (C * H) - (B * I), (B * F) - (C * E));
        var (d, e, f) = ((F * G) - (D * I), (A * I) - (C * G), (C * D) - (A * F));
        var (g, h, i) = ((D * H) - (E * G), (B * G) - (A * H), (A * E) - (B * D));
        var determinant = (A * a) + (B * d) + (C * g);
        if (determinant == 0 || !double.IsFinite(determinant)) throw new InvalidOperationException("the map is singular and has no inverse");
        // Points in front stay in front: dividing by the determinant keeps the sign of the weight.
        return new Homography(a / determinant, b / determinant, c / determinant, d / determinant, e / determinant, f / determinant,
            g / determinant, h / determinant, i / determinant);
    }
}
