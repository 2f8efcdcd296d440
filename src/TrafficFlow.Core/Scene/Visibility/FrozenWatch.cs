namespace TrafficFlow.Core.Scene.Visibility;

/// <summary>
/// Notices that the same picture comes again and again. Where the camera's own noise is seen its absence tells; a camera without noise
/// must repeat itself exactly. Between two key frames an encoder may do that by itself, so it must last.
/// </summary>
internal sealed class FrozenWatch(SceneSettings settings)
{
    /// <summary>Mean difference in grey levels that counts as none.</summary>
    private const double Exact = 0.004;

    /// <summary>Share of the least usual difference that is none either: what an encoder makes of a standing picture.</summary>
    private const double ShareOfUsual = 0.1;

    private readonly int _looks = Math.Max(3, (int)Math.Ceiling(settings.FrozenSeconds / settings.LookEvery));
    private readonly List<double> _recent = [];
    private float[]? _last;
    private double _usual;
    private int _seen;

    public void Clear()
    {
        _recent.Clear();
        _last = null;
    }

    /// <returns>True while the picture stands still.</returns>
    public bool Add(ScenePicture picture)
    {
        if (_last is null)
        {
            _last = [.. picture.Grey];
            return false;
        }

        var difference = 0.0;
        for (var i = 0; i < _last.Length; i++) difference += Math.Abs(picture.Grey[i] - _last[i]);
        picture.Grey.CopyTo(_last, 0);
        _recent.Add(difference / _last.Length);
        if (_recent.Count > _looks) _recent.RemoveAt(0);
        if (_recent.Count < _looks) return false;
        var frozen = _recent.Order().ElementAt(_looks * 4 / 5) <= Math.Max(Exact, _seen > 2 * _looks ? ShareOfUsual * _usual : 0);
        if (!frozen) LearnUsual();
        return frozen;
    }

    /// <summary>Falls quickly to the least difference that is seen, and rises slowly.</summary>
    private void LearnUsual()
    {
        var least = _recent.Order().ElementAt(_looks / 4);
        _usual = _seen++ == 0 || least < _usual ? least : _usual + (0.01 * (least - _usual));
    }
}
