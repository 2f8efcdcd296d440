namespace TrafficFlow.Core.Tracking.Ground;

/// <summary>Angles as maps have them: 0 north, clockwise, [0, 360).</summary>
internal static class Compass
{
    /// <param name="radians">From east towards north.</param>
    public static double Degrees(double radians)
    {
        var degrees = (90 - (radians * 180 / Math.PI)) % 360;
        return degrees < 0 ? degrees + 360 : degrees;
    }
}
