using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Simulation.Vehicles;

public enum Indicator
{
    Off = 0,
    Left = 1,
    Right = 2,
    Hazard = 3,
}

/// <summary>A vehicle as it stands now.</summary>
/// <param name="Id">Unique within one simulation, in order of arrival.</param>
/// <param name="Centre">Middle of the outline on the ground, metres.</param>
/// <param name="HeadingRadians">Direction it faces, from east towards north.</param>
/// <param name="Length">Metres, as are width and height.</param>
/// <param name="Speed">Metres per second.</param>
public readonly record struct VehicleView(
    long Id,
    VehicleClass Class,
    BodyShape Shape,
    GroundPoint Centre,
    double HeadingRadians,
    double Length,
    double Width,
    double Height,
    double Speed,
    Paint Paint,
    bool IsBraking,
    Indicator Indicator)
{
    /// <summary>Nobody is in it: its lamps are off, and it is no traffic.</summary>
    public bool IsParked { get; init; }
}
