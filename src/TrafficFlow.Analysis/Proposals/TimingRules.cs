using System.Collections.Immutable;
using TrafficFlow.Core.Signals;

namespace TrafficFlow.Analysis.Proposals;

/// <summary>Within what a timing may be changed.</summary>
public sealed record TimingRules
{
    public static readonly TimingRules Default = new();

    public double ShortestCycleSeconds { get; init; } = 40;

    /// <summary>Longer cycles wear out the patience of people on foot: the police of Japan rarely go beyond 180 s.</summary>
    public double LongestCycleSeconds { get; init; } = 180;

    /// <summary>Controllers take whole seconds. A grid of 4 s loses against continuous splits (domain.md).</summary>
    public double StepSeconds { get; init; } = 1;

    /// <summary>Green that every stage has at least, where <see cref="StageMinimumSeconds"/> says no more.</summary>
    public double MinimumGreenSeconds { get; init; } = 7;

    /// <summary>By name of the stage, such as for people who walk across beside it.</summary>
    public ImmutableDictionary<string, double> StageMinimumSeconds { get; init; } = ImmutableDictionary<string, double>.Empty;

    /// <summary>What the first drivers lose at a green; about 2 s (HCM).</summary>
    public double StartLostSeconds { get; init; } = 2;

    /// <summary>Of the amber, what drivers use; about 2 s (HCM).</summary>
    public double AmberUsedSeconds { get; init; } = 2;

    /// <summary>By how much the mean delay of a signal group may grow before a proposal says so: side streets pay for main ones.</summary>
    public double MostAddedDelaySeconds { get; init; } = 10;

    /// <summary>For how long the demand stays: what delay over capacity hangs on.</summary>
    public double PeriodHours { get; init; } = Capacity.HcmDelay.DefaultPeriodHours;

    public double MinimumGreen(SignalStage stage) => Math.Max(stage.PedestrianClearanceSeconds, Math.Max(MinimumGreenSeconds, StageMinimumSeconds.GetValueOrDefault(stage.Name)));

    /// <exception cref="ArgumentException">They make no sense.</exception>
    internal TimingRules Validated()
    {
        if (!(ShortestCycleSeconds > 0 && ShortestCycleSeconds <= LongestCycleSeconds && LongestCycleSeconds <= TimingPlan.LongestCycleSeconds))
            throw new ArgumentException($"cycles from {ShortestCycleSeconds} to {LongestCycleSeconds} s: the shortest is above 0 and not above the longest, which is at most {TimingPlan.LongestCycleSeconds} s");
        if (!(StepSeconds is > 0 and <= 10)) throw new ArgumentException($"a step of {StepSeconds} s: it is above 0 and at most 10");
        if (!(MinimumGreenSeconds >= 0 && StageMinimumSeconds.Values.All(m => m >= 0))) throw new ArgumentException("a least green is 0 s or more");
        return this;
    }
}
