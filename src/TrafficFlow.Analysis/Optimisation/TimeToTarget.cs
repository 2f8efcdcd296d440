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
}
