using OpenCvSharp;
using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Vision.Privacy;

namespace TrafficFlow.Vision.Annotation;

/// <summary>Draws a calibration onto a shown picture: a grid of metres on the road, and each ground point with where the plane puts it.</summary>
public static class GroundOverlay
{
    private static readonly Scalar Fine = new(200, 200, 90);
    private static readonly Scalar Coarse = new(255, 230, 60);
    private static readonly Scalar Good = new(90, 255, 90);
    private static readonly Scalar Bad = new(60, 60, 255);
    private static readonly Scalar Shade = new(30, 30, 30);

    private const int CoarseMetres = 5;
    private const double SegmentMetres = 0.5;

    // Closer together they would hide the road.
    private const double FinestPixels = 7;

    // How far beyond the points the grid goes on, as a share of their extent: there the plane is a guess.
    private const double Beyond = 0.35;

    public static void Draw(ShownPicture picture, GroundFit fit)
    {
        var plane = fit.Plane;
        var (east, north) = (fit.Points.Select(p => p.Point.EastMetres).ToList(), fit.Points.Select(p => p.Point.NorthMetres).ToList());
        var margin = Math.Max(5, Beyond * Math.Max(east.Max() - east.Min(), north.Max() - north.Min()));
        var (left, right) = (Floor(east.Min() - margin), Floor(east.Max() + margin) + CoarseMetres);
        var (low, high) = (Floor(north.Min() - margin), Floor(north.Max() + margin) + CoarseMetres);
        for (var x = left; x <= right; x++) Line(picture, plane, x % CoarseMetres == 0, low, high, at => new GroundPoint(x, at), new(1, 0));
        for (var y = low; y <= high; y++) Line(picture, plane, y % CoarseMetres == 0, left, right, at => new GroundPoint(at, y), new(0, 1));
        var scale = Math.Max(0.35, picture.Height / 900.0);
        var isMeasured = !plane.IsErrorEstimated || fit.HeldOutMetres is null;
        for (var i = 0; i < fit.Points.Count; i++) Mark(picture, plane, fit.Points[i], i + 1, scale, isMeasured);
        Write(picture, $"grid {CoarseMetres} m, fine 1 m; error {fit.Plane.ErrorMetres:0.00} m{(plane.IsErrorEstimated ? " (estimated)" : "")}", new Point(8, picture.Height - 10), Coarse, scale);
    }

    /// <summary>Lines every tenth of the picture with their fractions: to read places off.</summary>
    public static void DrawRuler(ShownPicture picture)
    {
        var scale = Math.Max(0.35, picture.Height / 900.0);
        for (var i = 1; i < 10; i++)
        {
            var (x, y) = (picture.Width * i / 10, picture.Height * i / 10);
            Cv2.Line(picture.Pixels, new Point(x, 0), new Point(x, picture.Height), Fine, 1);
            Cv2.Line(picture.Pixels, new Point(0, y), new Point(picture.Width, y), Fine, 1);
            Write(picture, $"0.{i}", new Point(x + 2, 12), Coarse, scale);
            Write(picture, $"0.{i}", new Point(2, y - 3), Coarse, scale);
        }
    }

    private static void Line(ShownPicture picture, GroundPlane plane, bool isCoarse, double from, double to, Func<double, GroundPoint> at, GroundPoint aside)
    {
        PicturePoint? last = null;
        for (var s = from; s <= to; s += SegmentMetres)
        {
            var here = at(s);
            var seen = plane.ToPicture(here);
            var step = isCoarse ? CoarseMetres : 1;
            var beside = plane.ToPicture(new GroundPoint(here.X + (step * aside.X), here.Y + (step * aside.Y)));
            if (seen is { } p && last is { } q && beside is { } b && Apart(q, p, b, picture) >= FinestPixels && Pixel(picture, q) is { } start && Pixel(picture, p) is { } end)
                Cv2.Line(picture.Pixels, start, end, isCoarse ? Coarse : Fine, 1, LineTypes.AntiAlias);
            last = seen;
        }
    }

    /// <summary>Distance in pixels of a point from the line through two others.</summary>
    private static double Apart(PicturePoint from, PicturePoint to, PicturePoint other, ShownPicture picture)
    {
        var (dx, dy) = ((to.X - from.X) * picture.Width, (to.Y - from.Y) * picture.Height);
        var length = Math.Sqrt((dx * dx) + (dy * dy));
        return length < 1e-9 ? 0 : Math.Abs((dx * (other.Y - from.Y) * picture.Height) - (dy * (other.X - from.X) * picture.Width)) / length;
    }

    private static void Mark(ShownPicture picture, GroundPlane plane, FittedPoint point, int number, double scale, bool isMeasured)
    {
        var colour = point.IsOutlier ? Bad : Good;
        var seen = new Point((int)Math.Round(point.Point.Image.X * picture.Width), (int)Math.Round(point.Point.Image.Y * picture.Height));
        if (Pixel(picture, plane.ToPicture(new GroundPoint(point.Point.EastMetres, point.Point.NorthMetres))) is { } fitted)
        {
            Cv2.Line(picture.Pixels, seen, fitted, Bad, 2, LineTypes.AntiAlias);
            Cv2.Circle(picture.Pixels, fitted, 3, Bad, -1, LineTypes.AntiAlias);
        }

        Cv2.DrawMarker(picture.Pixels, seen, Shade, MarkerTypes.Cross, 17, 4);
        Cv2.DrawMarker(picture.Pixels, seen, colour, MarkerTypes.Cross, 15, 2);
        // Of made points there is nothing to tell: a plane of stated error goes through them.
        if (!isMeasured) return;
        Write(picture, $"{number}: {(point.HeldOutMetres ?? point.ResidualMetres):0.00} m", new Point(Math.Min(seen.X + 8, picture.Width - (int)(260 * scale)), Math.Max(seen.Y - 6, 12)), colour, scale);
    }

    private static Point? Pixel(ShownPicture picture, PicturePoint? place) =>
        place is { X: > -1 and < 2, Y: > -1 and < 2 } p ? new Point((int)Math.Round(p.X * picture.Width), (int)Math.Round(p.Y * picture.Height)) : null;

    private static void Write(ShownPicture picture, string text, Point at, Scalar colour, double scale)
    {
        Cv2.PutText(picture.Pixels, text, at, HersheyFonts.HersheySimplex, scale, Shade, 3, LineTypes.AntiAlias);
        Cv2.PutText(picture.Pixels, text, at, HersheyFonts.HersheySimplex, scale, colour, 1, LineTypes.AntiAlias);
    }

    private static double Floor(double metres) => Math.Floor(metres / CoarseMetres) * CoarseMetres;
}
