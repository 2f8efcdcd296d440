using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Vision.Colour;

/// <summary>
/// Reads the paint of a vehicle in one picture: samples of its body, without the corners of its box, its underside and what is road,
/// balanced and lightened by the road beside it. Allocates nothing.
/// </summary>
internal sealed class PaintReader(RoadReference road)
{
    /// <summary>Smallest side of a box that shows paint, pixels.</summary>
    private const float LeastSide = 14;

    /// <summary>Linear luminance of the road below which it is night: lamps then colour what they shine on.</summary>
    private const float Dark = 0.013f;

    /// <summary>Dry asphalt gives back about a fifth of what a white body does.</summary>
    private const float WhiteOverRoad = 5f;

    private const int Across = 24;
    private const int Down = 20;
    private const int LeastPixels = 40;

    /// <returns>No weight where the box is too small, the road too dark, or nothing is sure.</returns>
    public ColourSample Read(AnonymizedFrame frame, in Box box)
    {
        if (Measure(frame, box) is not { } measures) return default;
        var (colour, sureness) = measures.Name();
        var size = Math.Clamp((MathF.Sqrt(box.Area) - LeastSide) / 50, 0.1f, 1);
        return new ColourSample(colour, size * sureness);
    }

    internal PaintMeasures? Measure(AnonymizedFrame frame, in Box box)
    {
        if (Math.Min(box.Width, box.Height) < LeastSide) return null;
        if (road.LuminanceAt(box) is not { } ground || ground < Dark) return null;
        var pixels = frame.Pixels;
        Span<int> lightness = stackalloc int[128];
        lightness.Clear();
        var (count, plain, red, yellow, green, blue, brown) = (0, 0, 0f, 0f, 0f, 0f, 0f);
        for (var j = 0; j < Down; j++)
        {
            var v = (j + 0.5f) / Down;
            for (var i = 0; i < Across; i++)
            {
                var u = (i + 0.5f) / Across;
                if (((u - 0.5f) * (u - 0.5f)) + ((v - 0.5f) * (v - 0.5f)) > 0.26f) continue;
                var x = (int)(box.X + (box.Width * (0.06f + (0.88f * u))));
                var y = (int)(box.Y + (box.Height * (0.05f + (0.75f * v))));
                if (x < 0 || y < 0 || x >= frame.Width || y >= frame.Height) continue;
                var pixel = pixels.Slice(((y * frame.Width) + x) * 3, 3);
                if (road.IsBackground(x, y, pixel[0], pixel[1], pixel[2])) continue;
                count++;
                var (r, g, b) = (Light.Of(pixel[2]) * road.RedGain, Light.Of(pixel[1]), Light.Of(pixel[0]) * road.BlueGain);
                var luminance = Math.Max(Light.Luminance(r, g, b), 1e-4f);
                // Between what the road says and what the camera's own exposure says: each alone is wrong on pale or wet roads, or in back light.
                var scale = MathF.Sqrt(1 / (WhiteOverRoad * ground));
                var (l, a, c) = Light.Lab(r * scale, g * scale, b * scale);
                var chroma = MathF.Sqrt((a * a) + (c * c));
                if (chroma < 10 + (0.06f * l) || l < 6)
                {
                    plain++;
                    lightness[(int)Math.Clamp(l, 0, 127)]++;
                    continue;
                }

                var hue = MathF.Atan2(c, a) * (180 / MathF.PI);
                if (hue is > 20 and < 110 && chroma < 34 && (hue > 40 || l > 30)) brown++;
                else if (hue is > -35 and <= 45) red++;
                else if (hue is > 45 and <= 110) yellow++;
                else if (hue is > 110 and <= 190) green++;
                else blue++;
            }
        }

        if (count < LeastPixels) return null;
        return new PaintMeasures(
            count, red / count, yellow / count, green / count, blue / count, brown / count, plain > 0 ? Quantile(lightness, plain, 0.7f) : 0);
    }

    private static int Quantile(ReadOnlySpan<int> bins, int total, float share)
    {
        var sum = 0;
        for (var bin = 0; bin < bins.Length; bin++)
        {
            sum += bins[bin];
            if (sum >= share * total) return bin;
        }

        return bins.Length - 1;
    }
}
