using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Counting;

public enum CrossingDirection
{
    Forward = 0,
    Backward = 1,
}

/// <summary>A tracked vehicle's ground point passed a gate.</summary>
/// <param name="Track">Number of the track within its camera and epoch; says nothing about the vehicle.</param>
/// <param name="Time">Event time at which the ground point met the gate's line.</param>
/// <param name="SpeedKmh">Null where the camera has no ground plane.</param>
/// <param name="Confidence">Share of the track's weighted class votes that went to <paramref name="Class"/>, 0..1.</param>
public sealed record Crossing(
    CameraId Camera,
    GateId Gate,
    CrossingDirection Direction,
    long Track,
    DateTimeOffset Time,
    VehicleClass Class,
    VehicleSize Size,
    double? SpeedKmh,
    double Confidence)
{
    public VehicleColour Colour { get; init; }

    /// <summary>Share of the track's weighted colour votes that went to <see cref="Colour"/>, 0..1.</summary>
    public double ColourConfidence { get; init; }

    /// <summary>Standard deviation of <see cref="SpeedKmh"/>, the calibration's error included; null where there is no speed.</summary>
    public double? SpeedErrorKmh { get; init; }

    /// <summary>Where the vehicle's front pointed: 0 north, clockwise; null where the camera has no ground plane.</summary>
    public double? HeadingDegrees { get; init; }

    public double? HeadingErrorDegrees { get; init; }

    /// <summary>Of the vehicle; null where the camera has no ground plane, or what it tells is not credible for the class.</summary>
    public double? LengthMetres { get; init; }

    /// <summary>Why it was counted; null where nobody kept that.</summary>
    public CrossingEvidence? Evidence { get; init; }
}

/// <summary>A track passed an ordered pair of gates. A track has at most one.</summary>
public sealed record FlowPassage(
    CameraId Camera,
    GateId FromGate,
    CrossingDirection FromDirection,
    GateId ToGate,
    CrossingDirection ToDirection,
    long Track,
    DateTimeOffset EnteredAt,
    DateTimeOffset LeftAt,
    VehicleClass Class,
    VehicleSize Size,
    double Confidence)
{
    /// <summary>Mean from gate to gate, the way on the ground by the time; null where the camera has no ground plane.</summary>
    public double? SpeedKmh { get; init; }

    /// <summary>Standard deviation of <see cref="SpeedKmh"/>, the calibration's error included.</summary>
    public double? SpeedErrorKmh { get; init; }

    /// <summary>Why the crossing of the first gate was counted.</summary>
    public CrossingEvidence? From { get; init; }

    /// <summary>Why that of the last gate was.</summary>
    public CrossingEvidence? To { get; init; }
}
