namespace TrafficFlow.Core.Detection;

/// <summary>What one picture says for each class of vehicle, 0..1 each; all 0 where the model names the best alone.</summary>
public readonly record struct ClassScores(float PassengerCar, float LightGoods, float HeavyGoods, float Bus, float Motorcycle)
{
    public bool AreKnown => PassengerCar > 0 || LightGoods > 0 || HeavyGoods > 0 || Bus > 0 || Motorcycle > 0;

    /// <summary>0 for unclassified.</summary>
    public float Of(VehicleClass vehicleClass) => vehicleClass switch
    {
        VehicleClass.PassengerCar => PassengerCar,
        VehicleClass.LightGoods => LightGoods,
        VehicleClass.HeavyGoods => HeavyGoods,
        VehicleClass.Bus => Bus,
        VehicleClass.Motorcycle => Motorcycle,
        _ => 0,
    };
}
