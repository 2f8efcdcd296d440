using System.Numerics;
using TrafficFlow.Simulation;

namespace TrafficFlow.Synthetic.Scenery;

/// <summary>Colour (linear albedo) of every place on the ground: asphalt, kerb, pavement, lots and grass, with the paint on them.</summary>
internal static class RoadSurface
{
    private const float Half = (float)JunctionLayout.HalfWidth;
    private const float Radius = (float)JunctionLayout.KerbRadius;
    private const float PavementWidth = 3.1f;

    /// <summary>Distance from the kerb in metres: positive on the carriageway.</summary>
    public static float FromKerb(float x, float y)
    {
        var px = Half + Radius - MathF.Abs(x);
        var py = Half + Radius - MathF.Abs(y);
        var outside = MathF.Sqrt((MathF.Max(px, 0) * MathF.Max(px, 0)) + (MathF.Max(py, 0) * MathF.Max(py, 0)));
        return outside + MathF.Min(MathF.Max(px, py), 0) - Radius;
    }

    public static Vector3 At(float x, float y)
    {
        var kerb = FromKerb(x, y);
        if (kerb > 0.42f) return RoadMarkings.Over(Asphalt(x, y), x, y);
        if (kerb > 0) return Gutter(x, y, kerb);
        if (kerb > -0.18f) return KerbStone(x, y, kerb);
        return kerb > -PavementWidth ? Pavement(x, y, kerb) : Lot(x, y, kerb + PavementWidth);
    }

    private static Vector3 Asphalt(float x, float y)
    {
        var tone = 0.098f;
        tone *= 0.74f + (0.52f * Noise.Layered(x * 0.13f, y * 0.13f, 3, 11));
        tone *= 0.90f + (0.20f * Noise.Layered(x * 1.7f, y * 1.7f, 3, 21));
        // Single stones of the surface: finer than a pixel but near the camera.
        tone *= 0.80f + (0.40f * Noise.Cell((int)MathF.Floor(x * 26), (int)MathF.Floor(y * 26), 3));
        tone *= TyreWear(x, y) * Patches(x, y) * Cracks(x, y);
        return new Vector3(tone * 1.02f, tone, tone * 0.985f);
    }

    /// <summary>Wheels polish two bands of each lane, oil darkens the middle, most of all before the stop line.</summary>
    private static float TyreWear(float x, float y)
    {
        var (a, b) = ArmFrame(x, y);
        if (b < Half) return 0.88f + (0.16f * Noise.Layered(x * 0.3f, y * 0.3f, 2, 5)) - TurnWear(x, y);
        var lane = MathF.Abs(a) - (float)(JunctionLayout.MedianWidth / 2);
        var across = lane - (MathF.Floor(lane / (float)JunctionLayout.LaneWidth) * (float)JunctionLayout.LaneWidth) - (float)(JunctionLayout.LaneWidth / 2);
        var wheel = MathF.Exp(-MathF.Pow((MathF.Abs(across) - 0.78f) / 0.27f, 2));
        var middle = MathF.Exp(-MathF.Pow(across / 0.3f, 2));
        var queueing = a > 0 ? Noise.Step(45, 12, b) : 0.15f;
        return 1 + (0.13f * wheel) - (middle * (0.08f + (0.20f * queueing * (0.6f + (0.7f * Noise.Smooth(a * 1.2f, b * 0.3f, 8))))));
    }

    /// <summary>Where turning wheels scrub the surface dark, along the curves of the right turns.</summary>
    private static float TurnWear(float x, float y)
    {
        var wear = 0f;
        for (var arm = 0; arm < 4; arm++)
        {
            var p = JunctionLayout.ToArm(arm, x, y);
            var (dx, dy) = ((float)(p.X + JunctionLayout.StopLine), (float)(p.Y - JunctionLayout.StopLine));
            var off = MathF.Abs(MathF.Sqrt((dx * dx) + (dy * dy)) - (float)(JunctionLayout.StopLine + JunctionLayout.InnerLane));
            wear += 0.06f * MathF.Exp(-MathF.Pow((off - 0.75f) / 0.25f, 2));
        }

        return wear;
    }

    private static float Patches(float x, float y)
    {
        var tone = 1f;
        foreach (var (cx, cy, w, h, shade) in s_patches)
        {
            var inside = MathF.Min(w - MathF.Abs(x - cx), h - MathF.Abs(y - cy));
            if (inside > 0.07f) tone *= shade;
            else if (inside > -0.04f) tone *= 0.62f;
        }

        foreach (var (cx, cy) in s_manholes)
        {
            var d = MathF.Sqrt(((x - cx) * (x - cx)) + ((y - cy) * (y - cy)));
            if (d < 0.34f) tone *= 0.62f + (0.5f * Noise.Cell((int)MathF.Floor(x * 9), (int)MathF.Floor(y * 9), 77));
            else if (d < 0.40f) tone *= 0.5f;
        }

        return tone;
    }

    private static float Cracks(float x, float y)
    {
        var bend = 1.6f * Noise.Layered(x * 0.4f, y * 0.4f, 3, 41);
        var ridge = MathF.Abs(Noise.Smooth((x * 0.16f) + bend, (y * 0.16f) - bend, 51) - 0.5f);
        var thin = ridge < 0.006f && Noise.Smooth(x * 0.07f, y * 0.07f, 61) > 0.42f;
        return thin ? 0.62f : 1;
    }

    private static Vector3 Gutter(float x, float y, float kerb)
    {
        var tone = 0.22f * (0.75f + (0.4f * Noise.Layered(x * 1.3f, y * 1.3f, 3, 71)));
        if (kerb > 0.37f) tone *= 0.7f;
        return new Vector3(tone, tone * 0.98f, tone * 0.94f);
    }

    private static Vector3 KerbStone(float x, float y, float kerb)
    {
        var (a, b) = ArmFrame(x, y);
        _ = a;
        var joint = b - MathF.Floor(b) < 0.025f ? 0.7f : 1;
        var tone = (kerb > -0.05f ? 0.20f : 0.40f) * joint * (0.82f + (0.3f * Noise.Layered(x * 2, y * 2, 2, 81)));
        return new Vector3(tone, tone * 0.985f, tone * 0.95f);
    }

    private static Vector3 Pavement(float x, float y, float kerb)
    {
        var across = -kerb;
        if (across is > 1.25f and < 1.55f)
        {
            // Yellow blocks for the blind run along every Japanese pavement.
            var dot = 0.85f + (0.25f * Noise.Cell((int)MathF.Floor(x * 10), (int)MathF.Floor(y * 10), 5));
            return new Vector3(0.52f, 0.36f, 0.06f) * dot * (0.8f + (0.3f * Noise.Smooth(x, y, 15)));
        }

        var joint = IsJoint(x) || IsJoint(y) ? 0.80f : 1;
        var tile = 0.86f + (0.22f * Noise.Cell((int)MathF.Floor(x / 0.6f), (int)MathF.Floor(y / 0.6f), 9));
        var dirt = 0.8f + (0.35f * Noise.Layered(x * 0.5f, y * 0.5f, 3, 91));
        var redness = ((int)MathF.Floor(x / 0.6f) + (int)MathF.Floor(y / 0.6f)) % 3 == 0 ? 0.06f : 0;
        return new Vector3(0.30f + redness, 0.285f, 0.26f) * (joint * tile * dirt);

        static bool IsJoint(float v) => (v / 0.6f) - MathF.Floor(v / 0.6f) < 0.05f;
    }

    private static Vector3 Lot(float x, float y, float beyond)
    {
        _ = beyond;
        var isPark = x < 0 && y > 0;
        if (isPark || Noise.Smooth(x * 0.05f, y * 0.05f, 33) > 0.66f)
        {
            var blades = 0.6f + (0.8f * Noise.Cell((int)MathF.Floor(x * 14), (int)MathF.Floor(y * 14), 2));
            var dry = Noise.Layered(x * 0.3f, y * 0.3f, 4, 101);
            return Vector3.Lerp(new Vector3(0.065f, 0.12f, 0.03f), new Vector3(0.17f, 0.16f, 0.07f), Noise.Step(0.4f, 0.75f, dry)) * blades;
        }

        var tone = 0.17f * (0.75f + (0.5f * Noise.Layered(x * 0.7f, y * 0.7f, 4, 111)));
        var (a, b) = ArmFrame(x, y);
        if (MathF.Abs(a) is > 12 and < 17 && b is > 16 and < 32 && (b / 2.5f) - MathF.Floor(b / 2.5f) < 0.05f) tone = 0.5f;
        return new Vector3(tone, tone * 0.99f, tone * 0.96f);
    }

    /// <summary>The frame of the arm on which, or nearest to which, the place lies.</summary>
    public static (float A, float B) ArmFrame(float x, float y) => MathF.Abs(y) >= MathF.Abs(x)
        ? (y >= 0 ? (x, y) : (-x, -y))
        : (x >= 0 ? (-y, x) : (y, -x));

    private static readonly (float X, float Y, float HalfWide, float HalfHigh, float Shade)[] s_patches =
    [
        (-4.6f, 24, 1.3f, 6.5f, 0.80f), (2.0f, 31, 1.2f, 3.0f, 1.14f), (3.5f, 3.2f, 2.4f, 0.6f, 0.78f), (-2.2f, -3.9f, 0.55f, 3.1f, 0.80f),
        (21, 2.1f, 5.5f, 1.2f, 0.80f), (33, -4.6f, 4.0f, 1.3f, 1.13f), (-24, -2.0f, 4.5f, 1.2f, 0.80f), (-19, 4.9f, 3.0f, 0.6f, 0.84f),
        (4.9f, -22, 1.3f, 5.0f, 0.82f), (-1.7f, -30, 1.2f, 4.0f, 1.12f), (5.2f, 17.5f, 0.7f, 1.1f, 0.76f), (-6.0f, 1.0f, 0.7f, 0.7f, 0.80f),
    ];

    private static readonly (float X, float Y)[] s_manholes =
        [(1.2f, 5.5f), (-3.4f, 2.2f), (3.8f, -4.6f), (4.2f, 20), (-5.2f, 33), (20, -1.6f), (-17, 4.0f), (-2.0f, -21), (36, 5.3f), (-34, -4.4f)];
}
