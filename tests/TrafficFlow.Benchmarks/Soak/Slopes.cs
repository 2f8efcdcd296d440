namespace TrafficFlow.Benchmarks.Soak;

/// <summary>How fast a figure rises, by least squares. Pure.</summary>
internal static class Slopes
{
    /// <summary>
    /// One slope for several lives of a process, each with a level of its own: what a new life begins with says nothing about what it gathers.
    /// The first part of each life, in which caches fill, is left out.
    /// </summary>
    /// <param name="warmUp">In the unit of <paramref name="at"/>.</param>
    /// <returns>Units of <paramref name="value"/> for each unit of <paramref name="at"/>; NaN where no life lasted longer than that.</returns>
    public static double Within<T>(IEnumerable<T> samples, Func<T, int> life, Func<T, double> at, Func<T, double> value, double warmUp)
    {
        double covariance = 0, variance = 0;
        foreach (var lived in samples.GroupBy(life))
        {
            var from = lived.Min(at) + warmUp;
            var warm = lived.Where(s => at(s) >= from).ToList();
            if (warm.Count < 2) continue;
            var (meanAt, meanValue) = (warm.Average(at), warm.Average(value));
            covariance += warm.Sum(s => (at(s) - meanAt) * (value(s) - meanValue));
            variance += warm.Sum(s => (at(s) - meanAt) * (at(s) - meanAt));
        }

        return variance > 0 ? covariance / variance : double.NaN;
    }
}
