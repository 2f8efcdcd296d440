using TrafficFlow.Core.Detection;
using TrafficFlow.Simulation.Vehicles;

namespace TrafficFlow.SystemTests.Accuracy;

/// <summary>
/// What a person calls the paints of the simulated fleet. Lorries are not judged: their cargo has a colour of its own. Neither are
/// two-wheelers, which are mostly rider.
/// </summary>
internal static class PaintNames
{
    private static readonly Dictionary<Paint, VehicleColour> s_names = new()
    {
        [new(236, 237, 238)] = VehicleColour.White,
        [new(24, 25, 28)] = VehicleColour.Black,
        [new(168, 171, 175)] = VehicleColour.Grey,
        [new(96, 100, 106)] = VehicleColour.Grey,
        [new(28, 44, 96)] = VehicleColour.Blue,
        [new(138, 22, 28)] = VehicleColour.Red,
        [new(92, 70, 56)] = VehicleColour.Brown,
        [new(196, 184, 160)] = VehicleColour.Brown,
        [new(70, 124, 160)] = VehicleColour.Blue,
        [new(58, 74, 62)] = VehicleColour.Green,
        [new(214, 150, 40)] = VehicleColour.Yellow,
        [new(238, 238, 236)] = VehicleColour.White,
        [new(176, 179, 182)] = VehicleColour.Grey,
        [new(36, 74, 140)] = VehicleColour.Blue,
        [new(60, 62, 66)] = VehicleColour.Black,
        [new(52, 112, 84)] = VehicleColour.Green,
        [new(196, 160, 48)] = VehicleColour.Yellow,
        [new(232, 226, 206)] = VehicleColour.White,
        [new(70, 140, 190)] = VehicleColour.Blue,
        [new(206, 84, 60)] = VehicleColour.Red,
        [new(86, 150, 100)] = VehicleColour.Green,
    };

    /// <summary>Null where the vehicle has no one colour.</summary>
    /// <exception cref="KeyNotFoundException">The fleet has a new paint: give it a name here.</exception>
    public static VehicleColour? Of(in VehicleView vehicle) =>
        vehicle.Class is VehicleClass.HeavyGoods or VehicleClass.Motorcycle ? null : s_names[vehicle.Paint];
}
