using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation.Vehicles;
using TrafficFlow.Synthetic;
using TrafficFlow.Synthetic.Truth;

namespace TrafficFlow.Benchmarks.Queues;

/// <summary>
/// What a good detector would find in one synthetic camera: the true boxes as far as nearer vehicles leave them in view, each side off by noise, some missing, some of a wrong class.
/// </summary>
internal sealed class SeenBoxes(int arm, CameraSetup camera, int seed)
{
    // As detectors trained on streets have it at this size of picture: two pixels or 3 % of the box, a missing one in thirty, one class in ten wrong.
    private const double NoisePixels = 1.5;
    private const double NoiseShare = 0.03;
    private const double MissingShare = 0.03;
    private const double WrongClassShare = 0.1;
    private const double LeastVisible = 0.35;
    private const float LeastPixels = 8;

    private const int Columns = 8;
    private const int Rows = 6;

    private readonly ViewCamera _view = JunctionCameras.Of(arm, (double)camera.Frame.Width / camera.Frame.Height);
    private readonly Random _random = new(seed);
    private readonly List<(Box Box, float Depth, VehicleClass Class)> _all = [];

    public List<Detection> Look(IReadOnlyList<VehicleView> vehicles)
    {
        _all.Clear();
        foreach (var vehicle in vehicles)
        {
            if (TrueBoxes.Of(_view, vehicle, camera.Frame.Width, camera.Frame.Height) is not { } box) continue;
            _all.Add((box, _view.DepthOf(new System.Numerics.Vector3((float)vehicle.Centre.X, (float)vehicle.Centre.Y, 0)), vehicle.Class));
        }

        _all.Sort((a, b) => a.Depth.CompareTo(b.Depth));
        var found = new List<Detection>(_all.Count);
        for (var i = 0; i < _all.Count; i++)
        {
            if (_random.NextDouble() < MissingShare || Visible(i) is not { } seen || seen.Width < LeastPixels || seen.Height < LeastPixels) continue;
            var (x, y) = (NoisePixels + (NoiseShare * seen.Width), NoisePixels + (NoiseShare * seen.Height));
            var box = Box.FromCorners(seen.X + Normal(x), seen.Y + Normal(y), seen.Right + Normal(x), seen.Bottom + Normal(y)).ClipTo(camera.Frame.Width, camera.Frame.Height);
            if (box.Width < 2 || box.Height < 2) continue;
            var told = _random.NextDouble() < WrongClassShare ? (VehicleClass)_random.Next(1, 6) : _all[i].Class;
            found.Add(new Detection(box, (float)(0.6 + (0.35 * _random.NextDouble())), Enum.IsDefined(told) ? told : VehicleClass.Unclassified));
        }

        return found;
    }

    /// <summary>The box around what nearer vehicles do not hide; null where that is too little.</summary>
    private Box? Visible(int index)
    {
        var box = _all[index].Box;
        var (left, top, right, bottom, seen) = (Columns, Rows, -1, -1, 0);
        for (var c = 0; c < Columns; c++)
        {
            for (var r = 0; r < Rows; r++)
            {
                var (x, y) = (box.X + ((c + 0.5f) / Columns * box.Width), box.Y + ((r + 0.5f) / Rows * box.Height));
                if (IsHidden(index, x, y)) continue;
                seen++;
                (left, top, right, bottom) = (Math.Min(left, c), Math.Min(top, r), Math.Max(right, c), Math.Max(bottom, r));
            }
        }

        return seen < LeastVisible * Columns * Rows
            ? null
            : Box.FromCorners(
                box.X + ((float)left / Columns * box.Width), box.Y + ((float)top / Rows * box.Height),
                box.X + ((right + 1f) / Columns * box.Width), box.Y + ((bottom + 1f) / Rows * box.Height));
    }

    private bool IsHidden(int index, float x, float y)
    {
        for (var i = 0; i < index; i++)
        {
            // A vehicle fills its box but for the corners.
            var b = _all[i].Box;
            var (dx, dy) = (0.08f * b.Width, 0.08f * b.Height);
            if (x > b.X + dx && x < b.Right - dx && y > b.Y + dy && y < b.Bottom - dy) return true;
        }

        return false;
    }

    private float Normal(double deviation) => (float)(deviation * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble()));
}
