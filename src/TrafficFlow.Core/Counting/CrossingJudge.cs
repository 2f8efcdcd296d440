using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Counting;

/// <summary>What the whole way of a track says to a crossing that its ground point made.</summary>
internal enum CrossingVerdict
{
    Crossed,

    /// <summary>Most of the way over the line was made in leaps that the motion before and after does not bear.</summary>
    Leapt,

    /// <summary>The track ended where it had been before without crossing: it stood by the line and jittered.</summary>
    Jittered,

    /// <summary>While the line was passed hardly anything was seen of the vehicle: a prediction or something else crossed.</summary>
    Unseen,

    /// <summary>A box that was partly hidden grew over the line.</summary>
    Revealed,

    /// <summary>It seemed to drive against everybody else, and was not seen well enough for that.</summary>
    AgainstStream,
}

/// <summary>Judges crossings on the way from clearly before to clearly beyond the line, with what is known some seconds later. Pure.</summary>
internal static class CrossingJudge
{
    /// <summary>For the speed before and after a step, seconds.</summary>
    private const double Around = 0.5;

    public static CrossingVerdict Judge(TrackPath way, in GateLine line, in GateCrossing crossing, GateSettings settings)
    {
        var sign = crossing.Direction == CrossingDirection.Forward ? 1 : -1;
        var points = way.Points;
        var (first, last) = Span(points, Math.Max(way.FirstWhole, way.IndexAt(crossing.Time - settings.JudgedSeconds)), way.IndexAt(crossing.Time), crossing.Time + settings.JudgedSeconds, line, sign);
        if (last <= first) return CrossingVerdict.Crossed;

        if (crossing.IsAtEnd && WasBeyondBefore(points, crossing, line, sign, settings)) return CrossingVerdict.Jittered;
        var total = sign * (line.Side(points[last].X, points[last].Y) - line.Side(points[first].X, points[first].Y));
        var unborne = 0.0;
        for (var i = first; i < last; i++) unborne += Unborne(points, i, line, sign, settings);
        return total > 0 && total - unborne < settings.BorneShare * total ? CrossingVerdict.Leapt : CrossingVerdict.Crossed;
    }

    /// <summary>
    /// In which share of the pictures shortly before and after the line a vehicle was surely detected: of all of them or of those after it, whichever
    /// is worse. Pictures before its first detection and after it has left count for nothing. An unsure detection may be a shadow or a part of
    /// something else that keeps a lost track alive.
    /// </summary>
    /// <param name="pictures">Times of the pictures that were looked at, sorted.</param>
    /// <param name="leftAt">When it was last seen where it has left the picture, else later than any picture.</param>
    public static double SeenShare(TrackPath way, IReadOnlyList<double> pictures, in GateCrossing crossing, double leftAt, GateSettings settings)
    {
        var (from, to) = (Math.Max(crossing.Time - settings.SeenSeconds, way.Points[0].Time), Math.Min(crossing.Time + settings.SeenSeconds, leftAt));
        var (looks, looksAfter, seen, seenAfter) = (0, 0, 0, 0);
        for (var i = pictures.Count - 1; i >= 0 && pictures[i] >= from; i--)
        {
            if (pictures[i] > to) continue;
            looks++;
            if (pictures[i] >= crossing.Time) looksAfter++;
        }

        for (var i = way.IndexAt(from); i < way.Points.Count && way.Points[i].Time <= to; i++)
        {
            if (way.Points[i].Evidence < 1) continue;
            seen++;
            if (way.Points[i].Time >= crossing.Time) seenAfter++;
        }

        return Math.Min(Share(seen, looks), Share(seenAfter, looksAfter));

        static double Share(int seen, int looks) => looks == 0 ? 1 : (double)seen / looks;
    }

    /// <summary>Whether a track came well away from a line between two times.</summary>
    public static bool WasFarFrom(TrackPath way, in GateLine line, double from, double to, GateSettings settings)
    {
        for (var i = way.IndexAt(from); i < way.Points.Count && way.Points[i].Time <= to; i++)
        {
            if (Math.Abs(line.Side(way.Points[i].X, way.Points[i].Y)) > settings.Beyond * way.Points[i].Size) return true;
        }

        return false;
    }

    /// <summary>Whether sure detections lead plainly from one side of the line to the other.</summary>
    /// <param name="seenShare">In which share of the pictures it was surely detected there.</param>
    public static bool IsPlain(TrackPath way, in GateLine line, in GateCrossing crossing, double seenShare, GateSettings settings)
    {
        var sign = crossing.Direction == CrossingDirection.Forward ? 1 : -1;
        var (before, beyond) = (0.0, 0.0);
        for (var i = way.IndexAt(crossing.Time - settings.JudgedSeconds); i < way.Points.Count && way.Points[i].Time <= crossing.Time + settings.JudgedSeconds; i++)
        {
            var point = way.Points[i];
            if (point.Evidence < 1) continue;
            var side = sign * line.Side(point.X, point.Y) / point.Size;
            if (point.Time < crossing.Time) before = Math.Min(before, side);
            else beyond = Math.Max(beyond, side);
        }

        return seenShare >= settings.PlainSeenShare && -before >= settings.PlainSizes && beyond >= settings.PlainSizes;
    }

    /// <summary>
    /// Whether a box only grew over the line, as what stood before it drove off: what drives moves all its corners, what is revealed holds one.
    /// </summary>
    /// <param name="before">Boxes of other vehicles at a time.</param>
    public static bool IsRevealed(TrackPath way, in GateLine line, in GateCrossing crossing, Func<double, IEnumerable<Box>> before, GateSettings settings)
    {
        var sign = crossing.Direction == CrossingDirection.Forward ? 1 : -1;
        var points = way.Points;
        var (first, last) = Span(points, Math.Max(way.FirstWhole, way.IndexAt(crossing.Time - settings.JudgedSeconds)), way.IndexAt(crossing.Time), crossing.Time + settings.JudgedSeconds, line, sign);
        if (last <= first || CornerShare(points[first], points[last]) >= settings.CornerShare) return false;

        var grown = new BoxParts(points[last].Box);
        grown.Remove(points[first].Box);
        var whole = grown.Area;
        foreach (var box in before(points[first].Time))
        {
            if (box.Bottom > points[first].Box.Bottom) grown.Remove(box);
        }

        return grown.Area < (1 - settings.RevealedShare) * whole;
    }

    /// <summary>How far the corner that moved least has moved, as a share of what the ground point moved.</summary>
    private static double CornerShare(in WayPoint first, in WayPoint last)
    {
        var (a, b) = (first.Box, last.Box);
        var (left, right, top, bottom) = (b.X - a.X, b.Right - a.Right, b.Y - a.Y, b.Bottom - a.Bottom);
        var ground = Square(last.X - first.X) + Square(last.Y - first.Y);
        return ground > 0 ? Math.Sqrt((Math.Min(Square(left), Square(right)) + Math.Min(Square(top), Square(bottom))) / ground) : 1;
    }

    private static double Square(double x) => x * x;

    private static bool WasBeyondBefore(IReadOnlyList<WayPoint> points, in GateCrossing crossing, in GateLine line, int sign, GateSettings settings)
    {
        foreach (var point in points)
        {
            if (point.Time >= crossing.Time) break;
            if (sign * line.Side(point.X, point.Y) > settings.Jitter / 2 * point.Size) return true;
        }

        return false;
    }

    /// <summary>From the point farthest before the line to the one farthest beyond it.</summary>
    private static (int First, int Last) Span(IReadOnlyList<WayPoint> points, int from, int middle, double until, in GateLine line, int sign)
    {
        var (first, last) = (Math.Max(0, Math.Min(from, points.Count - 1)), middle);
        for (var i = from; i < middle && i < points.Count; i++)
        {
            if (sign * line.Side(points[i].X, points[i].Y) <= sign * line.Side(points[first].X, points[first].Y)) first = i;
        }

        last = Math.Min(last, points.Count - 1);
        for (var i = middle; i < points.Count && points[i].Time <= until; i++)
        {
            if (sign * line.Side(points[i].X, points[i].Y) > sign * line.Side(points[last].X, points[last].Y)) last = i;
        }

        return (first, last);
    }

    /// <summary>How much of the step from a point to the next goes beyond what the speeds before and after it bear, pixels.</summary>
    private static double Unborne(IReadOnlyList<WayPoint> points, int i, in GateLine line, int sign, GateSettings settings)
    {
        var step = sign * (line.Side(points[i + 1].X, points[i + 1].Y) - line.Side(points[i].X, points[i].Y));
        if (step <= 0) return 0;
        var seconds = points[i + 1].Time - points[i].Time;
        var size = Math.Min(points[i].Size, points[i + 1].Size);
        var speed = Math.Max(Speed(points, i, -1, line, sign), Speed(points, i + 1, 1, line, sign));
        return Math.Max(0, step - (1.5 * speed * seconds) - (settings.StepNoise * size));
    }

    /// <summary>Mean speed towards the far side over the half second that ends (or begins) at a point; 0 where nothing is known.</summary>
    private static double Speed(IReadOnlyList<WayPoint> points, int at, int way, in GateLine line, int sign)
    {
        var end = at;
        while (end + way >= 0 && end + way < points.Count && Math.Abs(points[end + way].Time - points[at].Time) <= Around) end += way;
        // At few pictures a second the next one may lie farther off.
        if (end == at && end + way >= 0 && end + way < points.Count && Math.Abs(points[end + way].Time - points[at].Time) <= 2 * Around) end += way;
        if (end == at) return 0;
        var moved = sign * (line.Side(points[end].X, points[end].Y) - line.Side(points[at].X, points[at].Y));
        return Math.Max(0, moved / (points[end].Time - points[at].Time));
    }
}
