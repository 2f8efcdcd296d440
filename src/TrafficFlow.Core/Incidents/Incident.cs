using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Incidents;

public enum IncidentKind
{
    /// <summary>A vehicle stands where none should.</summary>
    StoppedVehicle = 0,

    /// <summary>One stands in a lane, and the others go past it.</summary>
    BlockedLane = 1,

    /// <summary>A vehicle drives against the direction of its lane.</summary>
    WrongWay = 2,

    /// <summary>Far fewer vehicles come on an approach than came there in the last minutes.</summary>
    FlowDrop = 3,
}

/// <summary>On which side of a gate.</summary>
public enum IncidentArea
{
    /// <summary>Before the entering gate of an approach.</summary>
    Approach = 0,

    /// <summary>Between the gates.</summary>
    Inside = 1,

    /// <summary>Beyond the exiting gate of an arm.</summary>
    Exit = 2,
}

public enum IncidentState
{
    Open = 0,

    /// <summary>Over: the vehicle drives, or vehicles come again.</summary>
    Cleared = 1,

    /// <summary>No camera sees the vehicle any more, though they watch its place.</summary>
    NoLongerSeen = 2,

    /// <summary>Nobody knows whether it is over: the cameras, the clock or the way to the server were interrupted.</summary>
    NotWatched = 3,
}

/// <summary>
/// A hint that something is wrong on the street: somebody should look. It is told when it opens, when it becomes surer or another kind, and when it ends,
/// each time under the same number with the next revision. It names no vehicle.
/// </summary>
/// <param name="Number">Within one run of the junction, from 1.</param>
/// <param name="Revision">From 1; the highest is what is known.</param>
/// <param name="Approach">The arm; null inside the junction where it is not known by which one the vehicle came.</param>
/// <param name="BeganAt">Event time at which it really began: when the vehicle came to a stand, not when that was noticed.</param>
/// <param name="UpdatedAt">Event time of this revision.</param>
/// <param name="Confidence">0..1, from what speaks for it. A score that orders hints, no frequency.</param>
public sealed record Incident(
    long Number,
    int Revision,
    IncidentKind Kind,
    IncidentArea Area,
    ApproachId? Approach,
    DateTimeOffset BeganAt,
    DateTimeOffset UpdatedAt,
    double Confidence)
{
    public IncidentState State { get; init; }

    /// <summary>Null while it is open.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>From the gate to the vehicle's middle, metres; null inside the junction and where it is about no place.</summary>
    public double? MetresFromGate { get; init; }

    /// <summary>How far right of the gate's middle in the gate's direction of travel, metres: negative is left. Null as above.</summary>
    public double? LateralMetres { get; init; }

    /// <summary>Vehicles that have gone past it, or that came while a drop lasted.</summary>
    public int Passed { get; init; }

    /// <summary>Of a drop: vehicles that would have come, by the rate of the minutes before.</summary>
    public double? Expected { get; init; }

    public bool IsOpen => State == IncidentState.Open;
}

/// <summary>Names in topics and pages.</summary>
public static class IncidentNames
{
    public static string Name(this IncidentKind kind) => kind switch
    {
        IncidentKind.StoppedVehicle => "stopped-vehicle",
        IncidentKind.BlockedLane => "blocked-lane",
        IncidentKind.WrongWay => "wrong-way",
        IncidentKind.FlowDrop => "flow-drop",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public static string Name(this IncidentArea area) => area switch
    {
        IncidentArea.Approach => "approach",
        IncidentArea.Inside => "inside",
        IncidentArea.Exit => "exit",
        _ => throw new ArgumentOutOfRangeException(nameof(area), area, null),
    };

    public static string Name(this IncidentState state) => state switch
    {
        IncidentState.Open => "open",
        IncidentState.Cleared => "cleared",
        IncidentState.NoLongerSeen => "no-longer-seen",
        IncidentState.NotWatched => "not-watched",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };
}
