namespace TrafficFlow.Core.Detection;

/// <summary>What kind of vehicle. Bicycles and pedestrians are not measured.</summary>
public enum VehicleClass
{
    Unclassified = 0,
    PassengerCar = 1,
    LightGoods = 2,
    HeavyGoods = 3,
    Bus = 4,
    Motorcycle = 5,
}

/// <summary>小型 or 大型, as Japanese tables count.</summary>
public enum VehicleSize
{
    Unknown = 0,
    Small = 1,
    Large = 2,
}

/// <summary>Names of the classes and sizes in files, topics and tables.</summary>
public static class VehicleClassNames
{
    public static readonly IReadOnlyList<VehicleClass> All = Enum.GetValues<VehicleClass>();

    public static string Name(this VehicleClass vehicleClass) => vehicleClass switch
    {
        VehicleClass.PassengerCar => "passenger-car",
        VehicleClass.LightGoods => "light-goods",
        VehicleClass.HeavyGoods => "heavy-goods",
        VehicleClass.Bus => "bus",
        VehicleClass.Motorcycle => "motorcycle",
        VehicleClass.Unclassified => "unclassified",
        _ => throw new ArgumentOutOfRangeException(nameof(vehicleClass), vehicleClass, "no such vehicle class"),
    };

    public static bool TryParse(string name, out VehicleClass vehicleClass)
    {
        foreach (var candidate in All)
        {
            if (!string.Equals(candidate.Name(), name, StringComparison.OrdinalIgnoreCase)) continue;
            vehicleClass = candidate;
            return true;
        }

        vehicleClass = VehicleClass.Unclassified;
        return false;
    }

    public static VehicleSize Size(this VehicleClass vehicleClass) => vehicleClass switch
    {
        VehicleClass.PassengerCar or VehicleClass.LightGoods or VehicleClass.Motorcycle => VehicleSize.Small,
        VehicleClass.HeavyGoods or VehicleClass.Bus => VehicleSize.Large,
        _ => VehicleSize.Unknown,
    };

    public static string Name(this VehicleSize size) => size switch
    {
        VehicleSize.Small => "small",
        VehicleSize.Large => "large",
        _ => "",
    };
}
