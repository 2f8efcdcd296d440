namespace TrafficFlow.Core.Scene.Visibility;

/// <summary>Notices that the whole picture has become brighter or darker within a second or two. Clouds take longer, and a lamp lights a part.</summary>
internal sealed class ExposureWatch(SceneGrid grid, SceneSettings settings)
{
    private const int Looks = 5;
    private const float Floor = 2;

    private readonly float[][] _logs = [.. Enumerable.Range(0, Looks).Select(_ => new float[grid.Tiles.Count])];
    private readonly float[] _ratios = new float[grid.Tiles.Count];
    private readonly float[] _sorted = new float[grid.Tiles.Count];
    private int _count;
    private float[]? _before;
    private DateTimeOffset _since;

    public void Clear() => (_count, _before) = (0, null);

    /// <returns>True where the brightness has jumped, and stayed there for longer than a flash.</returns>
    public bool Add(ScenePicture picture, DateTimeOffset time)
    {
        var now = _logs[_count % Looks];
        for (var t = 0; t < now.Length; t++) now[t] = MathF.Log(picture.Brightness[t] + Floor);
        _count++;
        if (_count < Looks) return false;
        if (_before is null && HasJumped(now, _logs[_count % Looks])) (_before, _since) = ([.. _logs[_count % Looks]], time);
        if (_before is null || (time - _since).TotalSeconds < settings.ExposureLasts) return false;
        var lasts = HasJumped(now, _before);
        _before = null;
        return lasts;
    }

    private bool HasJumped(float[] now, float[] then)
    {
        for (var t = 0; t < now.Length; t++) _sorted[t] = _ratios[t] = now[t] - then[t];
        Array.Sort(_sorted);
        var median = _sorted[_sorted.Length / 2];
        if (Math.Abs(median) < Math.Log(settings.ExposureFactor)) return false;
        return _ratios.Count(r => r * Math.Sign(median) >= MathF.Abs(median) / 2) >= 0.75 * _ratios.Length;
    }
}
