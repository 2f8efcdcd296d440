namespace TrafficFlow.Core.Scene.Visibility;

/// <summary>
/// Says whether a detector can see vehicles on the road at all: too dark, too noisy, or lamps that outshine who carries them. Looks at the part of
/// the picture that is counted in, in the small grey picture of <see cref="SceneGrid"/>, about as large as what a network is given. Pure.
/// </summary>
public sealed class VisibilityJudge
{
    private readonly SceneSettings _settings;
    private readonly bool[] _road;
    private readonly int _pixels;
    private readonly GlareMeter _glare;
    private readonly Alarm _isDark;
    private readonly Alarm _isNoisy;
    private readonly Alarm _isGlaring;
    private byte[]? _last;
    private DateTimeOffset _lastTime;

    /// <param name="road">Pixels of the fine picture that matter, row by row.</param>
    public VisibilityJudge(SceneGrid grid, bool[] road, SceneSettings settings)
    {
        if (road.Length != grid.FineWidth * grid.FineHeight) throw new ArgumentException($"{road.Length} pixels do not fit {grid.FineWidth}x{grid.FineHeight}", nameof(road));
        (_road, _settings) = (road, settings);
        _pixels = road.Count(r => r);
        _glare = new GlareMeter(grid, road);
        _isDark = new Alarm(settings.RaiseSeconds, settings.SeenAgainSeconds);
        _isNoisy = new Alarm(settings.RaiseSeconds, settings.SeenAgainSeconds);
        _isGlaring = new Alarm(settings.RaiseSeconds, settings.GlareEndsSeconds);
    }

    /// <summary>What the last look measured.</summary>
    public Visibility Measured { get; private set; }

    /// <param name="fine">Grey levels, <see cref="SceneGrid.FineWidth"/> x <see cref="SceneGrid.FineHeight"/>, row by row.</param>
    /// <returns>Dark, noisy or glaring; in place where vehicles can be seen.</returns>
    public SceneState Judge(ReadOnlySpan<byte> fine, DateTimeOffset time)
    {
        var seconds = _last is null ? 0 : (time - _lastTime).TotalSeconds;
        if (seconds <= 0 || seconds > _settings.Gap) seconds = 0;
        if (seconds > 0 && _pixels > 0) Weigh(fine, seconds);
        _last ??= new byte[fine.Length];
        fine.CopyTo(_last);
        _lastTime = time;
        return _isDark.IsRaised ? SceneState.Dark : _isNoisy.IsRaised ? SceneState.Noisy : _isGlaring.IsRaised ? SceneState.Glare : SceneState.InPlace;
    }

    private void Weigh(ReadOnlySpan<byte> fine, double seconds)
    {
        var level = Level(fine);
        Measured = new Visibility(level, Noise(fine), _glare.LargestBlob(fine, level));
        // Once told it must be clearly better to end: a limit that is met half of the time must not come and go.
        _isDark.Weigh(Measured.Level < _settings.DarkRoad * Easier(_isDark), seconds);
        _isNoisy.Weigh(_settings.FaintContrast * Measured.Level < _settings.SeenRatio * Measured.Noise * Easier(_isNoisy), seconds);
        _isGlaring.Weigh(Measured.Blob > _settings.GlareBlob / Easier(_isGlaring), seconds);
    }

    private static double Easier(Alarm alarm) => alarm.IsRaised ? 1.25 : 1;

    /// <summary>Median grey level of the road.</summary>
    private double Level(ReadOnlySpan<byte> fine)
    {
        Span<int> counts = stackalloc int[256];
        counts.Clear();
        for (var i = 0; i < fine.Length; i++)
        {
            if (_road[i]) counts[fine[i]]++;
        }

        return Quantile(counts, 0.5);
    }

    /// <summary>
    /// Standard deviation of a pixel's noise, grey levels, from its change between two pictures. Only the 80 % of the pixels that changed least are
    /// taken: what drives by is not noise. The median change is that of the light, and is subtracted.
    /// </summary>
    private double Noise(ReadOnlySpan<byte> fine)
    {
        Span<int> signed = stackalloc int[511];
        signed.Clear();
        for (var i = 0; i < fine.Length; i++)
        {
            if (_road[i]) signed[fine[i] - _last![i] + 255]++;
        }

        var common = (int)Quantile(signed, 0.5);
        Span<int> counts = stackalloc int[511];
        counts.Clear();
        for (var d = 0; d < signed.Length; d++) counts[Math.Min(510, Math.Abs(d - common))] += signed[d];
        const double Share = 0.8;
        var (left, sum) = (Share * _pixels, 0.0);
        for (var d = 0; d < counts.Length && left > 0; d++)
        {
            sum += d * Math.Min(left, counts[d]);
            left -= counts[d];
        }

        // 0.559: mean of the lowest 80 % of |x|, where x is normal with standard deviation 1. Root 2: the difference of two samples.
        return sum / (Share * _pixels) / 0.559 / Math.Sqrt(2);
    }

    private double Quantile(ReadOnlySpan<int> counts, double share)
    {
        var left = share * _pixels;
        for (var v = 0; v < counts.Length; v++)
        {
            left -= counts[v];
            if (left <= 0) return v;
        }

        return counts.Length - 1;
    }
}

/// <param name="Level">Median grey level of the road, 0..255.</param>
/// <param name="Noise">Standard deviation of its pixels' noise, grey levels.</param>
/// <param name="Blob">Side of the largest blinding light that is not always there, in widths of the picture.</param>
public readonly record struct Visibility(double Level, double Noise, double Blob);
