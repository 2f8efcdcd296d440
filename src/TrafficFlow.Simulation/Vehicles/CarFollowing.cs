namespace TrafficFlow.Simulation.Vehicles;

/// <summary>The intelligent driver model (Treiber, Hennecke, Helbing 2000): acceleration in m/s² from speed, gap and leader.</summary>
internal static class CarFollowing
{
    /// <summary>Bumper to bumper in a standing queue, metres.</summary>
    public const double StandstillGap = 2.0;

    /// <summary>Deceleration that drivers choose freely, m/s².</summary>
    public const double ComfortableBraking = 2.4;

    private const double HardestBraking = 8.5;

    /// <summary>With nobody ahead.</summary>
    public static double Free(double speed, double desiredSpeed, double acceleration)
    {
        var ratio = speed / Math.Max(desiredSpeed, 0.1);
        var squared = ratio * ratio;
        // Above the wished speed (before a bend) the fourth power would brake far harder than anybody does.
        return Math.Max(acceleration * (1 - (squared * squared)), -ComfortableBraking);
    }

    /// <summary>What the vehicle ahead, or a line to stop at, adds to <see cref="Free"/>; never positive.</summary>
    public static double Interaction(double speed, double gap, double leaderSpeed, double acceleration, double timeGap)
    {
        var closing = speed * (speed - leaderSpeed) / (2 * Math.Sqrt(acceleration * ComfortableBraking));
        var wished = StandstillGap + Math.Max(0, (speed * timeGap) + closing);
        var ratio = wished / Math.Max(gap, 0.05);
        return -Math.Min(acceleration * ratio * ratio, HardestBraking);
    }
}
