using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Privacy;

/// <summary>A picture cut into cells, and which of them the masks leave open: those with one pixel at least whose middle lies in no mask.</summary>
internal sealed class MaskGrid
{
    private readonly int _columns;
    private readonly int _rows;

    public MaskGrid(CameraSetup camera, int cells)
    {
        var frame = camera.Frame;
        var longer = Math.Max(frame.Width, frame.Height);
        (_columns, _rows) = (Math.Min(frame.Width, Math.Max(1, cells * frame.Width / longer)), Math.Min(frame.Height, Math.Max(1, cells * frame.Height / longer)));
        var isOpen = new bool[_columns * _rows];
        var masked = new bool[frame.Width];
        var open = 0L;
        for (var row = 0; row < frame.Height; row++)
        {
            var y = (row + 0.5) / frame.Height;
            Array.Clear(masked);
            foreach (var mask in camera.Masks) Cover(mask.Points, y, masked);
            var cellRow = (int)((long)row * _rows / frame.Height);
            for (var column = 0; column < frame.Width; column++)
            {
                if (masked[column]) continue;
                open++;
                isOpen[(cellRow * _columns) + (int)((long)column * _columns / frame.Width)] = true;
            }
        }

        OpenShare = open / ((double)frame.Width * frame.Height);
        Open = [.. Enumerable.Range(0, isOpen.Length).Where(i => isOpen[i])];
    }

    public IReadOnlyList<int> Open { get; }

    /// <summary>Of all pixels, 0..1.</summary>
    public double OpenShare { get; }

    public IEnumerable<PicturePoint> Corners(int cell)
    {
        var (row, column) = Math.DivRem(cell, _columns);
        yield return new PicturePoint((double)column / _columns, (double)row / _rows);
        yield return new PicturePoint((double)(column + 1) / _columns, (double)row / _rows);
        yield return new PicturePoint((double)column / _columns, (double)(row + 1) / _rows);
        yield return new PicturePoint((double)(column + 1) / _columns, (double)(row + 1) / _rows);
    }

    /// <summary>By the even-odd rule: what is certainly black.</summary>
    private static void Cover(IReadOnlyList<PicturePoint> points, double y, bool[] masked)
    {
        var crossings = new List<double>();
        for (var i = 0; i < points.Count; i++)
        {
            var (a, b) = (points[i], points[(i + 1) % points.Count]);
            if (a.Y <= y != b.Y <= y) crossings.Add((a.X + ((y - a.Y) / (b.Y - a.Y) * (b.X - a.X))) * masked.Length);
        }

        crossings.Sort();
        for (var i = 0; i + 1 < crossings.Count; i += 2)
        {
            for (var column = Math.Max(0, (int)Math.Ceiling(crossings[i] - 0.5)); column < masked.Length && column + 0.5 <= crossings[i + 1]; column++) masked[column] = true;
        }
    }
}
