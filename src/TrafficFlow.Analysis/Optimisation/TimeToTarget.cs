namespace TrafficFlow.Analysis.Optimisation;

/// <summary>
/// How long a solver that may fail must be repeated until it has reached its target with a given certainty: the yardstick of annealers, t ln(1 - certainty) / ln(1 - p) for reads of time t
/// that reach it with probability p.
/// </summary>
public static class TimeToTarget
{
    /// <param name="reads">Made.</param>
    /// <param name="successes">Of them, those that reached the target.</param>
    /// <param name="perRead">How long one read takes.</param>
    /// <returns>Null where no read has reached it: then nothing can be said but that it takes long. At least one read.</returns>
    public static TimeSpan? Of(int reads, int successes, TimeSpan perRead, double certainty = 0.99)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(reads);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, reads);
        if (certainty is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(certainty), certainty, "between 0 and 1");
        if (successes == 0) return null;
        if (successes == reads) return perRead;
        return perRead * Math.Max(1, Math.Log(1 - certainty) / Math.Log(1 - (double)successes / reads));
    }

    /// <summary>
    /// Between which times <see cref="Of"/> lies with 95 % confidence, from the Wilson score interval of the probability (Wilson 1927; of the simple ones the one whose coverage holds for few
    /// reads and for shares near 0 and 1: Brown, Cai and DasGupta 2001).
    /// </summary>
    /// <returns>No upper end where no read has reached the target.</returns>
    public static TimeToTargetInterval IntervalOf(int reads, int successes, TimeSpan perRead, double certainty = 0.99)
    {
        _ = Of(reads, successes, perRead, certainty);
        var (low, high) = ProbabilityOf(reads, successes);
        TimeSpan At(double p) => p >= 1 ? perRead : perRead * Math.Max(1, Math.Log(1 - certainty) / Math.Log(1 - p));
        return new TimeToTargetInterval(At(high), successes == 0 ? null : At(low));
    }

    /// <summary>The Wilson score interval of 95 % for the probability that a read reaches the target.</summary>
    internal static (double Low, double High) ProbabilityOf(int reads, int successes)
    {
        // The normal distribution's 97.5 % point.
        const double z = 1.959963984540054;
        var (n, p) = ((double)reads, (double)successes / reads);
        var middle = (p + z * z / (2 * n)) / (1 + z * z / n);
        var half = z / (1 + z * z / n) * Math.Sqrt(p * (1 - p) / n + z * z / (4 * n * n));
        return (successes == 0 ? 0 : Math.Max(0, middle - half), successes == reads ? 1 : Math.Min(1, middle + half));
    }
}

/// <param name="High">Null: it may take for ever.</param>
public readonly record struct TimeToTargetInterval(TimeSpan Low, TimeSpan? High);
