namespace TrafficFlow.Wire.Retry;

/// <param name="Initial">First wait.</param>
/// <param name="Max">Longest wait.</param>
/// <param name="Jitter">Share of the wait that is taken off at random, 0..1, so that cameras do not come back in step.</param>
/// <param name="ResetAfter">Good service that makes the next wait the first one again.</param>
public sealed record BackOffSettings(TimeSpan Initial, TimeSpan Max, double Jitter, TimeSpan ResetAfter)
{
    public static readonly BackOffSettings Default =
        new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), 0.2, TimeSpan.FromSeconds(60))
        {
            QuickMax = TimeSpan.FromSeconds(2),
            QuickFor = TimeSpan.FromMinutes(2),
        };

    /// <summary>Longest wait while the trouble is young; null: <see cref="Max"/> from the beginning.</summary>
    public TimeSpan? QuickMax { get; init; }

    /// <summary>
    /// How long trouble is young: most cuts are a restarted camera or switch, and video should be back within seconds of it. After that
    /// the waits double on.
    /// </summary>
    public TimeSpan QuickFor { get; init; }
}

/// <summary>How long to wait before the next attempt: doubling up to a limit, with jitter; it never gives up.</summary>
public sealed class BackOff(BackOffSettings settings, Random random)
{
    private int _failures;
    private TimeSpan _waited;

    /// <param name="goodFor">How long the last attempt worked; zero when it never did.</param>
    public TimeSpan Next(TimeSpan goodFor)
    {
        if (goodFor >= settings.ResetAfter) Reset();
        var isYoung = settings.QuickMax is not null && _waited < settings.QuickFor;
        var limit = isYoung && settings.QuickMax < settings.Max ? settings.QuickMax.Value : settings.Max;
        // 2^20 times the initial wait is beyond any limit; more would overflow.
        var wait = settings.Initial * Math.Pow(2, Math.Min(_failures, 20));
        if (wait > limit) wait = limit;
        // While the quick limit holds the wait down the exponent does not grow either: doubling goes on from that limit afterwards.
        if (!isYoung || wait < limit) _failures++;
        _waited += wait;
        return wait * (1 - (settings.Jitter * random.NextDouble()));
    }

    public void Reset() => (_failures, _waited) = (0, TimeSpan.Zero);
}
