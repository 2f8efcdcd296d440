namespace TrafficFlow.Core.Scene;

/// <summary>
/// One look at the scene: the coarse grey picture, the directions of its edges, and for each tile its brightness, edge strength and
/// sharpness. Made once and filled again and again.
/// </summary>
public sealed class ScenePicture(SceneGrid grid)
{
    /// <summary>Grey levels a pixel at which an edge counts half.</summary>
    private const float HalfEdge = 4;

    /// <summary>Below it is noise.</summary>
    private const float LeastEdge = 1.5f;

    public SceneGrid Grid { get; } = grid;

    /// <summary>Coarse grey levels, 0..255, row by row.</summary>
    internal float[] Grey { get; } = new float[grid.Width * grid.Height];

    /// <summary>Direction of each pixel's edge as (x, y), as long as the edge is sure, 0..1.</summary>
    internal float[] Edges { get; } = new float[2 * grid.Width * grid.Height];

    /// <summary>Mean grey level of each tile.</summary>
    internal float[] Brightness { get; } = new float[grid.Tiles.Count];

    /// <summary>Mean squared gradient of each tile.</summary>
    internal float[] Strength { get; } = new float[grid.Tiles.Count];

    /// <summary>Mean squared gradient of the fine picture over that of the coarse one: falls with blur, not with contrast.</summary>
    internal float[] Sharpness { get; } = new float[grid.Tiles.Count];

    /// <param name="fine">Grey levels, <see cref="SceneGrid.FineWidth"/> x <see cref="SceneGrid.FineHeight"/>, row by row.</param>
    public void Take(ReadOnlySpan<byte> fine)
    {
        var (width, height, stride) = (Grid.Width, Grid.Height, Grid.FineWidth);
        if (fine.Length != stride * Grid.FineHeight) throw new ArgumentException($"{fine.Length} grey levels do not fit {stride}x{Grid.FineHeight}", nameof(fine));
        for (var y = 0; y < height; y++)
        {
            var upper = fine.Slice(2 * y * stride, stride);
            var lower = fine.Slice(((2 * y) + 1) * stride, stride);
            for (var x = 0; x < width; x++)
                Grey[(y * width) + x] = (upper[2 * x] + upper[(2 * x) + 1] + lower[2 * x] + lower[(2 * x) + 1]) * 0.25f;
        }

        Describe();
        for (var t = 0; t < Grid.Tiles.Count; t++) Sharpness[t] = FineStrength(fine, Grid.Tiles[t]) / Math.Max(0.5f, Strength[t]);
    }

    /// <summary>A picture that was put together from others; its sharpness is theirs.</summary>
    internal void Take(ReadOnlySpan<float> coarse, ReadOnlySpan<float> sharpness)
    {
        coarse.CopyTo(Grey);
        Describe();
        sharpness.CopyTo(Sharpness);
    }

    private void Describe()
    {
        var width = Grid.Width;
        for (var t = 0; t < Grid.Tiles.Count; t++)
        {
            var tile = Grid.Tiles[t];
            var (light, strength) = (0f, 0f);
            for (var y = tile.Top; y < tile.Top + tile.Height; y++)
            {
                var (above, below) = (Math.Max(0, y - 1) * width, Math.Min(Grid.Height - 1, y + 1) * width);
                for (var x = tile.Left; x < tile.Left + tile.Width; x++)
                {
                    var at = (y * width) + x;
                    light += Grey[at];
                    var gx = (Grey[(y * width) + Math.Min(width - 1, x + 1)] - Grey[(y * width) + Math.Max(0, x - 1)]) * 0.5f;
                    var gy = (Grey[below + x] - Grey[above + x]) * 0.5f;
                    var squared = (gx * gx) + (gy * gy);
                    if (squared < LeastEdge * LeastEdge || Grid.Hidden[at])
                    {
                        Edges[2 * at] = Edges[(2 * at) + 1] = 0;
                        continue;
                    }

                    strength += squared;
                    var scale = 1 / (MathF.Sqrt(squared) + HalfEdge);
                    Edges[2 * at] = gx * scale;
                    Edges[(2 * at) + 1] = gy * scale;
                }
            }

            Brightness[t] = light / (tile.Width * tile.Height);
            Strength[t] = strength / (tile.Width * tile.Height);
        }
    }

    private float FineStrength(ReadOnlySpan<byte> fine, SceneTile tile)
    {
        var (stride, sum) = (Grid.FineWidth, 0L);
        for (var y = 2 * tile.Top; y < Math.Min(Grid.FineHeight - 1, 2 * (tile.Top + tile.Height)); y++)
        {
            var row = fine.Slice(y * stride, 2 * stride);
            for (var x = 2 * tile.Left; x < Math.Min(stride - 1, 2 * (tile.Left + tile.Width)); x++)
            {
                if (Grid.Hidden[(y / 2 * Grid.Width) + (x / 2)]) continue;
                var (dx, dy) = (row[x + 1] - row[x], row[x + stride] - row[x]);
                sum += (dx * dx) + (dy * dy);
            }
        }

        return (float)sum / (4 * tile.Width * tile.Height);
    }
}
