using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Signals;

/// <summary>What the discharge at the stop lines tells of a junction's signals.</summary>
/// <param name="Plans">In order of time; between two of them the plan changed.</param>
/// <param name="Unknown">Where nothing can be said, with the reason.</param>
public sealed record InferredSignals(ImmutableArray<InferredPlan> Plans, ImmutableArray<UnknownSignals> Unknown);

/// <summary>A stretch of time of which nothing can be said.</summary>
public sealed record UnknownSignals(Interval Span, UnknownReason Reason);

public enum UnknownReason
{
    /// <summary>Too few vehicles passed, or it was watched for too short a time.</summary>
    TooLittleTraffic = 0,

    /// <summary>Vehicles passed, but no fixed cycle explains when: no signals, flashing, or a controller that only follows demand.</summary>
    NoFixedCycle = 1,
}

/// <summary>One fixed-time plan as it was seen.</summary>
/// <param name="Span">From where it was seen to where it was seen no more.</param>
/// <param name="BeginsWithin">When it began, as exactly as vehicles tell; null for the first plan, which ran before anybody watched.</param>
/// <param name="Reference">Begins of greens are counted from here, modulo the cycle; it lies in the middle of the span.</param>
/// <param name="Groups">One for the movements of an approach that have green together.</param>
/// <param name="Stages">Greens that begin together, in the order of the cycle, from the first group's begin on.</param>
/// <param name="ScatterSeconds">Standard deviation of the first vehicles' crossings around the fixed cycle. About a second at fixed time; well above, greens are actuated.</param>
public sealed record InferredPlan(
    Interval Span,
    Interval? BeginsWithin,
    Estimate CycleSeconds,
    DateTimeOffset Reference,
    ImmutableArray<InferredGroup> Groups,
    ImmutableArray<InferredStage> Stages,
    double ScatterSeconds);

/// <summary>Movements of one approach that discharge together.</summary>
/// <param name="Crossings">How many vehicles it rests on.</param>
/// <param name="BeginSeconds">Begin of green in the cycle; null where too few vehicles tell it.</param>
/// <param name="GreenSeconds">Displayed green; null where too few vehicles tell it.</param>
/// <param name="FirstCrossingSeconds">Mean crossing of the first vehicle of a queue, in the cycle: what was really seen.</param>
/// <param name="LastCrossingSeconds">When discharge ends in the cycle: what was really seen.</param>
public sealed record InferredGroup(
    ApproachId Approach,
    ImmutableArray<Movement> Movements,
    int Crossings,
    Estimate? BeginSeconds,
    Estimate? GreenSeconds,
    Estimate? FirstCrossingSeconds,
    Estimate? LastCrossingSeconds)
{
    /// <summary>Cycles in which a queue waited, whose first vehicle tells the begin.</summary>
    public double Leaders { get; init; }

    /// <summary>Standard deviation of those first vehicles' crossings around the cycle.</summary>
    public double ScatterSeconds { get; init; }
}

/// <summary>Groups whose greens begin together.</summary>
/// <param name="Groups">Their places in <see cref="InferredPlan.Groups"/>.</param>
/// <param name="BeginSeconds">In the cycle.</param>
/// <param name="SplitSeconds">Until the next stage begins: green, amber and all-red; drivers' behaviour cancels out of it.</param>
public sealed record InferredStage(ImmutableArray<int> Groups, Estimate BeginSeconds, Estimate SplitSeconds);
