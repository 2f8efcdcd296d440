using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Privacy;

/// <summary>A simple polygon around places of a picture, to be copied into a site file.</summary>
internal static class MaskProposal
{
    private const int Directions = 16;

    /// <summary>The file has three decimals: the polygon reaches so far beyond the places that rounding uncovers none.</summary>
    private const double Margin = 0.002;

    /// <returns>Null where there are none.</returns>
    public static Polygon? Around(IReadOnlyCollection<PicturePoint> places, double aspect)
    {
        if (places.Count == 0) return null;
        List<(double X, double Y)> polygon = [(0, 0), (1, 0), (1, 1), (0, 1)];
        for (var i = 0; i < Directions; i++)
        {
            var (sine, cosine) = Math.SinCos(2 * Math.PI * i / Directions);
            var (nx, ny) = (cosine, sine / aspect);
            var furthest = places.Max(p => (p.X * nx) + (p.Y * ny)) + Margin;
            polygon = Clip(polygon, nx, ny, furthest);
        }

        // Rounded points may fall together.
        var rounded = polygon.Select(p => new PicturePoint(Math.Round(p.X, 3), Math.Round(p.Y, 3))).ToList();
        var distinct = rounded.Where((p, i) => p != rounded[(i + 1) % rounded.Count]).ToList();
        return distinct.Count >= 3 ? new Polygon(distinct) : null;
    }

    /// <summary>The part of a convex polygon in which x nx + y ny is at most <paramref name="most"/>.</summary>
    private static List<(double X, double Y)> Clip(List<(double X, double Y)> polygon, double nx, double ny, double most)
    {
        var clipped = new List<(double X, double Y)>();
        for (var i = 0; i < polygon.Count; i++)
        {
            var (a, b) = (polygon[i], polygon[(i + 1) % polygon.Count]);
            var (da, db) = ((a.X * nx) + (a.Y * ny) - most, (b.X * nx) + (b.Y * ny) - most);
            if (da <= 0) clipped.Add(a);
            if (da < 0 && db > 0 || da > 0 && db < 0) clipped.Add((a.X + ((b.X - a.X) * da / (da - db)), a.Y + ((b.Y - a.Y) * da / (da - db))));
        }

        return clipped;
    }
}
