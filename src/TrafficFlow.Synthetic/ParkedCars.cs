using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Simulation.Vehicles;

namespace TrafficFlow.Synthetic;

/// <summary>Cars that stand beside the store all day: part of the background, never of the traffic.</summary>
internal static class ParkedCars
{
    public static readonly IReadOnlyList<VehicleView> All =
    [
        Car(12.7, 18.75, 0.02, BodyShape.Kei, 3.40, 1.48, 1.66, new(230, 231, 232)),
        Car(12.5, 21.25, Math.PI, BodyShape.Sedan, 4.75, 1.82, 1.46, new(40, 42, 48)),
        Car(12.6, 26.25, Math.PI, BodyShape.Minivan, 4.75, 1.76, 1.88, new(160, 164, 170)),
        Car(17.5, 12.7, 1.6, BodyShape.Hatchback, 4.05, 1.70, 1.51, new(140, 26, 30)),
        Car(22.5, 12.6, -1.57, BodyShape.Suv, 4.45, 1.83, 1.69, new(228, 229, 230)),
        Car(25.0, 12.6, 1.55, BodyShape.KeiVan, 3.40, 1.48, 1.88, new(226, 227, 226)),
    ];

    private static VehicleView Car(double x, double y, double heading, BodyShape shape, double length, double width, double height, Paint paint) =>
        new(0, VehicleClass.PassengerCar, shape, new GroundPoint(x, y), heading, length, width, height, 0, paint, false, Indicator.Off);
}
