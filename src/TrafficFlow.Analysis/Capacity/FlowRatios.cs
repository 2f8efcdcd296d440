using System.Collections.Immutable;

namespace TrafficFlow.Analysis.Capacity;

/// <summary>Lanes that vehicles choose freely among, and what wants to pass them.</summary>
/// <param name="VehiclesPerHour">Demand: what arrives, not only what gets through.</param>
/// <param name="SaturationFlow">Of all its lanes together, vehicles per hour of green.</param>
public sealed record LaneGroup(string Name, double VehiclesPerHour, double SaturationFlow)
{
    /// <summary>車線の需要率.</summary>
    public double FlowRatio => VehiclesPerHour / SaturationFlow;

    /// <summary>Demand over capacity (飽和度) where it has so much effective green.</summary>
    public double DegreeOfSaturation(double greenSeconds, double cycleSeconds) =>
        Capacity.SaturationFlow.Capacity(SaturationFlow, greenSeconds, cycleSeconds) is > 0 and var capacity
            ? VehiclesPerHour / capacity
            : VehiclesPerHour > 0 ? double.PositiveInfinity : 0;
}

/// <summary>A stage with the lane groups that have green in it and in no other.</summary>
public sealed record StageDemand(string Name, ImmutableArray<LaneGroup> Lanes)
{
    /// <summary>That which needs the longest green; null in a stage for people on foot.</summary>
    public LaneGroup? Critical => Lanes.IsEmpty ? null : Lanes.MaxBy(l => l.FlowRatio);

    /// <summary>現示の需要率.</summary>
    public double FlowRatio => Critical?.FlowRatio ?? 0;
}

/// <summary>Whether a junction's stages can serve its demand.</summary>
/// <param name="FlowRatio">交差点の需要率: sum over the stages.</param>
/// <param name="Limit">(C - L) / C: what the cycle leaves for green.</param>
/// <param name="CriticalDegreeOfSaturation">FlowRatio / Limit: the degree of saturation if greens were divided by the flow ratios.</param>
public sealed record IntersectionDemand(double FlowRatio, double Limit, double CriticalDegreeOfSaturation)
{
    /// <summary>By the cities' rule, 0.9, or by what this cycle leaves.</summary>
    public bool IsOverCapacity => FlowRatio > Math.Min(SaturationFlow.FlowRatioLimit, Limit);
}

public static class FlowRatios
{
    /// <param name="lostSeconds">Of all stages of a cycle together.</param>
    /// <exception cref="ArgumentException">A lane group has no saturation flow, or the lost times fill the cycle.</exception>
    public static IntersectionDemand Of(IReadOnlyList<StageDemand> stages, double cycleSeconds, double lostSeconds)
    {
        foreach (var lane in stages.SelectMany(s => s.Lanes))
        {
            if (!(lane.SaturationFlow > 0) || !(lane.VehiclesPerHour >= 0))
                throw new ArgumentException($"lane group {lane.Name}: demand is 0 or more, and its saturation flow above 0", nameof(stages));
        }

        if (!(lostSeconds >= 0 && lostSeconds < cycleSeconds)) throw new ArgumentException($"lost times of {lostSeconds:0.#} s leave no green in a cycle of {cycleSeconds:0.#} s", nameof(lostSeconds));
        var (sum, limit) = (stages.Sum(s => s.FlowRatio), (cycleSeconds - lostSeconds) / cycleSeconds);
        return new IntersectionDemand(sum, limit, sum / limit);
    }
}
