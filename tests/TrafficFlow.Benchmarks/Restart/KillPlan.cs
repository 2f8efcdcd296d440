namespace TrafficFlow.Benchmarks.Restart;

/// <summary>When to kill one life of the node.</summary>
/// <param name="After">From the start of the process, or from the life's first counted frame.</param>
internal sealed record KillMoment(bool InStartUp, TimeSpan After);

/// <summary>The same seed gives the same moments. Every fifth life dies while it starts, the others while they count.</summary>
internal static class KillPlan
{
    private const int StartUpEvery = 5;
    private const double StartUpSeconds = 4;

    public static IReadOnlyList<KillMoment> Make(int seed, int kills, double minSeconds, double maxSeconds)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(1, kills).Select(life =>
        {
            var inStartUp = life % StartUpEvery == 2;
            var seconds = inStartUp
                ? random.NextDouble() * StartUpSeconds
                : minSeconds + (random.NextDouble() * (maxSeconds - minSeconds));
            return new KillMoment(inStartUp, TimeSpan.FromSeconds(seconds));
        })];
    }
}
