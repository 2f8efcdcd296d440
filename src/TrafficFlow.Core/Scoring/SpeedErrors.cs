namespace TrafficFlow.Core.Scoring;

/// <summary>Counted against true speeds of matched vehicles for which both are known, km/h.</summary>
/// <param name="MeanKmh">Of (counted - true): positive where speeds are told too high.</param>
/// <param name="MeanAbsoluteKmh">Of |counted - true|.</param>
/// <param name="SigmaKmh">Standard deviation of (counted - true) about its mean; 0 for one vehicle.</param>
/// <param name="MaxKmh">Largest |counted - true|.</param>
/// <param name="Pairs">(true, counted) speeds.</param>
public sealed record SpeedErrors(
    double MeanKmh, double MeanAbsoluteKmh, double SigmaKmh, double MaxKmh, IReadOnlyList<(double True, double Counted)> Pairs)
{
    /// <summary>Null where no vehicle has both speeds.</summary>
    public static SpeedErrors? Of(IEnumerable<CountScore> scores)
    {
        var pairs = scores.SelectMany(s => s.Matched)
            .Where(m => m.Truth.SpeedKmh is not null && m.Counted.SpeedKmh is not null)
            .Select(m => (True: m.Truth.SpeedKmh!.Value, Counted: m.Counted.SpeedKmh!.Value))
            .ToList();
        if (pairs.Count == 0) return null;
        var errors = pairs.Select(p => p.Counted - p.True).ToList();
        var mean = errors.Average();
        var sigma = errors.Count == 1 ? 0 : Math.Sqrt(errors.Sum(e => (e - mean) * (e - mean)) / (errors.Count - 1));
        return new SpeedErrors(mean, errors.Average(Math.Abs), sigma, errors.Max(Math.Abs), pairs);
    }
}
