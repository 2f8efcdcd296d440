using TrafficFlow.Core.Proposal;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Tests.Proposal;

/// <summary>Hand-made ways of vehicles over a picture of 640x360.</summary>
internal static class Ways
{
    public static readonly FrameFormat Frame = new(640, 360, 10);

    private const double StepPixels = 8;

    /// <summary>A way through corners in pixels, at a size and pace that do not change.</summary>
    public static MotionPath Through(long number, double size, double pixelsPerSecond, params (double X, double Y)[] corners)
    {
        var points = new List<PathPoint>();
        var time = 0.0;
        for (var c = 1; c < corners.Length; c++)
        {
            var (from, to) = (corners[c - 1], corners[c]);
            var length = Math.Sqrt(((to.X - from.X) * (to.X - from.X)) + ((to.Y - from.Y) * (to.Y - from.Y)));
            var steps = Math.Max(1, (int)(length / StepPixels));
            for (var i = c == 1 ? 0 : 1; i <= steps; i++)
            {
                var share = (double)i / steps;
                points.Add(new PathPoint(time + (share * length / pixelsPerSecond), from.X + (share * (to.X - from.X)), from.Y + (share * (to.Y - from.Y)), size, size));
            }

            time += length / pixelsPerSecond;
        }

        return new MotionPath(number, points, ProposalSettings.Default.DirectionReach);
    }

    /// <summary>Several vehicles on the same way, each a little beside the other.</summary>
    public static IEnumerable<MotionPath> Several(int vehicles, long first, double size, params (double X, double Y)[] corners) =>
        Enumerable.Range(0, vehicles).Select(i => Through(first + i, size, 80, [.. corners.Select(c => (c.X + (3.0 * i), c.Y + (2.0 * i)))]));

    /// <summary>Whether a path passes a proposed gate forward, as the counter would see it.</summary>
    public static bool Passes(this Gate gate, MotionPath path)
    {
        var line = new Core.Counting.GateLine(gate, Frame.Width, Frame.Height);
        return Enumerable.Range(1, path.Points.Count - 1).Any(i =>
        {
            var (a, b) = (path.Points[i - 1], path.Points[i]);
            var along = line.Along((a.X + b.X) / 2, (a.Y + b.Y) / 2);
            return line.Side(a.X, a.Y) < 0 && line.Side(b.X, b.Y) >= 0 && along >= 0 && along <= line.Length;
        });
    }
}
