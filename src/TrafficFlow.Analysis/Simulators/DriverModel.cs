namespace TrafficFlow.Analysis.Simulators;

/// <summary>How everybody drives; the rest is SUMO's default for Krauss' car-following model.</summary>
/// <param name="HeadwaySeconds">Time gap that a follower keeps (tau): what a saturated lane discharges hangs on it, and calibration looks for it.</param>
/// <param name="Imperfection">Krauss' sigma, 0 to 1.</param>
/// <param name="StartDelaySeconds">Time that the first driver takes to begin at green.</param>
/// <param name="SpeedSpread">Standard deviation of the desired speeds as a share of the limit.</param>
public sealed record DriverModel(double HeadwaySeconds, double Imperfection, double StartDelaySeconds, double SpeedSpread)
{
    /// <summary>Before anything is calibrated. With it a lane of through traffic at 50 km/h discharges about 1,800 vehicles per hour of green.</summary>
    public static readonly DriverModel Default = new(1.2, 0.5, 0.5, 0.1);
}
