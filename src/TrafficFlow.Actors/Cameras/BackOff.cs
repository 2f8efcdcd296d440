namespace TrafficFlow.Actors.Cameras;

/// <param name="Initial">First wait.</param>
/// <param name="Max">Longest wait.</param>
/// <param name="Jitter">Share of the wait that is taken off at random, 0..1, so that cameras do not come back in step.</param>
/// <param name="ResetAfter">Good service that makes the next wait the first one again.</param>
public sealed record BackOffSettings(TimeSpan Initial, TimeSpan Max, double Jitter, TimeSpan ResetAfter)
{
    public static readonly BackOffSettings Default =
        new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), 0.2, TimeSpan.FromSeconds(60));
}

/// <summary>How long to wait before the next attempt: doubling up to a limit, with jitter; it never gives up.</summary>
public sealed class BackOff(BackOffSettings settings, Random random)
{
    private int _failures;

    /// <param name="goodFor">How long the last attempt worked; zero when it never did.</param>
    public TimeSpan Next(TimeSpan goodFor)
    {
        if (goodFor >= settings.ResetAfter) _failures = 0;
        // 2^30 times the initial wait is beyond any limit; more would overflow.
        var wait = Math.Min(settings.Initial.TotalSeconds * Math.Pow(2, Math.Min(_failures++, 30)), settings.Max.TotalSeconds);
        return TimeSpan.FromSeconds(wait * (1 - (settings.Jitter * random.NextDouble())));
    }

    public void Reset() => _failures = 0;
}
