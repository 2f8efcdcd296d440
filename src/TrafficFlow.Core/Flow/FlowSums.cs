using TrafficFlow.Core.Detection;

namespace TrafficFlow.Core.Flow;

/// <summary>What is added up of one stream and class: sums add, so that longer bins come from shorter ones without loss.</summary>
/// <param name="Count">Vehicles.</param>
/// <param name="Small">Of these, known to be 小型.</param>
/// <param name="Large">Of these, known to be 大型.</param>
/// <param name="SpeedSamples">Of these, with a measured speed.</param>
/// <param name="SpeedSumKmh">Sum of the speeds, km/h.</param>
/// <param name="PaceSum">Sum of 1 / speed, h/km: the harmonic mean is what relates flow to density.</param>
public readonly record struct FlowSums(int Count, int Small, int Large, int SpeedSamples, double SpeedSumKmh, double PaceSum)
{
    /// <summary>Time-mean speed in km/h; null without a sample.</summary>
    public double? MeanSpeedKmh => SpeedSamples > 0 ? SpeedSumKmh / SpeedSamples : null;

    /// <summary>Space-mean (harmonic) speed in km/h; null without a sample.</summary>
    public double? SpaceMeanSpeedKmh => SpeedSamples > 0 ? SpeedSamples / PaceSum : null;

    public static FlowSums Of(CountedVehicle vehicle) => Of(vehicle.Size, vehicle.SpeedKmh);

    /// <summary>One vehicle.</summary>
    /// <param name="speedKmh">Null where it is not known.</param>
    public static FlowSums Of(VehicleSize size, double? speedKmh)
    {
        // A speed of zero at a gate is a failed measurement, and its reciprocal would swallow all others.
        var speed = speedKmh is { } s && s > 0 && double.IsFinite(s) ? s : 0;
        return new FlowSums(
            1, size == VehicleSize.Small ? 1 : 0, size == VehicleSize.Large ? 1 : 0,
            speed > 0 ? 1 : 0, speed, speed > 0 ? 1 / speed : 0);
    }

    public static FlowSums operator +(FlowSums a, FlowSums b) => new(
        a.Count + b.Count, a.Small + b.Small, a.Large + b.Large,
        a.SpeedSamples + b.SpeedSamples, a.SpeedSumKmh + b.SpeedSumKmh, a.PaceSum + b.PaceSum);
}

/// <summary>One stream and class of an approach.</summary>
public readonly record struct FlowStream(Movement Movement, VehicleClass Class) : IComparable<FlowStream>
{
    public int CompareTo(FlowStream other) =>
        Movement.CompareTo(other.Movement) is not 0 and var byMovement ? byMovement : Class.CompareTo(other.Class);
}
