using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Tracking.Ground;

/// <summary>How a tracked vehicle stands and moves on the ground at one instant.</summary>
/// <param name="Centre">Middle of its outline on the ground, metres.</param>
/// <param name="ErrorMetres">Standard deviation of the centre, the calibration's error included.</param>
/// <param name="VelocityX">Metres per second to the east, smoothed.</param>
/// <param name="VelocityY">Metres per second to the north, smoothed.</param>
/// <param name="HeadingDegrees">Where its front points: 0 north, clockwise, [0, 360); null until it has moved.</param>
/// <param name="SpeedErrorKmh">Standard deviation of the speed, the calibration's error included.</param>
/// <param name="LengthMetres">Of the vehicle, as far as the track tells; null when it does not yet.</param>
public readonly record struct GroundState(
    GroundPoint Centre,
    double ErrorMetres,
    double VelocityX,
    double VelocityY,
    double? HeadingDegrees,
    double SpeedErrorKmh,
    double? LengthMetres)
{
    public double SpeedKmh => 3.6 * Math.Sqrt((VelocityX * VelocityX) + (VelocityY * VelocityY));
}
