using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Tests.Scene;

/// <summary>A drawn street as a camera sees it: houses, kerbs and markings, boxes that drive, and noise; and what can happen to the camera.</summary>
public sealed class StreetScene
{
    public static readonly SceneGrid Grid = new(new FrameFormat(640, 360, 10), []);

    private const int Margin = 160;
    private static readonly int CanvasWidth = Grid.FineWidth + (2 * Margin);
    private static readonly int CanvasHeight = Grid.FineHeight + (2 * Margin);
    private static readonly double[] s_canvas = Paint();

    private readonly Random _random = new(7);
    private readonly ScenePicture _picture = new(Grid);
    private readonly double[] _pixels = new double[Grid.FineWidth * Grid.FineHeight];
    private readonly byte[] _bytes = new byte[Grid.FineWidth * Grid.FineHeight];
    private double _time;

    public SceneJudge Judge { get; init; } = new(Grid, SceneSettings.Default);

    public double ShiftX { get; set; }
    public double ShiftY { get; set; }
    public double Degrees { get; set; }
    public double Zoom { get; set; } = 1;
    public double Light { get; set; } = 1;
    public double Contrast { get; set; } = 1;
    public double Noise { get; set; } = 2;
    public int Blur { get; set; }
    public bool IsFrozen { get; set; }

    /// <summary>Share of the picture's width, from the left, that is covered.</summary>
    public double Covered { get; set; }

    /// <summary>How many vehicles of a queue stand before the camera.</summary>
    public int Queue { get; set; }

    /// <summary>Text that the camera itself writes into its picture.</summary>
    public bool HasText { get; set; }

    /// <summary>Looks for so long; gives the states that were seen, each once.</summary>
    public List<SceneState> Watch(double seconds)
    {
        var states = new List<SceneState>();
        for (var end = _time + seconds; _time < end - 1e-6; _time += 0.5)
        {
            if (!IsFrozen) Draw();
            _picture.Take(_bytes);
            var state = Judge.Judge(_picture, DateTimeOffset.UnixEpoch.AddSeconds(_time)).State;
            if (!states.Contains(state)) states.Add(state);
        }

        return states;
    }

    /// <returns>After how many seconds the state was told; null where it was not within so long.</returns>
    public double? Until(SceneState wanted, double seconds)
    {
        var from = _time;
        while (_time - from < seconds)
        {
            if (Watch(0.5)[^1] == wanted) return _time - from;
        }

        return null;
    }

    private void Draw()
    {
        var (width, height) = (Grid.FineWidth, Grid.FineHeight);
        var (sin, cos) = Math.SinCos(Degrees * Math.PI / 180);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (cx, cy) = (x - (width / 2.0), y - (height / 2.0));
                var u = (((cos * cx) + (sin * cy)) / Zoom) + (width / 2.0) - (ShiftX * width);
                var v = (((cos * cy) - (sin * cx)) / Zoom) + (height / 2.0) - (ShiftY * width);
                _pixels[(y * width) + x] = Scene(u, v);
            }
        }

        for (var b = 0; b < Blur; b++) Soften();
        for (var i = 0; i < _pixels.Length; i++)
        {
            var grey = i % width < Covered * width ? 70 : _pixels[i] * Light;
            if (HasText && i / width < 22 && i % width < 200) grey = (i % width / 5 * 7 % 3) + (i / width / 4 % 2) > 1 ? 250 : 5;
            _bytes[i] = (byte)Math.Clamp(grey + (Noise * (_random.NextDouble() + _random.NextDouble() + _random.NextDouble() - 1.5)), 0, 255);
        }
    }

    private double Scene(double u, double v)
    {
        var (x, y) = (Math.Clamp(u + Margin, 0, CanvasWidth - 1.001), Math.Clamp(v + Margin, 0, CanvasHeight - 1.001));
        var at = ((int)y * CanvasWidth) + (int)x;
        var (fx, fy) = (x - (int)x, y - (int)y);
        var upper = s_canvas[at] + (fx * (s_canvas[at + 1] - s_canvas[at]));
        var lower = s_canvas[at + CanvasWidth] + (fx * (s_canvas[at + CanvasWidth + 1] - s_canvas[at + CanvasWidth]));
        var grey = 110 + ((upper + (fy * (lower - upper)) - 110) * Contrast);
        for (var i = 0; i < Queue; i++)
        {
            var (left, top) = (20 + (i % 5 * 58), 60 + (i / 5 * 40));
            if (u >= left && u < left + 46 && v >= top && v < top + 30) grey = (u - left) % 20 < 10 ? 230 : 25;
        }

        for (var i = 0; i < 3; i++)
        {
            var left = (((_time * 60) + (i * 130)) % 420) - 60;
            if (u >= left && u < left + 40 && v >= 90 + (i * 20) && v < 112 + (i * 20)) grey = 40 + (60 * i);
        }

        return grey;
    }

    /// <summary>Houses, kerbs and markings, reaching beyond the picture so that a turned camera sees more of them.</summary>
    private static double[] Paint()
    {
        var random = new Random(42);
        var canvas = new double[CanvasWidth * CanvasHeight];
        Array.Fill(canvas, 110);
        for (var i = 0; i < 260; i++)
        {
            var (left, top) = (random.Next(-20, CanvasWidth), random.Next(-20, CanvasHeight));
            var (right, bottom, grey) = (left + random.Next(6, 40), top + random.Next(4, 30), random.Next(30, 220));
            for (var y = Math.Max(0, top); y < Math.Min(CanvasHeight, bottom); y++)
                for (var x = Math.Max(0, left); x < Math.Min(CanvasWidth, right); x++) canvas[(y * CanvasWidth) + x] = grey;
        }

        // A lens is never as sharp as a drawing.
        var soft = (double[])canvas.Clone();
        for (var i = CanvasWidth + 1; i < canvas.Length - CanvasWidth - 1; i++)
            soft[i] = ((4 * canvas[i]) + canvas[i - 1] + canvas[i + 1] + canvas[i - CanvasWidth] + canvas[i + CanvasWidth]) / 8;
        return soft;
    }

    private void Soften()
    {
        var (width, height) = (Grid.FineWidth, Grid.FineHeight);
        var copy = (double[])_pixels.Clone();
        for (var y = 1; y < height - 1; y++)
        {
            for (var x = 1; x < width - 1; x++)
            {
                var sum = 0.0;
                for (var v = -1; v <= 1; v++)
                    for (var u = -1; u <= 1; u++) sum += copy[((y + v) * width) + x + u];
                _pixels[(y * width) + x] = sum / 9;
            }
        }
    }
}
