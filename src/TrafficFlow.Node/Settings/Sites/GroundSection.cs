using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings.HoconParsing;

namespace TrafficFlow.Node.Settings.Sites;

/// <summary>Reads the surveyed points of one camera, from which the ground plane is computed.</summary>
internal static class GroundSection
{
    private const int MaxPoints = 40;

    // UTM northings reach ten million metres.
    private const double FarthestMetres = 1e8;

    // Height of a triangle over its longest side below which three points count as one line.
    private const double FlatTriangle = 1e-3;

    public static IReadOnlyList<GroundReference> Read(SettingsReader camera)
    {
        var items = camera.OptionalList("ground");
        if (items.Count == 0) return [];
        if (items.Count is < 4 or > MaxPoints)
        {
            camera.Problem("ground", $"has {items.Count} points", $"survey 4 to {MaxPoints} points, or remove it: then there are no metres and no km/h", new SiteFault(SiteFaultKind.GroundCount, $"{items.Count}", "4", $"{MaxPoints}"));
            return [];
        }

        var points = items.Select((item, i) => ReadPoint(camera, item, $"ground[{i}]")).ToList();
        if (points.Any(p => p is null)) return [];
        // The same point written again is no second measurement: it would vouch for itself where the error is estimated.
        var ground = points.Select(p => p!).Distinct().ToList();
        if (!SpansPlane(ground))
        {
            camera.Problem("ground", "lies on a line, or has the same point twice, so that it gives no plane",
                "survey four points of which no three are in line, in the picture and on the ground", new SiteFault(SiteFaultKind.GroundOnLine));
            return [];
        }

        return ground;
    }

    private static GroundReference? ReadPoint(SettingsReader camera, ConfValue item, string key)
    {
        if (camera.ItemSection(item, key) is not { } reader) return null;
        var image = PicturePolygons.ReadPoint(reader, reader.Find("image"), "image");
        (double East, double North)? metres = null;
        if (reader.Find("metres") is ConfList { Items.Count: 2 } pair)
        {
            var east = reader.Number(pair.Items[0], "metres[0]", -FarthestMetres, FarthestMetres, "metres east");
            var north = reader.Number(pair.Items[1], "metres[1]", -FarthestMetres, FarthestMetres, "metres north");
            if (east is { } e && north is { } n) metres = (e, n);
        }
        else
        {
            reader.Problem("metres", reader.Has("metres") ? "is not a pair of numbers" : "is missing", "write [east, north] in metres");
        }

        reader.RefuseUnknown();
        return image is { } point && metres is { } m ? new GroundReference(point, m.East, m.North) : null;
    }

    /// <summary>Four points of which no three are in line, in the picture as on the ground, are what a plane needs.</summary>
    private static bool SpansPlane(List<GroundReference> points)
    {
        for (var a = 0; a < points.Count; a++)
        {
            for (var b = a + 1; b < points.Count; b++)
            {
                for (var c = b + 1; c < points.Count; c++)
                {
                    if (!IsTriangle(points[a], points[b], points[c])) continue;
                    for (var d = c + 1; d < points.Count; d++)
                    {
                        if (IsTriangle(points[a], points[b], points[d]) && IsTriangle(points[a], points[c], points[d])
                            && IsTriangle(points[b], points[c], points[d])) return true;
                    }
                }
            }
        }

        return false;
    }

    private static bool IsTriangle(GroundReference a, GroundReference b, GroundReference c) =>
        IsTriangle((a.Image.X, a.Image.Y), (b.Image.X, b.Image.Y), (c.Image.X, c.Image.Y))
        && IsTriangle((a.EastMetres, a.NorthMetres), (b.EastMetres, b.NorthMetres), (c.EastMetres, c.NorthMetres));

    private static double Square((double X, double Y) v) => (v.X * v.X) + (v.Y * v.Y);

    private static bool IsTriangle((double X, double Y) a, (double X, double Y) b, (double X, double Y) c)
    {
        var (ab, ac, bc) = ((X: b.X - a.X, Y: b.Y - a.Y), (X: c.X - a.X, Y: c.Y - a.Y), (X: c.X - b.X, Y: c.Y - b.Y));
        var longest = Math.Max(Math.Max(Square(ab), Square(ac)), Square(bc));
        return Math.Abs((ab.X * ac.Y) - (ab.Y * ac.X)) > FlatTriangle * longest;
    }
}
