using TrafficFlow.Core.Detection;

namespace TrafficFlow.Simulation.Vehicles;

/// <summary>The outline of a vehicle, finer than its class: what a picture of it needs.</summary>
public enum BodyShape
{
    Kei,
    Hatchback,
    Sedan,
    Suv,
    Minivan,
    KeiVan,
    KeiTruck,
    Van,
    BoxTruck,
    DumpTruck,
    RouteBus,
    Motorcycle,
    Scooter,
}

/// <summary>Paint of a vehicle, 8 bit each.</summary>
public readonly record struct Paint(byte Red, byte Green, byte Blue);

/// <summary>A kind of vehicle: sizes in metres, acceleration in m/s², wished time gap to the leader in seconds.</summary>
internal sealed record VehicleModel(
    VehicleClass Class, BodyShape Shape, double Length, double Width, double Height, double Wheelbase, double Acceleration, double TimeGap);

/// <summary>The vehicles of a Japanese town, and how often each is met within its class.</summary>
internal static class Fleet
{
    private static readonly (VehicleModel Model, double Weight)[] s_models =
    [
        (new(VehicleClass.PassengerCar, BodyShape.Kei, 3.40, 1.48, 1.66, 2.45, 1.8, 1.10), 30),
        (new(VehicleClass.PassengerCar, BodyShape.Hatchback, 4.05, 1.70, 1.51, 2.55, 1.9, 1.10), 25),
        (new(VehicleClass.PassengerCar, BodyShape.Sedan, 4.75, 1.82, 1.46, 2.75, 2.0, 1.10), 15),
        (new(VehicleClass.PassengerCar, BodyShape.Suv, 4.45, 1.83, 1.69, 2.65, 1.9, 1.10), 15),
        (new(VehicleClass.PassengerCar, BodyShape.Minivan, 4.75, 1.76, 1.88, 2.85, 1.8, 1.15), 15),
        (new(VehicleClass.LightGoods, BodyShape.KeiVan, 3.40, 1.48, 1.88, 2.40, 1.6, 1.15), 35),
        (new(VehicleClass.LightGoods, BodyShape.KeiTruck, 3.40, 1.48, 1.78, 1.90, 1.6, 1.15), 25),
        (new(VehicleClass.LightGoods, BodyShape.Van, 4.70, 1.70, 1.99, 2.57, 1.7, 1.15), 40),
        (new(VehicleClass.HeavyGoods, BodyShape.BoxTruck, 6.20, 2.10, 2.90, 3.40, 1.3, 1.40), 40),
        (new(VehicleClass.HeavyGoods, BodyShape.BoxTruck, 8.40, 2.38, 3.40, 5.60, 1.15, 1.45), 35),
        (new(VehicleClass.HeavyGoods, BodyShape.DumpTruck, 7.60, 2.42, 3.05, 5.00, 1.15, 1.45), 25),
        (new(VehicleClass.Bus, BodyShape.RouteBus, 8.99, 2.34, 2.98, 5.90, 1.2, 1.40), 45),
        (new(VehicleClass.Bus, BodyShape.RouteBus, 10.45, 2.44, 3.05, 7.00, 1.15, 1.45), 55),
        (new(VehicleClass.Motorcycle, BodyShape.Motorcycle, 2.10, 0.78, 1.68, 1.40, 2.4, 1.00), 45),
        (new(VehicleClass.Motorcycle, BodyShape.Scooter, 1.80, 0.70, 1.62, 1.25, 1.9, 1.00), 55),
    ];

    private static readonly VehicleClass[] s_classes =
        [VehicleClass.PassengerCar, VehicleClass.LightGoods, VehicleClass.HeavyGoods, VehicleClass.Bus, VehicleClass.Motorcycle];

    private static readonly (Paint Paint, double Weight)[] s_carPaints =
    [
        (new(236, 237, 238), 30), (new(24, 25, 28), 18), (new(168, 171, 175), 14), (new(96, 100, 106), 9), (new(28, 44, 96), 8),
        (new(138, 22, 28), 6), (new(92, 70, 56), 4), (new(196, 184, 160), 4), (new(70, 124, 160), 4), (new(58, 74, 62), 2), (new(214, 150, 40), 1),
    ];

    private static readonly (Paint Paint, double Weight)[] s_goodsPaints =
        [(new(238, 238, 236), 60), (new(176, 179, 182), 18), (new(36, 74, 140), 8), (new(60, 62, 66), 6), (new(52, 112, 84), 4), (new(196, 160, 48), 4)];

    private static readonly (Paint Paint, double Weight)[] s_busPaints =
        [(new(232, 226, 206), 40), (new(70, 140, 190), 30), (new(206, 84, 60), 15), (new(86, 150, 100), 15)];

    public static VehicleModel Draw(ClassMix mix, Pcg32 random)
    {
        var vehicleClass = s_classes[random.Pick([mix.PassengerCar, mix.LightGoods, mix.HeavyGoods, mix.Bus, mix.Motorcycle])];
        var models = s_models.Where(m => m.Model.Class == vehicleClass).ToArray();
        return models[random.Pick([.. models.Select(m => m.Weight)])].Model;
    }

    public static Paint DrawPaint(VehicleModel model, Pcg32 random)
    {
        var paints = model.Class switch
        {
            VehicleClass.Bus => s_busPaints,
            VehicleClass.LightGoods or VehicleClass.HeavyGoods => s_goodsPaints,
            _ => s_carPaints,
        };
        return paints[random.Pick([.. paints.Select(p => p.Weight)])].Paint;
    }
}
