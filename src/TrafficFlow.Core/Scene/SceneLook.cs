namespace TrafficFlow.Core.Scene;

/// <summary>
/// How the empty scene looks in one light: directions of its edges, and for each tile how strong and sharp they are. Of a median over many
/// seconds, and coarse: neither vehicles nor persons are in it.
/// </summary>
internal sealed class SceneLook
{
    private const int Levels = 127;

    /// <summary>Coarse pixels of a block that people see, each way.</summary>
    public const int Block = 2;

    /// <summary>Sum of squared edge lengths from which a tile can tell where it is.</summary>
    private const float LeastStructure = 5;

    private SceneLook(SceneGrid grid, float[] edges, float[] strength, float[] sharpness, float brightness, double offsetX, double offsetY)
    {
        (Edges, Strength, Sharpness, Brightness, OffsetX, OffsetY) = (edges, strength, sharpness, brightness, offsetX, offsetY);
        Structure = [.. grid.Tiles.Select(tile => StructureOf(grid, tile))];
        Structured = [.. Enumerable.Range(0, grid.Tiles.Count).Where(t => Structure[t] >= LeastStructure)];
    }

    public float[] Edges { get; }
    public float[] Strength { get; }
    public float[] Sharpness { get; }

    /// <summary>Mean grey level of the whole picture.</summary>
    public float Brightness { get; }

    /// <summary>Where the scene was when this look was taken, coarse pixels from the calibration.</summary>
    public double OffsetX { get; }

    public double OffsetY { get; }

    /// <summary>Sum of squared edge lengths of each tile.</summary>
    public float[] Structure { get; }

    /// <summary>The tiles that can tell where they are.</summary>
    public int[] Structured { get; }

    public static SceneLook Of(ScenePicture background, double offsetX = 0, double offsetY = 0) => new(
        background.Grid, Quantised(background.Edges), [.. background.Strength], [.. background.Sharpness], background.Brightness.Average(), offsetX, offsetY);

    /// <summary>
    /// For people to look at: without the directions of its edges, and as coarse as a whole picture is shown of which nobody knows who is in it (at most 80 blocks across). Who stands
    /// before a camera for seconds is in a median too.
    /// </summary>
    public EdgePicture ToPicture(SceneGrid grid)
    {
        var (width, height) = (grid.Width / Block, grid.Height / Block);
        var sums = new float[width * height];
        for (var y = 0; y < height * Block; y++)
        {
            for (var x = 0; x < width * Block; x++)
            {
                var at = 2 * ((y * grid.Width) + x);
                sums[(y / Block * width) + (x / Block)] += (Edges[at] * Edges[at]) + (Edges[at + 1] * Edges[at + 1]);
            }
        }

        // The squares: what is sure stands out of what is a texture.
        return new EdgePicture(width, height, [.. sums.Select(s => (byte)Math.Min(255, 255 * s / (Block * Block)))]);
    }

    public void Write(BinaryWriter to)
    {
        to.Write((float)OffsetX);
        to.Write((float)OffsetY);
        to.Write(Brightness);
        foreach (var value in Strength.Concat(Sharpness)) to.Write(value);
        foreach (var value in Edges) to.Write((sbyte)MathF.Round(value * Levels));
    }

    /// <exception cref="EndOfStreamException">The rest is missing.</exception>
    public static SceneLook Read(SceneGrid grid, BinaryReader from)
    {
        var (x, y) = (from.ReadSingle(), from.ReadSingle());
        var brightness = from.ReadSingle();
        var strength = Numbers();
        var sharpness = Numbers();
        var edges = new float[2 * grid.Width * grid.Height];
        for (var i = 0; i < edges.Length; i++) edges[i] = from.ReadSByte() / (float)Levels;
        return new SceneLook(grid, edges, strength, sharpness, brightness, x, y);

        float[] Numbers() => [.. Enumerable.Range(0, grid.Tiles.Count).Select(_ => from.ReadSingle())];
    }

    // As stored, so that a restart compares with the same look to the last bit.
    private static float[] Quantised(float[] edges) => [.. edges.Select(e => MathF.Round(e * Levels) / Levels)];

    private float StructureOf(SceneGrid grid, SceneTile tile)
    {
        var sum = 0f;
        for (var y = tile.Top; y < tile.Top + tile.Height; y++)
        {
            var row = Edges.AsSpan(2 * ((y * grid.Width) + tile.Left), 2 * tile.Width);
            foreach (var e in row) sum += e * e;
        }

        return sum;
    }
}
