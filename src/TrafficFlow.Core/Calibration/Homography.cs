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

    public double Determinant => (A * ((E * I) - (F * H))) - (B * ((D * I) - (F * G))) + (C * ((D * H) - (E * G)));

    /// <summary>The map that applies <paramref name="first"/> and then this one.</summary>
    public Homography After(Homography first) => new(
        (A * first.A) + (B * first.D) + (C * first.G), (A * first.B) + (B * first.E) + (C * first.H), (A * first.C) + (B * first.F) + (C * first.I),
        (D * first.A) + (E * first.D) + (F * first.G), (D * first.B) + (E * first.E) + (F * first.H), (D * first.C) + (E * first.F) + (F * first.I),
        (G * first.A) + (H * first.D) + (I * first.G), (G * first.B) + (H * first.E) + (I * first.H), (G * first.C) + (H * first.F) + (I * first.I));

    /// <summary>How far the image (u, v) of a point moves when the point (x, y) moves by one: du/dx, du/dy, dv/dx, dv/dy.</summary>
    public (double Ux, double Uy, double Vx, double Vy) Slopes(double x, double y)
    {
        var weight = (G * x) + (H * y) + I;
        var (u, v) = (((A * x) + (B * y) + C) / weight, ((D * x) + (E * y) + F) / weight);
        return ((A - (u * G)) / weight, (B - (u * H)) / weight, (D - (v * G)) / weight, (E - (v * H)) / weight);
    }
}
