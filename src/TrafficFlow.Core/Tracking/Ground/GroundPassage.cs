using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Tracking.Ground;

/// <summary>How a vehicle moved at one moment, seen from some time later. Errors are standard deviations; the calibration's is included.</summary>
/// <param name="HeadingDegrees">0 north, clockwise.</param>
internal readonly record struct GroundPassage(
    GroundPoint Centre,
    double SpeedKmh,
    double SpeedErrorKmh,
    double HeadingDegrees,
    double HeadingErrorDegrees,
    double LengthMetres,
    double LengthErrorMetres)
{
    /// <summary>Metres per second squared; negative where it braked.</summary>
    public double Acceleration { get; init; }

    /// <summary>Metres driven since the track began.</summary>
    public double Way { get; init; }
}
