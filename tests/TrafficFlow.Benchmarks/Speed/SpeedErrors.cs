namespace TrafficFlow.Benchmarks.Speed;

/// <summary>One crossing, measured less true.</summary>
internal readonly record struct SpeedError(double Kmh, double ErrorKmh, double Degrees, double LengthMetres);

/// <summary>What a replay of one camera found.</summary>
/// <param name="Places">Distances between measured and true middles within 25 m of the junction's middle, metres, each frame.</param>
/// <param name="Unmeasured">Crossings without a speed.</param>
internal sealed record SpeedResult(IReadOnlyList<SpeedError> Crossings, IReadOnlyList<double> Places, int Unmeasured);

/// <summary>Gathers the results of the cameras of one source and light.</summary>
internal sealed class SpeedErrors
{
    private readonly List<SpeedError> _errors = [];
    private readonly List<double> _places = [];
    private int _unmeasured;

    public int Count => _errors.Count;

    public void Add(SpeedResult result)
    {
        _errors.AddRange(result.Crossings);
        _places.AddRange(result.Places);
        _unmeasured += result.Unmeasured;
    }

    public void Report(string name, Figures figures)
    {
        figures.Add($"{name}_crossings", _errors.Count).Add($"{name}_unmeasured", _unmeasured);
        if (_errors.Count == 0) return;
        var mean = _errors.Average(e => e.Kmh);
        figures
            .Add($"{name}_mean_abs_kmh", _errors.Average(e => Math.Abs(e.Kmh)), 2)
            .Add($"{name}_bias_kmh", mean, 2)
            .Add($"{name}_sigma_kmh", Math.Sqrt(_errors.Average(e => (e.Kmh - mean) * (e.Kmh - mean))), 2)
            .Add($"{name}_max_kmh", _errors.Max(e => Math.Abs(e.Kmh)), 2)
            .Add($"{name}_within_2_deviations_percent", 100 * _errors.Average(e => Math.Abs(e.Kmh) <= 2 * e.ErrorKmh ? 1.0 : 0), 1)
            .Add($"{name}_heading_mean_abs_degrees", _errors.Average(e => Math.Abs(e.Degrees)), 2)
            .Add($"{name}_length_mean_abs_metres", _errors.Average(e => Math.Abs(e.LengthMetres)), 2)
            .Add($"{name}_place_median_metres", _places.Median(), 2)
            .Add($"{name}_place_p95_metres", _places.Count == 0 ? double.NaN : _places.Order().ElementAt(_places.Count * 95 / 100), 2);
    }
}
