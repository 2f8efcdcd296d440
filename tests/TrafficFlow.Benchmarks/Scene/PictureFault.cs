using TrafficFlow.Core.Scene;

namespace TrafficFlow.Benchmarks.Scene;

/// <summary>Something that happens to a camera, done to its pictures.</summary>
/// <param name="Accepted">The states that tell it rightly.</param>
internal sealed record PictureFault(string Name, IReadOnlyList<SceneState> Accepted, Func<byte[], int, int, byte[]> Happen)
{
    public static readonly IReadOnlyList<PictureFault> All =
    [
        new("shift_x", [SceneState.Moved], (p, w, h) => Warp(p, w, h, 0.02, 0, 0, 1)),
        new("shift_y", [SceneState.Moved], (p, w, h) => Warp(p, w, h, 0, -0.02, 0, 1)),
        new("turn_3_degrees", [SceneState.Moved, SceneState.Elsewhere], (p, w, h) => Warp(p, w, h, 0, 0, 3, 1)),
        new("zoom_5_percent", [SceneState.Moved, SceneState.Elsewhere], (p, w, h) => Warp(p, w, h, 0, 0, 0, 1.05)),
        new("turned_away", [SceneState.Elsewhere, SceneState.Covered], (p, w, h) => Warp(p, w, h, 0.4, 0.25, 0, 1)),
        new("half_covered", [SceneState.Covered], (p, w, _) => Each(p, (v, i) => i % w > w / 2 ? 60 : v)),
        new("lower_half_covered", [SceneState.Covered], (p, w, h) => Each(p, (v, i) => i / w > h / 2 ? 60 : v)),
        new("covered", [SceneState.Covered, SceneState.Dark], (p, _, _) => Each(p, (_, _) => 40)),
        new("blurred", [SceneState.Blurred, SceneState.Covered], (p, w, h) => Blur(Blur(Blur(p, w, h, 4), w, h, 4), w, h, 4)),
        new("dark", [SceneState.Dark, SceneState.Covered], (p, _, _) => Each(p, (v, _) => v * 0.04)),
        new("exposure_up", [SceneState.ExposureJump], (p, _, _) => Each(p, (v, _) => v * 1.5)),
        new("exposure_down", [SceneState.ExposureJump], (p, _, _) => Each(p, (v, _) => v * 0.6)),
    ];

    private static byte[] Each(byte[] picture, Func<byte, int, double> value)
    {
        var result = new byte[picture.Length];
        for (var i = 0; i < result.Length; i++) result[i] = (byte)Math.Clamp(value(picture[i], i), 0, 255);
        return result;
    }

    /// <param name="right">In widths of the picture, like <paramref name="down"/>; beyond the edge its pixels are repeated.</param>
    private static byte[] Warp(byte[] picture, int width, int height, double right, double down, double degrees, double zoom)
    {
        var result = new byte[picture.Length];
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (cx, cy) = (x - (width / 2.0), y - (height / 2.0));
                var u = Math.Clamp((((cos * cx) + (sin * cy)) / zoom) + (width / 2.0) - (right * width), 0, width - 1.001);
                var v = Math.Clamp((((cos * cy) - (sin * cx)) / zoom) + (height / 2.0) - (down * width), 0, height - 1.001);
                var (left, top) = ((int)u, (int)v);
                var (fu, fv, at) = (u - left, v - top, (top * width) + left);
                var upper = picture[at] + (fu * (picture[at + 1] - picture[at]));
                var lower = picture[at + width] + (fu * (picture[at + width + 1] - picture[at + width]));
                result[(y * width) + x] = (byte)(upper + (fv * (lower - upper)) + 0.5);
            }
        }

        return result;
    }

    private static byte[] Blur(byte[] picture, int width, int height, int radius)
    {
        var rows = Smear(picture, height, width, width, 1, radius);
        return Smear(rows, width, height, 1, width, radius);
    }

    /// <summary>A running mean along lines of pixels.</summary>
    private static byte[] Smear(byte[] picture, int lines, int length, int lineStep, int step, int radius)
    {
        var result = new byte[picture.Length];
        for (var line = 0; line < lines; line++)
        {
            var start = line * lineStep;
            for (var i = 0; i < length; i++)
            {
                var (sum, count) = (0, 0);
                for (var k = Math.Max(0, i - radius); k <= Math.Min(length - 1, i + radius); k++, count++) sum += picture[start + (k * step)];
                result[start + (i * step)] = (byte)(sum / count);
            }
        }

        return result;
    }
}
