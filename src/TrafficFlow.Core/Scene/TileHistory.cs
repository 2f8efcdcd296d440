namespace TrafficFlow.Core.Scene;

/// <summary>
/// What the tiles showed in the last seconds: a tile through which a vehicle drives is seen before or behind it, so only what lasts counts.
/// </summary>
internal sealed class TileHistory(SceneGrid grid, SceneSettings settings)
{
    private const int Looks = 5;

    private readonly float[][] _agreement = Rows(grid);
    private readonly float[][] _strength = Rows(grid);
    private readonly float[][] _sharpness = Rows(grid);
    private readonly float[] _column = new float[Looks];
    private int _next;
    private int _count;

    /// <summary>Share of the structured tiles that are empty now.</summary>
    public double Empty { get; private set; }

    /// <summary>Share that are empty or blurred.</summary>
    public double Lost { get; private set; }

    /// <summary>Of the tiles that are still recognised, the share that are blurred; 0 where too few are.</summary>
    public double Blurred { get; private set; }

    public void Clear() => (_next, _count, Empty, Lost, Blurred) = (0, 0, 0, 0, 0);

    /// <param name="isShifted">The tiles show other things than in the look: nothing can be said of their sharpness.</param>
    public void Add(SceneLook look, ScenePicture picture, float[] agreement, bool isShifted)
    {
        agreement.CopyTo(_agreement[_next], 0);
        picture.Strength.CopyTo(_strength[_next], 0);
        picture.Sharpness.CopyTo(_sharpness[_next], 0);
        _next = (_next + 1) % Looks;
        _count = Math.Min(_count + 1, Looks);
        if (_count < Looks) return;
        var (empty, blurred, recognised) = (0, 0, 0);
        foreach (var t in look.Structured)
        {
            var isKnown = Highest(_agreement, t) >= settings.Agreement * 0.6;
            if (!isKnown && Highest(_strength, t) < settings.EmptyStrength * look.Strength[t])
            {
                empty++;
                continue;
            }

            if (!isKnown) continue;
            recognised++;
            if (!isShifted && Median(_sharpness, t) < settings.BlurredStrength * look.Sharpness[t]) blurred++;
        }

        Empty = (double)empty / look.Structured.Length;
        Lost = (double)(empty + blurred) / look.Structured.Length;
        Blurred = recognised >= 3 ? (double)blurred / recognised : 0;
    }

    private static float Highest(float[][] rows, int t)
    {
        var highest = rows[0][t];
        foreach (var row in rows) highest = MathF.Max(highest, row[t]);
        return highest;
    }

    private float Median(float[][] rows, int t)
    {
        for (var i = 0; i < Looks; i++) _column[i] = rows[i][t];
        Array.Sort(_column);
        return _column[Looks / 2];
    }

    private static float[][] Rows(SceneGrid grid) => [.. Enumerable.Range(0, Looks).Select(_ => new float[grid.Tiles.Count])];
}
