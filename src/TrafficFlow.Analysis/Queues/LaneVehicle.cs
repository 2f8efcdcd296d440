using TrafficFlow.Core.Detection;

namespace TrafficFlow.Analysis.Queues;

/// <summary>One vehicle of a lane as cameras told it. Seconds since some zero; metres from the entering gate or the stop line.</summary>
/// <param name="Entered">Its middle passed the entering gate.</param>
/// <param name="JoinedMetres">Where its rear stood when it joined the queue within sight; null where nobody saw it join.</param>
internal readonly record struct LaneVehicle(double Entered, double FirstSeen, double? Joined, double? JoinedMetres, VehicleClass Class)
{
    public bool IsLarge => Class is VehicleClass.HeavyGoods or VehicleClass.Bus;
}

/// <summary>One green of a lane.</summary>
/// <param name="Begin">Displayed.</param>
/// <param name="End">Displayed.</param>
internal readonly record struct LaneGreen(double Begin, double End)
{
    /// <summary>Of the amber so much is driven on, and the gate lies a moment behind the stop line.</summary>
    private const double UsedAfterSeconds = 3;

    public double LastPassage => End + UsedAfterSeconds;
}
