using System.Numerics;
using TrafficFlow.Simulation.Vehicles;
using TrafficFlow.Synthetic.Vehicles;

namespace TrafficFlow.Synthetic.Effects;

/// <summary>Headlights that shine into the lens: a core that hides the vehicle behind it, and a halo in the glass around it.</summary>
internal sealed class HeadlightGlare(ViewCamera camera, Canvas canvas, float strength, int width, int height)
{
    // Of low beams little goes up to a camera that looks down steeply or from the side.
    private const int Narrowness = 5;
    private const float LeastPower = 0.03f;

    private readonly List<(float X, float Y, float Power)> _lamps = [];

    /// <summary>Remembers the lamps of a vehicle that are seen; ask before the canvas is merged and wiped.</summary>
    public void Note(in VehicleView v)
    {
        var ahead = new Vector3((float)Math.Cos(v.HeadingRadians), (float)Math.Sin(v.HeadingRadians), 0);
        var left = new Vector3(-ahead.Y, ahead.X, 0);
        var front = new Vector3((float)v.Centre.X, (float)v.Centre.Y, v.Height > 2.4 ? 0.75f : 0.65f) + (ahead * (((float)v.Length / 2) + 0.06f));
        var isSingle = v.Width < 1;
        for (var side = isSingle ? 0 : -1; side <= (isSingle ? 0 : 1); side += 2)
        {
            var lamp = front + (left * (side * 0.36f * (float)v.Width));
            var depth = camera.DepthOf(lamp);
            if (depth < 2) continue;
            var toEye = camera.Position - lamp;
            var distance = toEye.Length();
            var facing = MathF.Max(0, Vector3.Dot(ahead, toEye) / distance);
            var power = strength * MathF.Pow(facing, Narrowness) / (0.6f + (distance / 60));
            var at = camera.Project(lamp);
            if (power < LeastPower || !canvas.IsNearest((float)at.X * canvas.Width, (float)at.Y * canvas.Height, 1 / depth)) continue;
            _lamps.Add(((float)at.X * width, (float)at.Y * height, power));
        }
    }

    /// <summary>Adds the light to a B G R picture and forgets the lamps.</summary>
    public unsafe void Apply(byte* picture)
    {
        foreach (var (x, y, power) in _lamps) Add(picture, x, y, power);
        _lamps.Clear();
    }

    private unsafe void Add(byte* picture, float cx, float cy, float power)
    {
        var core = height * (0.004f + (0.011f * power));
        var reach = core * 9;
        var (x0, x1) = (Math.Max(0, (int)(cx - reach)), Math.Min(width - 1, (int)(cx + reach)));
        for (var y = Math.Max(0, (int)(cy - reach)); y <= Math.Min(height - 1, (int)(cy + reach)); y++)
        {
            for (var x = x0; x <= x1; x++)
            {
                var (dx, dy) = (x + 0.5f - cx, y + 0.5f - cy);
                var square = ((dx * dx) + (dy * dy)) / (core * core);
                if (square > 81) continue;
                // The halo ends softly where the drawing of it does.
                var halo = 70 * power / (1 + square) * (1 - (square / 81));
                var light = (330 * MathF.Min(1, power * 1.6f) * MathF.Exp(-square * 0.7f)) + halo;
                var pixel = picture + (3 * ((y * width) + x));
                pixel[0] = (byte)MathF.Min(252, pixel[0] + (light * 0.86f));
                pixel[1] = (byte)MathF.Min(252, pixel[1] + (light * 0.96f));
                pixel[2] = (byte)MathF.Min(252, pixel[2] + light);
            }
        }
    }
}
