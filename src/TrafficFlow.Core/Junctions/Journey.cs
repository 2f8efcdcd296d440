using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Junctions;

/// <summary>A vehicle that stays on the junction for very long is counted in two parts, so that no bin waits for it.</summary>
public enum JourneyPart
{
    /// <summary>The whole journey, at once.</summary>
    All = 0,

    /// <summary>It entered, and where it goes will not be known in time: counted as unknown. Its journey follows under the same number.</summary>
    EntryAhead = 1,

    /// <summary>Its journey; its entry was counted before.</summary>
    ExitAfter = 2,
}

/// <summary>
/// One vehicle's way over a junction, once, however many cameras saw it. At least one of approach and exit is known.
/// </summary>
/// <param name="Number">Within the junction's log, from 1; says nothing about the vehicle.</param>
/// <param name="Approach">Null where no camera saw it enter.</param>
/// <param name="Exit">Null where no camera saw it leave.</param>
/// <param name="EnteredAt">Event time at which its middle passed the entering gate.</param>
/// <param name="LeftAt">Event time at which its middle passed the last exiting gate.</param>
public sealed record Journey(
    long Number,
    ApproachId? Approach,
    ApproachId? Exit,
    DateTimeOffset? EnteredAt,
    DateTimeOffset? LeftAt,
    VehicleClass Class,
    double ClassConfidence)
{
    public VehicleSize Size => Class.Size();

    public VehicleColour Colour { get; init; }

    public double ColourConfidence { get; init; }

    /// <summary>When it was first and last seen by any camera.</summary>
    public DateTimeOffset FirstSeenAt { get; init; }

    public DateTimeOffset LastSeenAt { get; init; }

    /// <summary>At the entering gate, km/h; null where no camera saw it pass there.</summary>
    public double? EnterSpeedKmh { get; init; }

    /// <summary>At the exiting gate, km/h.</summary>
    public double? LeaveSpeedKmh { get; init; }

    /// <summary>Standard deviation of both speeds, calibration included.</summary>
    public double? SpeedErrorKmh { get; init; }

    /// <summary>Way on the ground from where it was first seen to where it left, metres.</summary>
    public double DistanceMetres { get; init; }

    /// <summary>How often it came to a stand on this way: below 5 km/h until above 10 km/h; that it stood when first seen is none.</summary>
    public int Stops { get; init; }

    /// <summary>For how long it stood, seconds.</summary>
    public double StoppedSeconds { get; init; }

    /// <summary>Time that it took for this way, less the time that it would take at free-flow speed, 40 km/h; never below zero.</summary>
    public double DelaySeconds { get; init; }

    /// <summary>
    /// How far right of the entering gate's middle it passed that gate, in its driving direction, metres: which lane it came in. Of an approach with several entering gates it is
    /// measured along the first one of the site file, whichever was passed. Null where that is not known.
    /// </summary>
    public double? LateralMetres { get; init; }

    /// <summary>When it joined the queue before its entering gate, the first time of the wait with which it passed there; null where it did not, or nobody measured it.</summary>
    public DateTimeOffset? QueuedAt { get; init; }

    /// <summary>How far back from the entering gate its rear stood then, metres.</summary>
    public double? QueuedMetres { get; init; }

    /// <summary>How many cameras saw it.</summary>
    public int Cameras { get; init; }

    /// <summary>What of it is counted with this record.</summary>
    public JourneyPart Part { get; init; }

    /// <summary>Both ends are known: a movement.</summary>
    public bool IsWhole => Approach is not null && Exit is not null;
}
