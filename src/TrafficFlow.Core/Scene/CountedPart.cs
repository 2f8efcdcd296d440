using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Scene;

/// <summary>The part of a picture in which vehicles are counted: around the gates, without masks. A camera without gates is looked at as a whole.</summary>
public static class CountedPart
{
    // A vehicle is followed for a good way before and behind a gate.
    private const double Around = 0.15;

    /// <returns>For each pixel of the fine picture, row by row.</returns>
    public static bool[] Of(CameraSetup camera, SceneGrid grid)
    {
        var ends = camera.Gates.SelectMany(g => new[] { g.From, g.To }).ToList();
        var (left, right) = ends.Count == 0 ? (0, 1) : (ends.Min(p => p.X) - Around, ends.Max(p => p.X) + Around);
        var (top, bottom) = ends.Count == 0 ? (0, 1) : (ends.Min(p => p.Y) - Around, ends.Max(p => p.Y) + Around);
        var part = new bool[grid.FineWidth * grid.FineHeight];
        for (var y = 0; y < grid.FineHeight; y++)
        {
            for (var x = 0; x < grid.FineWidth; x++)
            {
                var (u, v) = ((x + 0.5) / grid.FineWidth, (y + 0.5) / grid.FineHeight);
                part[(y * grid.FineWidth) + x] = u >= left && u <= right && v >= top && v <= bottom && !grid.Hidden[(y / 2 * grid.Width) + (x / 2)];
            }
        }

        return part;
    }
}
