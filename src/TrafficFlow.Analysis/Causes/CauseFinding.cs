using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Causes;

public enum CauseKind
{
    GreenTooShort = 0,
    CycleTooLong = 1,
    BadOffset = 2,

    /// <summary>The exit is full from downstream.</summary>
    SpillBack = 3,

    /// <summary>A blocked lane or a parked vehicle.</summary>
    BlockedLane = 4,

    /// <summary>Those who turn across the opposing traffic find no gap, and fill more than their lane.</summary>
    RightTurnOverflow = 5,

    /// <summary>The turn lane is shorter than its queue, or than the queue beside it.</summary>
    ShortTurnLane = 6,

    HeavyShare = 7,
    DemandSurge = 8,
    Incident = 9,
    Weather = 10,

    /// <summary>Turning vehicles wait for people on the crossing.</summary>
    PedestrianPhase = 11,

    /// <summary>No congestion: cameras that were blind, blinded or moved make it look so.</summary>
    CameraTrouble = 12,
}

/// <summary>Why vehicles lost time, as far as the figures tell it.</summary>
/// <param name="Approach">Where; null for the whole junction.</param>
/// <param name="Movement">Of which movement; null for all of the approach.</param>
/// <param name="Confidence">Probability that it is the cause, given that it is one of the thirteen kinds, 0..1.</param>
/// <param name="VehicleHoursLost">While it held, on the approach.</param>
/// <param name="Evidence">What speaks for it.</param>
/// <param name="Against">What speaks against it, in the same form; often none.</param>
public sealed record CauseFinding(
    CauseKind Kind,
    ApproachId? Approach,
    Movement? Movement,
    Interval Span,
    double Confidence,
    double VehicleHoursLost,
    ImmutableArray<EvidenceFigure> Evidence,
    ImmutableArray<EvidenceFigure> Against)
{
    /// <summary>Kinds that fit nearly as well, the likeliest first: both are to be told.</summary>
    public ImmutableArray<CauseKind> Rivals { get; init; } = [];
}

/// <summary>One figure that speaks for or against a cause.</summary>
/// <param name="Value">In the unit that belongs to <paramref name="Name"/>.</param>
/// <param name="Reference">What it is held against: the same approach when it was free, another approach, or a limit; null for none.</param>
public sealed record EvidenceFigure(EvidenceName Name, double Value, double? Reference, Interval Span, ApproachId? Approach = null);

/// <summary>What a figure is, and its unit.</summary>
public enum EvidenceName
{
    /// <summary>飽和度, 1.</summary>
    DegreeOfSaturation = 0,

    /// <summary>Sum of flow ratios, 需要率, 1.</summary>
    IntersectionFlowRatio = 1,

    /// <summary>Cycle, s; its reference Webster's.</summary>
    CycleSeconds = 2,

    /// <summary>Green of the movement, s; its reference what its demand needs.</summary>
    GreenSeconds = 3,

    /// <summary>Part of the arrivals on green, 0..1; its reference the green ratio.</summary>
    ArrivalsOnGreen = 4,

    /// <summary>Speed at the exit, km/h.</summary>
    ExitSpeedKmh = 5,

    /// <summary>Time from entering to exiting gate, s.</summary>
    InsideSeconds = 6,

    /// <summary>Vehicles per hour of green while a queue stood.</summary>
    DischargePerHour = 7,

    /// <summary>Part of the vehicles that passed in the lane that is theirs, not beside it, 0..1.</summary>
    LaneShare = 8,

    /// <summary>Large vehicles, 0..1.</summary>
    HeavyShare = 9,

    /// <summary>Arrivals, vehicles per hour.</summary>
    DemandPerHour = 10,

    /// <summary>Free speed over all approaches, km/h.</summary>
    FreeSpeedKmh = 11,

    /// <summary>Saturation headway, s.</summary>
    HeadwaySeconds = 12,

    /// <summary>Begin of turning discharge after begin of green, s.</summary>
    TurnStartSeconds = 13,

    /// <summary>Back of the queue, m.</summary>
    QueueMetres = 14,

    /// <summary>Part of the time that was watched, 0..1.</summary>
    ObservedShare = 15,

    /// <summary>Part of the cycles in which the green did not serve the queue, 0..1.</summary>
    SplitFailures = 16,

    /// <summary>Mean delay, s.</summary>
    DelaySeconds = 17,

    /// <summary>For how long a vehicle stood where none should, s.</summary>
    StandSeconds = 18,

    /// <summary>Vehicles that turned, per hour.</summary>
    TurningPerHour = 19,

    /// <summary>How sudden: minutes from usual to worst.</summary>
    OnsetMinutes = 20,
}
