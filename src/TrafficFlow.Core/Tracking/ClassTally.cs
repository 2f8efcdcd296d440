using TrafficFlow.Core.Detection;

namespace TrafficFlow.Core.Tracking;

/// <summary>A weight for each class.</summary>
public readonly record struct ClassWeights(float Unclassified, float PassengerCar, float LightGoods, float HeavyGoods, float Bus, float Motorcycle)
{
    public float Of(VehicleClass vehicleClass) => vehicleClass switch
    {
        VehicleClass.PassengerCar => PassengerCar,
        VehicleClass.LightGoods => LightGoods,
        VehicleClass.HeavyGoods => HeavyGoods,
        VehicleClass.Bus => Bus,
        VehicleClass.Motorcycle => Motorcycle,
        _ => Unclassified,
    };

    internal static ClassWeights Of(ReadOnlySpan<double> weights) =>
        new((float)weights[0], (float)weights[1], (float)weights[2], (float)weights[3], (float)weights[4], (float)weights[5]);
}

/// <summary>All votes for a track's class.</summary>
/// <param name="Votes">Sums of the detector's scores.</param>
/// <param name="Looks">Sums of the second model's weights; all 0 where it never looked.</param>
public readonly record struct ClassTally(ClassWeights Votes, ClassWeights Looks)
{
    public bool WasLookedAt => Looks != default;
}

/// <summary>How well a track has been seen so far.</summary>
/// <param name="MeanScore">Of its detections, the detector's own, 0..1.</param>
public readonly record struct TrackStanding(int Detections, float MeanScore, float LeastScore, ClassTally Classes);
