namespace TrafficFlow.Core.Counting;

/// <summary>How a track passed a line, taken from its way while the points around the line are still kept.</summary>
internal readonly record struct LineEvidence(WayPoint Before, WayPoint After, double X, double Y, WayPoint FarBefore, WayPoint FarBeyond, double SeenShare)
{
    /// <param name="seenShare">In which share of the pictures around the line it was surely detected.</param>
    public static LineEvidence Of(TrackPath way, in GateLine line, in GateCrossing crossing, double seenShare, GateSettings settings)
    {
        var points = way.Points;
        var sign = crossing.Direction == CrossingDirection.Forward ? 1 : -1;
        var at = way.IndexAt(crossing.Time);
        var (before, after) = (points[Math.Clamp(at - 1, 0, points.Count - 1)], points[Math.Clamp(at, 0, points.Count - 1)]);
        var (farBefore, farBeyond) = (before, after);
        for (var i = way.IndexAt(crossing.Time - settings.JudgedSeconds); i < points.Count && points[i].Time <= crossing.Time + settings.JudgedSeconds; i++)
        {
            var side = sign * line.Side(points[i].X, points[i].Y);
            if (points[i].Time < crossing.Time && side < sign * line.Side(farBefore.X, farBefore.Y)) farBefore = points[i];
            if (points[i].Time >= crossing.Time && side > sign * line.Side(farBeyond.X, farBeyond.Y)) farBeyond = points[i];
        }

        var seconds = after.Time - before.Time;
        var share = seconds <= 0 ? 0 : Math.Clamp((crossing.Time - before.Time) / seconds, 0, 1);
        return new LineEvidence(
            before, after, before.X + (share * (after.X - before.X)), before.Y + (share * (after.Y - before.Y)), farBefore, farBeyond, seenShare);
    }

    /// <summary>How far a point lies from the line, pixels; positive on the far side of a crossing in this direction.</summary>
    public static double Beyond(in GateLine line, in WayPoint point, CrossingDirection direction) =>
        (direction == CrossingDirection.Forward ? 1 : -1) * line.Side(point.X, point.Y);
}
