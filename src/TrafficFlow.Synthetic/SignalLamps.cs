using System.Numerics;
using TrafficFlow.Simulation;
using TrafficFlow.Synthetic.Light;

namespace TrafficFlow.Synthetic;

/// <summary>The lit lamps of the signal heads that face a camera, each with a small glow around it.</summary>
/// <param name="depths">Of the empty street, as <see cref="Scenery.Background.Depths"/>: what stands before a lamp hides it.</param>
internal sealed class SignalLamps(ViewCamera camera, float[] depths, int width, int height)
{
    private readonly ToneCurve _tone = new(1);

    public unsafe void Paint(byte* picture, JunctionSimulation junction)
    {
        for (var arm = 0; arm < 4; arm++)
        {
            var facing = JunctionCameras.At(arm, 0, -1, 0);
            if (Vector3.Dot(facing, camera.Forward) > -0.2f) continue;
            foreach (var (place, colour, radius) in SignalHeads.Lit(arm, junction.SignalOf(JunctionLayout.Approaches[(arm + 2) & 3]))) Lamp(picture, place, colour, radius);
        }
    }

    private unsafe void Lamp(byte* picture, Vector3 place, Vector3 colour, float radius)
    {
        var depth = camera.DepthOf(place);
        if (depth < 1) return;
        var at = camera.Project(place);
        var (cx, cy) = ((float)at.X * width, (float)at.Y * height);
        if (!at.IsInside || IsHidden((int)cx, (int)cy, depth)) return;
        var disc = MathF.Max(0.8f, radius * camera.FocalShare * width / depth);
        var reach = (int)(disc * 3) + 2;
        for (var y = Math.Max(0, (int)cy - reach); y <= Math.Min(height - 1, (int)cy + reach); y++)
        {
            for (var x = Math.Max(0, (int)cx - reach); x <= Math.Min(width - 1, (int)cx + reach); x++)
            {
                var d = MathF.Sqrt(((x + 0.5f - cx) * (x + 0.5f - cx)) + ((y + 0.5f - cy) * (y + 0.5f - cy)));
                var share = Math.Clamp(disc + 0.5f - d, 0, 1) + (0.16f * MathF.Max(0, 1 - (d / (disc * 3))));
                var pixel = picture + (3 * ((y * width) + x));
                pixel[0] = Mix(pixel[0], colour.Z, share);
                pixel[1] = Mix(pixel[1], colour.Y, share);
                pixel[2] = Mix(pixel[2], colour.X, share);
            }
        }
    }

    // The lamp's own housing lies half a metre around it.
    private bool IsHidden(int x, int y, float depth) =>
        depths[(2 * Math.Min(y, height - 1) * 2 * width) + (2 * Math.Min(x, width - 1))] > 1 / (depth - 0.5f);

    private byte Mix(byte under, float light, float share) =>
        (byte)Math.Clamp(under + ((_tone.Encode(light) - under) * Math.Min(1, share)), 0, 255);
}
