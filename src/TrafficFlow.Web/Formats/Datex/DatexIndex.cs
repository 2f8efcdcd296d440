using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Formats.Tables;

namespace TrafficFlow.Web.Formats.Datex;

/// <summary>How measurements are named: the site table says what each index of a measurement site means, and the data refers to it. They never change.</summary>
internal static class DatexIndex
{
    /// <summary>Every class, and before them all classes together.</summary>
    public static readonly IReadOnlyList<string> Classes = [FlowTableRow.AllClasses, .. VehicleClassNames.All.Order().Select(c => c.Name())];

    /// <summary>A measurement site is one movement of one approach.</summary>
    public static string SiteId(SiteId site, ApproachId approach, string movement) => $"{site}.{approach}.{movement.Replace(' ', '-')}";

    public static int FlowOf(string vehicleClass) => Number(vehicleClass);

    public static int SpeedOf(string vehicleClass) => Number(vehicleClass) + 1;

    /// <summary>DATEX II's vehicle type.</summary>
    public static string VehicleType(string vehicleClass) => vehicleClass switch
    {
        FlowTableRow.AllClasses => "anyVehicle",
        "passenger-car" => "car",
        "light-goods" => "lightCommercialVehicle",
        "heavy-goods" => "heavyGoodsVehicle",
        "bus" => "bus",
        "motorcycle" => "motorcycle",
        _ => "unknown",
    };

    // All 1, 2; unclassified 3, 4; then by the number of the class.
    private static int Number(string vehicleClass) => vehicleClass == FlowTableRow.AllClasses ? 1
        : VehicleClassNames.TryParse(vehicleClass, out var known) ? 3 + (2 * (int)known)
        : throw new FormatRefusedException($"DATEX II has no index for the class {vehicleClass}");
}
