using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Scene;

/// <summary>
/// Sizes of the pictures in which a scene is compared: so small that no face or plate survives, and tiles whose majority decides, so that
/// traffic in some of them does not matter.
/// </summary>
public sealed class SceneGrid
{
    private const int Columns = 8;
    private const int LargestWidth = 160;

    public SceneGrid(FrameFormat frame, IReadOnlyList<Polygon> masks)
    {
        Width = Math.Clamp(frame.Width / 2, 16, LargestWidth);
        Height = Math.Max(12, (int)Math.Round((double)Width * frame.Height / frame.Width));
        Rows = Math.Clamp((int)Math.Round((double)Columns * Height / Width), 3, 16);
        Reach = Math.Max(3, (int)Math.Round(Width * 0.065));
        Tiles = [.. from row in Enumerable.Range(0, Rows) from column in Enumerable.Range(0, Columns) select Tile(column, row)];
        Hidden = Hide(masks);
    }

    /// <summary>Of the coarse picture, pixels.</summary>
    public int Width { get; }

    public int Height { get; }

    /// <summary>The picture that is handed in is twice as large each way: it tells sharp from blurred.</summary>
    public int FineWidth => 2 * Width;

    public int FineHeight => 2 * Height;

    /// <summary>Largest shift that is looked for, coarse pixels each way.</summary>
    public int Reach { get; }

    internal IReadOnlyList<SceneTile> Tiles { get; }

    /// <summary>Coarse pixels at masks: their edges do not move with the camera.</summary>
    internal bool[] Hidden { get; }

    private int Rows { get; }

    private SceneTile Tile(int column, int row)
    {
        var (left, top) = (column * Width / Columns, row * Height / Rows);
        return new SceneTile(left, top, ((column + 1) * Width / Columns) - left, ((row + 1) * Height / Rows) - top);
    }

    private bool[] Hide(IReadOnlyList<Polygon> masks)
    {
        const int Margin = 2;
        var hidden = new bool[Width * Height];
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                if (!masks.Any(m => Contains(m, (x + 0.5) / Width, (y + 0.5) / Height))) continue;
                for (var v = Math.Max(0, y - Margin); v <= Math.Min(Height - 1, y + Margin); v++)
                    hidden.AsSpan((v * Width) + Math.Max(0, x - Margin), Math.Min(Width - 1, x + Margin) - Math.Max(0, x - Margin) + 1).Fill(true);
            }
        }

        return hidden;
    }

    private static bool Contains(Polygon polygon, double x, double y)
    {
        var inside = false;
        for (int i = 0, j = polygon.Points.Count - 1; i < polygon.Points.Count; j = i++)
        {
            var (a, b) = (polygon.Points[i], polygon.Points[j]);
            if (a.Y > y != b.Y > y && x < ((b.X - a.X) * (y - a.Y) / (b.Y - a.Y)) + a.X) inside = !inside;
        }

        return inside;
    }
}

/// <summary>A rectangle of the coarse picture, pixels.</summary>
internal readonly record struct SceneTile(int Left, int Top, int Width, int Height)
{
    public double CenterX => Left + (Width / 2.0);
    public double CenterY => Top + (Height / 2.0);
}
