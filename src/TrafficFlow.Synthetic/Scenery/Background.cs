using System.Numerics;
using TrafficFlow.Synthetic.Light;

namespace TrafficFlow.Synthetic.Scenery;

/// <summary>
/// The empty street as one camera sees it, painted once: pixels, the depth of each quarter pixel (what stands in front of a vehicle
/// hides it), and how much darker each pixel gets when a vehicle takes its sun.
/// </summary>
internal sealed class Background
{
    private Background(int width, int height)
    {
        Width = width;
        Height = height;
        Pixels = new byte[width * height * 3];
        Depths = new float[4 * width * height];
        Shaded = new byte[width * height];
    }

    public int Width { get; }
    public int Height { get; }

    /// <summary>B G R, row by row.</summary>
    public byte[] Pixels { get; }

    /// <summary>One divided by metres along the view, two by two for each pixel, in rows of 2 * width.</summary>
    public float[] Depths { get; }

    /// <summary>Brightness without the sun, 255 for unchanged.</summary>
    public byte[] Shaded { get; }

    /// <summary>About a second of work for 640x360, on the caller's thread and on <see cref="PainterThreads"/>.</summary>
    public static Background Paint(ViewCamera camera, int width, int height, Lighting lighting)
    {
        if (width < 16 || height < 16 || ((width | height) & 1) == 1)
            throw new ArgumentException($"a synthetic picture must have even sides of at least 16 pixels, not {width}x{height}");
        var background = new Background(width, height);
        var tone = new ToneCurve(lighting.Exposure);
        PainterThreads.ForEachRow(height, y => background.PaintRow(y, camera, lighting, tone));
        return background;
    }

    private void PaintRow(int y, ViewCamera camera, Lighting lighting, ToneCurve tone)
    {
        for (var x = 0; x < Width; x++)
        {
            Vector3 lit = Vector3.Zero, unlit = Vector3.Zero;
            for (var sample = 0; sample < 4; sample++)
            {
                var (sx, sy) = (sample & 1, sample >> 1);
                // A little disorder within each quarter, so that fine patterns do not beat.
                var jx = (0.5f * sx) + 0.1f + (0.3f * Noise.Cell(x, y, sample));
                var jy = (0.5f * sy) + 0.1f + (0.3f * Noise.Cell(x, y, sample + 8));
                var ray = camera.RayThrough((x + jx) / Width, (y + jy) / Height);
                var light = Light(camera.Position, ray, lighting, (x * 31) + (y * 17) + sample, out var dark, out var distance);
                lit += Limit(light);
                unlit += Limit(dark);
                Depths[(((2 * y) + sy) * 2 * Width) + (2 * x) + sx] = 1 / distance;
            }

            lit /= 4;
            unlit /= 4;
            var at = 3 * ((y * Width) + x);
            Pixels[at] = tone.Encode(lit.Z);
            Pixels[at + 1] = tone.Encode(lit.Y);
            Pixels[at + 2] = tone.Encode(lit.X);
            Shaded[at / 3] = (byte)Math.Clamp(255f * tone.Encode(unlit.Y) / Math.Max((byte)1, Pixels[at + 1]), 0, 255);
        }

        // One glaring sample must not win a whole pixel.
        static Vector3 Limit(Vector3 light) => Vector3.Min(light, new Vector3(3));
    }

    private static Vector3 Light(Vector3 from, Vector3 ray, Lighting lighting, int salt, out Vector3 unlit, out float distance)
    {
        if (!SceneTracer.Trace(from, ray, out var hit) || hit.Distance > 400)
        {
            distance = 1000;
            unlit = lighting.Environment(Vector3.Normalize(new Vector3(ray.X, ray.Y, MathF.Max(ray.Z, 0.001f))));
            return unlit;
        }

        distance = hit.Distance;
        var place = from + (ray * hit.Distance);
        // The sun is a small disc: rays to slightly different points of it soften the shadows' edges.
        var spread = new Vector3(Noise.Cell(salt, 1) - 0.5f, Noise.Cell(salt, 2) - 0.5f, Noise.Cell(salt, 3) - 0.5f) * 0.011f;
        var start = place + (hit.Normal * 0.02f);
        var isDark = Vector3.Dot(hit.Normal, lighting.ToSun) <= 0
            || SceneTracer.IsInShadow(hit.Crown is null ? start : place + (lighting.ToSun * 0.5f), lighting.ToSun + spread);
        var light = SurfaceShader.Shade(in hit, place, ray, lighting, isDark ? 0 : 1, out unlit);
        if (!hit.IsGround) unlit = light;
        var haze = 1 - MathF.Exp(-hit.Distance / lighting.HazeMetres);
        unlit = Vector3.Lerp(unlit, lighting.Horizon * 0.8f, haze);
        return Vector3.Lerp(light, lighting.Horizon * 0.8f, haze);
    }
}
