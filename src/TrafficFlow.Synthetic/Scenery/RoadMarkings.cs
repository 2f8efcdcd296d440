using System.Numerics;
using TrafficFlow.Simulation;

namespace TrafficFlow.Synthetic.Scenery;

/// <summary>Paint on the carriageway as Japanese roads carry it: stop lines, zebras, lane lines, arrows, guide lines, worn by wheels.</summary>
internal static class RoadMarkings
{
    private const float Half = (float)JunctionLayout.HalfWidth;
    private const float Lane = (float)JunctionLayout.LaneWidth;
    private const float Median = (float)(JunctionLayout.MedianWidth / 2);
    private const float Stop = (float)JunctionLayout.StopLine;
    private static readonly Vector3 s_white = new(0.60f, 0.60f, 0.575f);
    private static readonly Vector3 s_yellow = new(0.56f, 0.34f, 0.04f);

    private static readonly Vector2[] s_shaft = [new(-0.11f, 0), new(0.11f, 0), new(0.11f, 3.4f), new(-0.11f, 3.4f)];
    private static readonly Vector2[] s_head = [new(-0.42f, 3.3f), new(0.42f, 3.3f), new(0, 5.0f)];
    private static readonly Vector2[] s_branch = [new(-0.1f, 1.5f), new(-0.1f, 1.95f), new(-0.62f, 2.75f), new(-0.62f, 2.3f)];
    private static readonly Vector2[] s_branchHead = [new(-0.52f, 1.95f), new(-0.52f, 3.25f), new(-1.05f, 2.65f)];
    private static readonly Vector2[] s_rightShaft = [new(-0.16f, 0), new(0.06f, 0), new(0.06f, 2.5f), new(-0.16f, 2.7f)];
    private static readonly Vector2[] s_rightBranch = [new(-0.16f, 2.7f), new(0.06f, 2.3f), new(0.45f, 3.0f), new(0.45f, 3.5f)];
    private static readonly Vector2[] s_rightHead = [new(0.4f, 2.6f), new(0.4f, 4.0f), new(1.0f, 3.35f)];

    public static Vector3 Over(Vector3 asphalt, float x, float y)
    {
        var (a, b) = RoadSurface.ArmFrame(x, y);
        var paint = b > 7.2f ? OnArm(a, b) : InBox(x, y);
        if (paint == Kind.None) return asphalt;
        var wear = Noise.Layered(x * 2.3f, y * 2.3f, 4, 131);
        var kept = 0.92f * Noise.Step(0.20f, 0.46f, wear);
        if (b is > 7.2f and < 13) kept *= 0.72f + (0.28f * Noise.Step(0.25f, 0.6f, MathF.Abs((MathF.Abs(a) % (Lane / 2)) - (Lane / 4)) + (0.3f * wear)));
        return Vector3.Lerp(asphalt, paint == Kind.White ? s_white : s_yellow, kept) * (0.9f + (0.2f * wear));
    }

    private static Kind OnArm(float a, float b)
    {
        if (b is > (float)JunctionLayout.CrosswalkNear and < (float)JunctionLayout.CrosswalkFar)
            return MathF.Abs(a) < Half - 0.5f && Fraction((a + 20) / 0.9f) < 0.5f ? Kind.White : Kind.None;
        if (b < Stop) return Kind.None;
        if (b < Stop + 0.45f) return a is > 0.12f && a < Half - 0.42f ? Kind.White : Kind.None;
        if (MathF.Abs(a) < Median && b > Stop) return CentreLine(a, b);
        if (MathF.Abs(MathF.Abs(a) - (Half - 0.47f)) < 0.065f) return Kind.White;
        var divider = MathF.Abs(MathF.Abs(a) - Median - Lane);
        if (divider < 0.07f)
        {
            var isSolid = a > 0 && b < Stop + 30;
            return isSolid || Fraction(b / 10) < 0.5f ? Kind.White : Kind.None;
        }

        return a > 0 && IsArrow(a, b) ? Kind.White : Kind.None;
    }

    private static Kind CentreLine(float a, float b) =>
        b < Stop + 40 ? (MathF.Abs(a) < 0.085f ? Kind.Yellow : Kind.None) : (MathF.Abs(a) < 0.075f ? Kind.White : Kind.None);

    private static bool IsArrow(float a, float b)
    {
        foreach (var start in (ReadOnlySpan<float>)[Stop + 5.5f, Stop + 21])
        {
            // Drawn as the driver sees it: towards the stop line is ahead, and the driver's right is the smaller a.
            var ahead = start + 5 - b;
            if (ahead is < 0 or > 5) continue;
            var kerbLane = new Vector2((float)JunctionLayout.KerbLane - a, ahead);
            var innerLane = new Vector2((float)JunctionLayout.InnerLane - a, ahead);
            if (Inside(s_shaft, kerbLane) || Inside(s_head, kerbLane) || Inside(s_branch, kerbLane) || Inside(s_branchHead, kerbLane)) return true;
            if (Inside(s_rightShaft, innerLane) || Inside(s_rightBranch, innerLane) || Inside(s_rightHead, innerLane)) return true;
        }

        // A lozenge tells drivers that a crossing comes.
        var (da, db) = (MathF.Abs(a - (float)JunctionLayout.KerbLane), MathF.Abs(b - 47.5f));
        var lozenge = (da / 0.75f) + (db / 2.5f);
        return lozenge is < 1 and > 0.72f;
    }

    private static Kind InBox(float x, float y)
    {
        // Dashed guide lines for the right turns of the wider street, beside the path of each.
        for (var arm = 0; arm < 4; arm += 2)
        {
            var p = JunctionLayout.ToArm(arm, x, y);
            var (dx, dy) = ((float)p.X + Stop, (float)p.Y - Stop);
            var r = MathF.Sqrt((dx * dx) + (dy * dy));
            var off = MathF.Abs(r - (Stop + (float)JunctionLayout.InnerLane + (Lane / 2)));
            var angle = MathF.Atan2(-dy, dx);
            if (off < 0.075f && angle is > 0.35f and < 1.2f && Fraction(angle * 7) < 0.5f) return Kind.White;
        }

        var cross = MathF.Min(MathF.Abs(x), MathF.Abs(y));
        return cross < 0.07f && MathF.Max(MathF.Abs(x), MathF.Abs(y)) < 0.8f ? Kind.White : Kind.None;
    }

    private static float Fraction(float v) => v - MathF.Floor(v);

    private static bool Inside(Vector2[] polygon, Vector2 p)
    {
        var inside = false;
        for (int i = 0, j = polygon.Length - 1; i < polygon.Length; j = i++)
        {
            var (pi, pj) = (polygon[i], polygon[j]);
            if (pi.Y > p.Y != pj.Y > p.Y && p.X < ((pj.X - pi.X) * (p.Y - pi.Y) / (pj.Y - pi.Y)) + pi.X) inside = !inside;
        }

        return inside;
    }

    private enum Kind
    {
        None,
        White,
        Yellow,
    }
}
