using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Vision.Colour;

/// <summary>
/// Reads the paint of a vehicle in one picture: samples of its body, without the corners of its box, its underside and what is road,
/// balanced and lightened by the road beside it. Allocates nothing.
/// </summary>
internal sealed class BodyColourReader(RoadReference road)
{
    /// <summary>Smallest side of a box that shows paint, pixels.</summary>
    private const float LeastSide = 14;

    /// <summary>
    /// Linear luminance of the whole road below which it is night: lamps then colour what they shine on. A single place may be in deep shade.
    /// </summary>
    private const float Night = 0.085f;
    private const float DeepShade = 0.03f;

    /// <summary>Dry asphalt gives back about a fifth of what a white body does.</summary>
    private const float WhiteOverRoad = 5f;

    /// <summary>Part of the box's height that is bonnet, doors and grille: below roof and windscreen, above wheels and shadow.</summary>
    private const float BodyFrom = 0.38f;
    private const float BodyTo = 0.82f;

    /// <summary>Lightness of white paint by day, what it may fall to before it is lightened, and how slowly that is learned.</summary>
    private const float WhiteByDay = 84;
    private const float DullWhite = 78;
    private const float Slowness = 0.1f;

    private const int Across = 24;
    private const int Down = 20;
    private const int LeastPixels = 40;

    // Nine tenths of all vehicles are darker than this. At dusk and in rain white bodies are dim beside a road that lamps and sky light up, so
    // what passes by tells what white is; a queue of dark cars moves it by a few steps at most.
    private float _white = WhiteByDay;

    /// <returns>No weight where the box is too small, the road too dark, or nothing is sure.</returns>
    public ColourSample Read(AnonymizedFrame frame, in Box box)
    {
        if (Measure(frame, box) is not { } measures) return default;
        _white = Math.Clamp(_white + (Slowness * (measures.Bright > _white ? 0.9f : -0.1f)), 54, 100);
        var (colour, sureness) = measures.Lightened(Math.Max(1, DullWhite / _white)).Name();
        var size = Math.Clamp((MathF.Sqrt(box.Area) - LeastSide) / 50, 0.1f, 1);
        return new ColourSample(colour, size * sureness);
    }

    internal BodyColourMeasures? Measure(AnonymizedFrame frame, in Box box)
    {
        if (Math.Min(box.Width, box.Height) < LeastSide) return null;
        if (road.Luminance is not >= Night || road.LuminanceAt(box) is not { } ground || ground < DeepShade) return null;
        var pixels = frame.Pixels;
        Span<int> lightness = stackalloc int[128];
        lightness.Clear();
        // Between what the road says and what the camera's own exposure says: each alone is wrong on pale or wet roads, or in back light.
        var scale = MathF.Sqrt(1 / (WhiteOverRoad * ground));
        var (count, red, yellow, green, blue, brown) = (0, 0f, 0f, 0f, 0f, 0f);
        for (var j = 0; j < Down; j++)
        {
            var v = (j + 0.5f) / Down;
            for (var i = 0; i < Across; i++)
            {
                var u = (i + 0.5f) / Across;
                if (((u - 0.5f) * (u - 0.5f)) + ((v - 0.5f) * (v - 0.5f)) > 0.26f) continue;
                var x = (int)(box.X + (box.Width * (0.06f + (0.88f * u))));
                var y = (int)(box.Y + (box.Height * (BodyFrom + ((BodyTo - BodyFrom) * v))));
                if (x < 0 || y < 0 || x >= frame.Width || y >= frame.Height) continue;
                var pixel = pixels.Slice(((y * frame.Width) + x) * 3, 3);
                if (road.IsBackground(x, y, pixel[0], pixel[1], pixel[2])) continue;
                count++;
                var (l, a, b) = LinearLight.Lab(
                    LinearLight.Of(pixel[2]) * road.RedGain * scale, LinearLight.Of(pixel[1]) * scale, LinearLight.Of(pixel[0]) * road.BlueGain * scale);
                lightness[(int)Math.Clamp(l, 0, 127)]++;
                switch (HueOf(l, a, b))
                {
                    case VehicleColour.Red: red++; break;
                    case VehicleColour.Yellow: yellow++; break;
                    case VehicleColour.Green: green++; break;
                    case VehicleColour.Blue: blue++; break;
                    case VehicleColour.Brown: brown++; break;
                    default: break;
                }
            }
        }

        if (count < LeastPixels) return null;
        return new BodyColourMeasures(
            red / count, yellow / count, green / count, blue / count, brown / count,
            Quantile(lightness, count, 0.3f), Quantile(lightness, count, 0.5f), Quantile(lightness, count, 0.7f));
    }

    /// <summary>The hue of one pixel; unknown where it is grey, white or black, or only tinged by what it mirrors.</summary>
    private static VehicleColour HueOf(float l, float a, float b)
    {
        // What the camera clips has lost its colour: balanced, it seems tinged.
        var chroma = MathF.Sqrt((a * a) + (b * b)) - Math.Clamp((l - 70) * 0.5f, 0, 12);
        if (chroma < 10) return VehicleColour.Unknown;
        var hue = MathF.Atan2(b, a) * (180 / MathF.PI);
        return hue switch
        {
            > -35 and <= 25 => VehicleColour.Red,
            > 25 and <= 45 => chroma >= 18 ? VehicleColour.Red : VehicleColour.Brown,
            > 45 and <= 110 => chroma >= 22 ? VehicleColour.Yellow : VehicleColour.Brown,
            > 110 and <= 190 => chroma >= 13 ? VehicleColour.Green : VehicleColour.Unknown,
            // Everything glossy and dark mirrors the sky.
            _ => chroma >= 17 ? VehicleColour.Blue : VehicleColour.Unknown,
        };
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
