namespace TrafficFlow.Analysis.Signals;

/// <summary>What the inference of signals takes for possible, and the few constants of drivers' behaviour that discharge alone cannot tell.</summary>
public sealed record InferenceSettings
{
    public static readonly InferenceSettings Default = new();

    /// <summary>
    /// For times at which the middle of a vehicle passed its gate, as journeys have them: of a car that starts at 1.5 m/s² a metre before the line the front passes after 1.2 s and the middle
    /// after 2.1 s; of the last ones, which pass at speed, the middle comes 0.2 s later.
    /// </summary>
    public static readonly InferenceSettings OfMiddles = new() { FirstCrossingSeconds = 2.9, AmberUseSeconds = 2.2 };

    /// <summary>Cycles are looked for from here; shorter ones are no junction's.</summary>
    public double ShortestCycleSeconds { get; init; } = 25;

    /// <summary>Up to here: Japan's longest are about 180 to 200 s.</summary>
    public double LongestCycleSeconds { get; init; } = 240;

    /// <summary>No plan runs for a shorter time.</summary>
    public TimeSpan ShortestPlan { get; init; } = TimeSpan.FromMinutes(12);

    /// <summary>
    /// From green until the front of the first vehicle of a queue passes the stop line: about a second of reaction (its start-up lost time is 2 s over four vehicles, HCM 2000,
    /// chapter 16) and the metre or two to the line. It moves begins of green, not splits.
    /// </summary>
    public double FirstCrossingSeconds { get; init; } = 2;

    /// <summary>Of the amber, what vehicles still use: e = 2 s (HCM 2000, exhibit 10-10).</summary>
    public double AmberUseSeconds { get; init; } = 2;

    /// <summary>How well both constants are known: half a second, standard deviation. It widens the intervals of greens.</summary>
    public double BehaviourErrorSeconds { get; init; } = 0.5;

    /// <summary>Amber and all-red between stages, where they are known; null where not: then greens are told by when discharge ends.</summary>
    public double? IntergreenSeconds { get; init; }
}
