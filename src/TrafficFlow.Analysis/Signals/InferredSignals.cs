using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Signals;

/// <summary>What the discharge at the stop lines tells of a junction's signals.</summary>
/// <param name="Plans">In order of time; between two of them the plan changed.</param>
/// <param name="Unknown">Where nothing can be said, with the reason.</param>
public sealed record InferredSignals(ImmutableArray<InferredPlan> Plans, ImmutableArray<UnknownSignals> Unknown)
{
    /// <summary>Where there are signals without a fixed cycle, followed cycle by cycle; the same spans are in <see cref="Unknown"/>, for no plan can be told of them.</summary>
    public ImmutableArray<VaryingSignals> Varying { get; init; } = [];
}

/// <summary>A stretch of time of which no plan can be told.</summary>
public sealed record UnknownSignals(Interval Span, UnknownReason Reason);

public enum UnknownReason
{
    /// <summary>Too few vehicles passed, or it was watched for too short a time.</summary>
    TooLittleTraffic = 0,

    /// <summary>Vehicles passed, but no cycle explains when: no signals, flashing, or a controller that only follows demand.</summary>
    NoCycle = 1,

    /// <summary>There is a cycle, but its length changes from one to the next: greens are actuated.</summary>
    CycleVaries = 2,

    /// <summary>Nobody watched for most of it.</summary>
    NotWatched = 3,
}

/// <summary>Signals whose cycle varies.</summary>
/// <param name="MeanCycleSeconds">With the interval of the mean, not of the cycles.</param>
/// <param name="DeviationSeconds">Standard deviation of the cycles.</param>
/// <param name="CycleBegins">Where each cycle begins, within some seconds: when the group with the most vehicles gets green.</param>
public sealed record VaryingSignals(
    Interval Span, Estimate MeanCycleSeconds, double DeviationSeconds, ImmutableArray<DateTimeOffset> CycleBegins, ImmutableArray<VaryingGroup> Groups);

/// <summary>Movements of one approach in a cycle that varies.</summary>
/// <param name="BeginShare">When its discharge begins, as part of the mean cycle, 0..1.</param>
/// <param name="LengthShare">For how long it lasts, as part of the mean cycle.</param>
/// <param name="MeanSeconds">For how long it lasts, over the cycles.</param>
/// <param name="DeviationSeconds">Standard deviation of that: what actuation makes of it.</param>
public sealed record VaryingGroup(
    ApproachId Approach, ImmutableArray<Movement> Movements, int Crossings, double BeginShare, double LengthShare, double MeanSeconds, double DeviationSeconds);

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
    double ScatterSeconds)
{
    /// <summary>
    /// When the first stage begins after a reference time that a controller counts from (the day's first midnight), modulo the cycle. Its error grows with the
    /// cycles between that time and the span in which the plan was seen. Null where no begin was told.
    /// </summary>
    public Estimate? OffsetSeconds(DateTimeOffset zero)
    {
        if (Stages.IsEmpty) return null;
        var (begin, cycle) = (Stages[0].BeginSeconds, CycleSeconds.Value);
        var since = (Reference - zero).TotalSeconds + begin.Value;
        var margin = Math.Sqrt(Math.Pow(begin.Margin, 2) + Math.Pow(since / cycle * CycleSeconds.Margin, 2));
        var offset = since - (Math.Floor(since / cycle) * cycle);
        return new Estimate(offset, offset - margin, offset + margin);
    }
}

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
public sealed record InferredStage(ImmutableArray<int> Groups, Estimate BeginSeconds, Estimate SplitSeconds)
{
    /// <summary>
    /// Between a stage and the next nobody passes for some 5 s (amber that is not used, all-red, the first driver); a stage that nobody uses adds its green of 7 s or more and another such
    /// time: half of the way between both.
    /// </summary>
    private const double LongestUsualSilence = 11;

    /// <summary>From the last vehicle of its greens to the first of the next stage's; null where the last is not told.</summary>
    public double? SilentSeconds { get; init; }

    /// <summary>Another stage may lie in it that no vehicle used, such as one for people on foot: the split is that of both.</summary>
    public bool MayHideStage => SilentSeconds > LongestUsualSilence;
}
