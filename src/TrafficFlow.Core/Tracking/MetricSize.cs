using TrafficFlow.Core.Detection;

namespace TrafficFlow.Core.Tracking;

/// <summary>
/// What a measured length says of a vehicle: small (小型) and large (大型) part at about 5.5 to 6 metres, and so do light and heavy goods
/// vehicles, which pictures alone tell apart badly (COCO's truck is anything from a pick-up to an articulated lorry).
/// </summary>
internal static class MetricSize
{
    private const double ShortestLarge = 5.75;
    private const double LeastMargin = 0.5;

    /// <summary>Unknown where the length lies too near the line for its deviation.</summary>
    public static VehicleSize Of(Sized length)
    {
        var margin = Math.Max(LeastMargin, 2 * length.Deviation);
        return length.Metres + margin < ShortestLarge ? VehicleSize.Small
            : length.Metres - margin > ShortestLarge ? VehicleSize.Large
            : VehicleSize.Unknown;
    }

    /// <summary>The class that was voted for, goods vehicles divided by their length; the size also where no class is known.</summary>
    public static (VehicleClass Class, VehicleSize Size) Refine(VehicleClass voted, Sized? length)
    {
        var size = length is { } l ? Of(l) : VehicleSize.Unknown;
        var refined = (voted, size) switch
        {
            (VehicleClass.HeavyGoods, VehicleSize.Small) => VehicleClass.LightGoods,
            (VehicleClass.LightGoods, VehicleSize.Large) => VehicleClass.HeavyGoods,
            _ => voted,
        };
        return (refined, refined == VehicleClass.Unclassified ? size : refined.Size());
    }
}
