using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Flow;

/// <summary>What is added up of the queue before an approach's entering gates: sums add, so that longer bins come from shorter ones.</summary>
/// <param name="Seconds">For how long the queue was measured, an empty one included.</param>
/// <param name="MetreSeconds">Integral of the back of queue over this time: from the gate to the rear of the last queued vehicle, metres.</param>
/// <param name="MaxMetres">The longest back of queue.</param>
/// <param name="VehicleSeconds">Integral of the number of queued vehicles.</param>
/// <param name="MaxVehicles">The most that were queued at once.</param>
public readonly record struct QueueSums(double Seconds, double MetreSeconds, double MaxMetres, double VehicleSeconds, int MaxVehicles)
{
    /// <summary>Mean back of queue over the measured time, metres; null where it was not measured.</summary>
    public double? MeanMetres => Seconds > 0 ? MetreSeconds / Seconds : null;

    /// <summary>Mean number of queued vehicles; null where it was not measured.</summary>
    public double? MeanVehicles => Seconds > 0 ? VehicleSeconds / Seconds : null;

    public static QueueSums operator +(QueueSums a, QueueSums b) => new(
        a.Seconds + b.Seconds, a.MetreSeconds + b.MetreSeconds, Math.Max(a.MaxMetres, b.MaxMetres),
        a.VehicleSeconds + b.VehicleSeconds, Math.Max(a.MaxVehicles, b.MaxVehicles));
}

/// <summary>The queue before one approach in a part of one minute of a covered interval.</summary>
/// <param name="From">When this part begins.</param>
public readonly record struct QueueReading(ApproachId Approach, DateTimeOffset From, QueueSums Sums);
