using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Tracking.Ground;

namespace TrafficFlow.Core.Tracking;

/// <summary>
/// What a measured length says of a vehicle: small (小型) and large (大型) part at about 5.5 to 6 metres, and so do light and heavy goods
/// vehicles, which pictures alone tell apart badly (COCO's truck is anything from a pick-up to an articulated lorry).
/// </summary>
internal static class MetricSize
{
    private const double ShortestLarge = 5.75;
    private const double LeastMargin = 0.5;

    // A length that is less certain than this share of itself says nothing about a vehicle.
    private const double MostDeviationShare = 0.15;

    /// <summary>The length, where it was measured well enough and a vehicle of this class can be so long; null where it is not credible.</summary>
    public static double? Credible(VehicleClass vehicleClass, Sized length) =>
        IsCertain(length) && IsPossible(vehicleClass, length.Metres) ? length.Metres : null;

    private static bool IsCertain(Sized length) => length.Deviation <= MostDeviationShare * length.Metres;

    /// <summary>
    /// From a microcar to a large estate, from a kei van to a long transporter, from a 2 t lorry to a road train, from a microbus to an
    /// articulated bus. What has no class is not shorter than a car: motorcycles that are seen well have their class.
    /// </summary>
    private static bool IsPossible(VehicleClass vehicleClass, double metres) => vehicleClass switch
    {
        VehicleClass.PassengerCar => metres is >= 2.5 and <= 6,
        VehicleClass.LightGoods => metres is >= 2.8 and <= 7.5,
        VehicleClass.HeavyGoods => metres is >= 4.5 and <= 26,
        VehicleClass.Bus => metres is >= 5.5 and <= 20,
        VehicleClass.Motorcycle => metres is >= 1.4 and <= 2.9,
        _ => metres is >= 2.5 and <= 26,
    };

    /// <summary>Unknown where the length lies too near the line for its standard deviation.</summary>
    public static VehicleSize Of(Sized length)
    {
        var margin = Math.Max(LeastMargin, 2 * length.Deviation);
        return length.Metres + margin < ShortestLarge ? VehicleSize.Small
            : length.Metres - margin > ShortestLarge ? VehicleSize.Large
            : VehicleSize.Unknown;
    }

    /// <summary>
    /// The class that was voted for, goods vehicles divided by their length; the size also where no class is known. A length that is certain
    /// and that no vehicle of the class has leaves the size unknown: one of the two is wrong.
    /// </summary>
    public static (VehicleClass Class, VehicleSize Size) Refine(VehicleClass voted, Sized? length)
    {
        var size = length is { } l ? Of(l) : VehicleSize.Unknown;
        var refined = (voted, size) switch
        {
            (VehicleClass.HeavyGoods, VehicleSize.Small) => VehicleClass.LightGoods,
            (VehicleClass.LightGoods, VehicleSize.Large) => VehicleClass.HeavyGoods,
            _ => voted,
        };
        if (length is { } measured && IsCertain(measured) && !IsPossible(refined, measured.Metres)) return (refined, VehicleSize.Unknown);
        return (refined, refined == VehicleClass.Unclassified ? size : refined.Size());
    }
}
