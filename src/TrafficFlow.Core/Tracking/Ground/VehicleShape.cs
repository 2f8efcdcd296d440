using TrafficFlow.Core.Detection;

namespace TrafficFlow.Core.Tracking.Ground;

/// <summary>A length and its standard deviation, metres.</summary>
internal readonly record struct Sized(double Metres, double Deviation);

/// <summary>What is known of a vehicle's outline before it has been measured: length, width and height of its class.</summary>
/// <param name="Likeness">Correlation of any two of the three: what is wide is long and high.</param>
internal sealed record VehicleShape(Sized Length, Sized Width, Sized Height, double Likeness = 0.4)
{
    // Means and spreads of what drives on Japanese and European town roads: kei cars to large cars, kei vans to transporters, 4 t to 12 m lorries.
    private static readonly VehicleShape s_unclassified = new(new(5.0, 2.2), new(1.8, 0.35), new(1.9, 0.5), 0.8);
    private static readonly VehicleShape s_car = new(new(4.2, 0.5), new(1.7, 0.12), new(1.58, 0.15));
    private static readonly VehicleShape s_lightGoods = new(new(4.2, 0.8), new(1.65, 0.17), new(1.95, 0.2));
    private static readonly VehicleShape s_heavyGoods = new(new(8.0, 2.0), new(2.35, 0.2), new(3.1, 0.4));
    private static readonly VehicleShape s_bus = new(new(10.2, 1.3), new(2.45, 0.12), new(3.05, 0.2));
    private static readonly VehicleShape s_motorcycle = new(new(2.0, 0.25), new(0.8, 0.12), new(1.65, 0.12));

    /// <summary>Corners of the outline as shares of length, width and height, the middle of the ground as zero.</summary>
    public static readonly (double Along, double Across, double Up)[] Corners =
    [
        (0.5, 0.5, 0.03), (0.5, -0.5, 0.03), (-0.5, 0.5, 0.03), (-0.5, -0.5, 0.03),
        (0.45, 0.43, 1), (0.45, -0.43, 1), (-0.45, 0.43, 1), (-0.45, -0.43, 1),
    ];

    /// <summary>How much a vehicle's size differs from the middle one, as a share.</summary>
    public double Spread => Length.Deviation / Length.Metres;

    public static VehicleShape Of(VehicleClass vehicleClass) => vehicleClass switch
    {
        VehicleClass.PassengerCar => s_car,
        VehicleClass.LightGoods => s_lightGoods,
        VehicleClass.HeavyGoods => s_heavyGoods,
        VehicleClass.Bus => s_bus,
        VehicleClass.Motorcycle => s_motorcycle,
        _ => s_unclassified,
    };
}
