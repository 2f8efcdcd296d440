using System.Collections.Immutable;
using System.Globalization;
using TrafficFlow.Core.Detection;

namespace TrafficFlow.Analysis.Simulators.Sumo;

/// <summary>Vehicles in the words of SUMO: a type for each class, and every vehicle with the second at which it wants to arrive.</summary>
internal static class SumoTraffic
{
    /// <param name="EmissionClass">Of HBEFA 3.1, as SUMO has it.</param>
    private sealed record Kind(string VehicleType, double LengthMetres, double AccelerationMs2, double DecelerationMs2, string EmissionClass);

    // Lengths and accelerations of SUMO's own vehicle classes; a van for light goods, a three-axle lorry for heavy goods.
    private static readonly ImmutableDictionary<VehicleClass, Kind> s_kinds = new Dictionary<VehicleClass, Kind>
    {
        [VehicleClass.PassengerCar] = new("passenger", 4.5, 2.6, 4.5, "HBEFA3/PC_G_EU4"),
        [VehicleClass.Unclassified] = new("passenger", 4.5, 2.6, 4.5, "HBEFA3/PC_G_EU4"),
        [VehicleClass.LightGoods] = new("delivery", 5.2, 2.4, 4.5, "HBEFA3/LDV_D_EU4"),
        [VehicleClass.HeavyGoods] = new("truck", 9.5, 1.3, 4, "HBEFA3/HDV_D_EU4"),
        [VehicleClass.Bus] = new("bus", 11, 1.2, 4, "HBEFA3/Bus"),
        [VehicleClass.Motorcycle] = new("motorcycle", 2.2, 5, 6, "HBEFA3/LDV_G_EU4"),
    }.ToImmutableDictionary();

    /// <summary>The model behind the fuel and CO2 figures, for whoever reads them.</summary>
    public const string EmissionModel = "HBEFA 3.1 as implemented by SUMO (passenger cars: petrol Euro 4; light and heavy goods: diesel Euro 4; bus: urban mean; motorcycles as light petrol vehicles)";

    public static string Xml(SumoNetwork network, DriverModel drivers, IReadOnlyList<ArrivingVehicle> vehicles) => SumoNetwork.Write("routes", xml =>
    {
        foreach (var (vehicleClass, kind) in s_kinds.OrderBy(k => k.Key))
        {
            xml.WriteStartElement("vType");
            xml.WriteAttributeString("id", vehicleClass.Name());
            xml.WriteAttributeString("vClass", kind.VehicleType);
            xml.WriteAttributeString("length", SumoNetwork.Number(kind.LengthMetres));
            xml.WriteAttributeString("accel", SumoNetwork.Number(kind.AccelerationMs2));
            xml.WriteAttributeString("decel", SumoNetwork.Number(kind.DecelerationMs2));
            xml.WriteAttributeString("tau", SumoNetwork.Number(drivers.HeadwaySeconds));
            xml.WriteAttributeString("sigma", SumoNetwork.Number(drivers.Imperfection));
            xml.WriteAttributeString("startupDelay", SumoNetwork.Number(drivers.StartDelaySeconds));
            xml.WriteAttributeString("speedFactor", string.Create(CultureInfo.InvariantCulture, $"normc(1,{SumoNetwork.Number(drivers.SpeedSpread)},0.6,1.4)"));
            xml.WriteAttributeString("emissionClass", kind.EmissionClass);
            xml.WriteEndElement();
        }

        var turns = vehicles.Select(v => v.Turn).Distinct().OrderBy(t => t.ToString(), StringComparer.Ordinal).ToList();
        var names = turns.Select((t, i) => (t, Name: $"r{i}")).ToDictionary(t => t.t, t => t.Name);
        foreach (var turn in turns)
        {
            xml.WriteStartElement("route");
            xml.WriteAttributeString("id", names[turn]);
            xml.WriteAttributeString("edges", string.Join(' ', network.Route(turn)));
            xml.WriteEndElement();
        }

        foreach (var vehicle in vehicles)
        {
            xml.WriteStartElement("vehicle");
            xml.WriteAttributeString("id", vehicle.Number.ToString(CultureInfo.InvariantCulture));
            xml.WriteAttributeString("type", vehicle.Class.Name());
            xml.WriteAttributeString("route", names[vehicle.Turn]);
            xml.WriteAttributeString("depart", SumoNetwork.Number(vehicle.WantsToArriveAt));
            xml.WriteAttributeString("departLane", "best");
            xml.WriteAttributeString("departSpeed", "max");
            xml.WriteEndElement();
        }
    });
}
