namespace TrafficFlow.Benchmarks.Restart;

/// <summary>When to kill one life of the node.</summary>
/// <param name="After">From the start of the process, or from the life's first counted frame.</param>
/// <param name="AtWrite">Then wait until an outbox has stored something, and kill before that can be delivered.</param>
internal sealed record KillMoment(bool InStartUp, TimeSpan After, bool AtWrite);

/// <summary>
/// The same seed gives the same moments. Every fifth life dies while it starts, the others while they count: half of these just behind a
/// write, the moment at which a weaker node would lose or double something.
/// </summary>
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
            return new KillMoment(inStartUp, TimeSpan.FromSeconds(seconds), AtWrite: !inStartUp && life % 2 == 1);
        })];
    }
}
