using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Calibration;

/// <summary>
/// Radial distortion about the middle of the picture (Brown's correction): a point seen at radius r belongs at r (1 + k1 r^2 + k2 r^4), where
/// r is 1 in the picture's corners. Barrel distortion, as wide lenses have it, is positive.
/// </summary>
/// <param name="Aspect">Width of the picture divided by its height; pixels are square.</param>
public sealed record LensDistortion(double K1, double K2, double Aspect)
{
    public const double MinK1 = -0.3;
    public const double MaxK1 = 1;
    public const double MaxK2 = 0.5;

    /// <summary>Whether the correction keeps the order of radii over the whole picture, so that it can be undone.</summary>
    public bool IsInvertible => Enumerable.Range(0, 21).All(i => Slope(i / 20.0) > 0.05);

    /// <summary>Where the point would be seen without the distortion.</summary>
    public PicturePoint Correct(PicturePoint seen)
    {
        var (x, y, square) = Centre(seen);
        return Uncentre(x, y, 1 + (square * (K1 + (K2 * square))));
    }

    /// <summary>Where a point is seen that would be at <paramref name="corrected"/> without distortion; null far outside the picture, where the model ends.</summary>
    public PicturePoint? Distort(PicturePoint corrected)
    {
        var (x, y, square) = Centre(corrected);
        var wanted = Math.Sqrt(square);
        if (wanted < 1e-12) return corrected;
        var radius = wanted;
        for (var round = 0; round < 50; round++)
        {
            var slope = Slope(radius);
            if (slope <= 0.01) radius *= 0.7;
            else
            {
                var step = ((radius * (1 + (radius * radius * (K1 + (K2 * radius * radius))))) - wanted) / slope;
                radius = Math.Max(0, radius - step);
                if (Math.Abs(step) < 1e-12) return Uncentre(x, y, radius / wanted);
            }
        }

        return null;
    }

    private double Slope(double radius) => 1 + (3 * K1 * radius * radius) + (5 * K2 * radius * radius * radius * radius);

    // Half the diagonal is one: with the width as w, (w / 2)^2 (1 + 1 / aspect^2) = 1.
    private double Unit => 2 / Math.Sqrt(1 + (1 / (Aspect * Aspect)));

    private (double X, double Y, double Square) Centre(PicturePoint p)
    {
        var (x, y) = ((p.X - 0.5) * Unit, (p.Y - 0.5) * Unit / Aspect);
        return (x, y, (x * x) + (y * y));
    }

    private PicturePoint Uncentre(double x, double y, double factor) => new(0.5 + (x * factor / Unit), 0.5 + (y * factor * Aspect / Unit));
}
