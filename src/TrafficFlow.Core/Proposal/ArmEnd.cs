using System.Globalization;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Proposal;

internal enum PictureEdge
{
    Left,
    Right,
    Top,
    Bottom,
}

/// <summary>Where a stream comes into the picture, or leaves it.</summary>
/// <param name="Along">Place on the edge, 0 (left or top) to 1.</param>
internal readonly record struct ArmEnd(PictureEdge Edge, double Along, GateRole Role)
{
    /// <summary>Prolongs the paths of an entering stream back to the picture's edge, those of a leaving one onwards.</summary>
    public static ArmEnd Of(MotionStream stream, GateRole role, FrameFormat frame)
    {
        var ends = stream.Through.Select(m =>
        {
            var end = role == GateRole.Enters ? 0 : m.Path.Points.Count - 1;
            var (at, way) = (m.Path.Points[end], m.Path.DirectionAt(end));
            var sign = role == GateRole.Enters ? -1 : 1;
            return Prolong(at.X, at.Y, sign * way.X, sign * way.Y, frame);
        }).ToList();
        var edge = ends.GroupBy(e => e.Edge).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).First();
        return new ArmEnd(edge.Key, edge.Average(e => e.Along), role);
    }

    /// <summary>
    /// Names the arms by their edge, numbered along it where it has several. An entry and an exit that are neighbours on an edge are two
    /// carriageways of one arm.
    /// </summary>
    /// <returns>For each end the name of its arm.</returns>
    public static IReadOnlyList<ApproachId> Name(IReadOnlyList<ArmEnd> ends)
    {
        var names = new ApproachId[ends.Count];
        foreach (var edge in Enumerable.Range(0, ends.Count).GroupBy(i => ends[i].Edge))
        {
            var arms = new List<List<int>>();
            foreach (var i in edge.OrderBy(i => ends[i].Along).ThenBy(i => i))
            {
                if (arms.Count > 0 && arms[^1] is [var neighbour] && ends[neighbour].Role != ends[i].Role) arms[^1].Add(i);
                else arms.Add([i]);
            }

            var word = edge.Key.ToString().ToLowerInvariant();
            for (var a = 0; a < arms.Count; a++)
            {
                foreach (var i in arms[a])
                    names[i] = new ApproachId(arms.Count == 1 ? word : string.Create(CultureInfo.InvariantCulture, $"{word}-{a + 1}"));
            }
        }

        return names;
    }

    private static (PictureEdge Edge, double Along) Prolong(double x, double y, double dx, double dy, FrameFormat frame)
    {
        var (sideways, upright) = (Steps(x, dx, frame.Width), Steps(y, dy, frame.Height));
        return sideways < upright
            ? (dx < 0 ? PictureEdge.Left : PictureEdge.Right, Share(y + (sideways * dy), frame.Height))
            : (dy < 0 ? PictureEdge.Top : PictureEdge.Bottom, Share(x + (upright * dx), frame.Width));

        static double Steps(double from, double step, double length) =>
            step > 1e-9 ? Math.Max(0, (length - from) / step) : step < -1e-9 ? Math.Max(0, -from / step) : double.MaxValue;

        static double Share(double at, double length) => Math.Clamp(at / length, 0, 1);
    }
}
