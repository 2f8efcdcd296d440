using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings.HoconParsing;

namespace TrafficFlow.Node.Settings.Sites;

/// <summary>Points and polygons in fractions of the picture.</summary>
internal static class PicturePolygons
{
    /// <summary>Null, and a problem, where the value is no point inside the picture.</summary>
    public static PicturePoint? ReadPoint(SettingsReader reader, ConfValue? value, string key)
    {
        const string Remedy = "write [x, y] as fractions of the picture, 0..1, x to the right and y down";
        if (value is null)
        {
            reader.Problem(key, "is missing", Remedy);
            return null;
        }

        if (value is not ConfList { Items.Count: 2 } pair)
        {
            reader.Problem(value, key, "is not a point", Remedy);
            return null;
        }

        var x = reader.Number(pair.Items[0], $"{key}[0]", 0, 1, "fraction of the picture's width");
        var y = reader.Number(pair.Items[1], $"{key}[1]", 0, 1, "fraction of the picture's height");
        return x is { } px && y is { } py ? new PicturePoint(px, py) : null;
    }

    public static IReadOnlyList<Polygon> Read(SettingsReader reader, string key)
    {
        var polygons = new List<Polygon>();
        foreach (var (item, i) in reader.OptionalList(key).Select((item, i) => (item, i)))
        {
            if (ReadPolygon(reader, item, $"{key}[{i}]") is { } polygon) polygons.Add(polygon);
        }

        return polygons;
    }

    private static Polygon? ReadPolygon(SettingsReader reader, ConfValue value, string key)
    {
        const string Remedy = "write at least three points: [ [x,y], [x,y], [x,y] ]";
        if (value is not ConfList list)
        {
            reader.Problem(value, key, "is not a polygon", Remedy);
            return null;
        }

        if (list.Items.Count < 3)
        {
            reader.Problem(value, key, $"has {list.Items.Count} points", Remedy, new SiteFault(SiteFaultKind.FewCorners, $"{list.Items.Count}"));
            return null;
        }

        var points = list.Items.Select((item, i) => ReadPoint(reader, item, $"{key}[{i}]")).ToList();
        if (points.Any(p => p is null)) return null;
        var polygon = new Polygon([.. points.Select(p => p!.Value)]);
        if (Math.Abs(Area(polygon.Points)) < 1e-6)
        {
            reader.Problem(value, key, "has no area", "draw it around what is to be blackened", new SiteFault(SiteFaultKind.NoArea));
        }
        else if (CrossesItself(polygon.Points))
        {
            reader.Problem(value, key, "crosses itself, so that a part of it would stay visible", "put its points in order around it", new SiteFault(SiteFaultKind.CrossesItself));
        }

        return polygon;
    }

    private static double Area(IReadOnlyList<PicturePoint> points) =>
        points.Select((p, i) => Cross(p, points[(i + 1) % points.Count])).Sum() / 2;

    private static bool CrossesItself(IReadOnlyList<PicturePoint> p)
    {
        for (var i = 0; i < p.Count; i++)
        {
            for (var j = i + 2; j < p.Count; j++)
            {
                if (i == 0 && j == p.Count - 1) continue;
                if (Cross(p[i], p[i + 1], p[j], p[(j + 1) % p.Count])) return true;
            }
        }

        return false;
    }

    private static bool Cross(PicturePoint a, PicturePoint b, PicturePoint c, PicturePoint d) =>
        Side(a, b, c) * Side(a, b, d) < 0 && Side(c, d, a) * Side(c, d, b) < 0;

    private static double Side(PicturePoint a, PicturePoint b, PicturePoint p) => ((b.X - a.X) * (p.Y - a.Y)) - ((b.Y - a.Y) * (p.X - a.X));

    private static double Cross(PicturePoint a, PicturePoint b) => (a.X * b.Y) - (a.Y * b.X);
}
