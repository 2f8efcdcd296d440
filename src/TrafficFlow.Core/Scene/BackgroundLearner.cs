namespace TrafficFlow.Core.Scene;

/// <summary>The median of a number of looks, pixel by pixel: what drives through is not in it.</summary>
internal sealed class BackgroundLearner(SceneGrid grid, int looks)
{
    private readonly List<float[]> _greys = [];
    private readonly List<float[]> _sharpness = [];

    public bool IsReady => _greys.Count >= looks;

    public void Add(ScenePicture picture)
    {
        _greys.Add([.. picture.Grey]);
        _sharpness.Add([.. picture.Sharpness]);
    }

    public void Clear()
    {
        _greys.Clear();
        _sharpness.Clear();
    }

    public ScenePicture Background()
    {
        var background = new ScenePicture(grid);
        background.Take(Median(_greys), Median(_sharpness));
        return background;
    }

    private static float[] Median(List<float[]> values)
    {
        var column = new float[values.Count];
        var median = new float[values[0].Length];
        for (var i = 0; i < median.Length; i++)
        {
            for (var v = 0; v < column.Length; v++) column[v] = values[v][i];
            Array.Sort(column);
            median[i] = column[column.Length / 2];
        }

        return median;
    }
}
