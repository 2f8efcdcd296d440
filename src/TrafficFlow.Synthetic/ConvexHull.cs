using OpenCvSharp;

namespace TrafficFlow.Synthetic;

/// <summary>Convex hull of a handful of points, in place (monotone chain): no native call and no allocation.</summary>
internal static class ConvexHull
{
    /// <summary>Leaves the hull's corners, in order, at the start of <paramref name="points"/> and says how many they are.</summary>
    public static int Of(Span<Point2f> points)
    {
        points.Sort((p, q) => p.X != q.X ? p.X.CompareTo(q.X) : p.Y.CompareTo(q.Y));
        Span<Point2f> hull = stackalloc Point2f[(2 * points.Length) + 1];
        var count = 0;
        for (var i = 0; i < points.Length; i++) Push(hull, ref count, 0, points[i]);
        var lower = count - 1;
        for (var i = points.Length - 2; i >= 0; i--) Push(hull, ref count, lower, points[i]);
        count = Math.Max(1, count - 1);
        hull[..count].CopyTo(points);
        return count;
    }

    private static void Push(Span<Point2f> hull, ref int count, int from, Point2f point)
    {
        while (count >= from + 2 && Turn(hull[count - 2], hull[count - 1], point) <= 0) count--;
        hull[count++] = point;
    }

    private static float Turn(Point2f o, Point2f a, Point2f b) => ((a.X - o.X) * (b.Y - o.Y)) - ((a.Y - o.Y) * (b.X - o.X));
}
