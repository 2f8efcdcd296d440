using System.Collections.Immutable;
using TrafficFlow.Analysis.Capacity;

namespace TrafficFlow.Analysis.Proposals;

/// <summary>What wants to pass one signal group.</summary>
/// <param name="Group">Name in the plan.</param>
/// <param name="Lanes">Lane groups that this signal group alone controls; each with its demand and saturation flow.</param>
/// <param name="RelativeError">Standard error of the demands as a share of them: of how much of the time was watched, and of the days' differences.</param>
public sealed record GroupDemand(string Group, ImmutableArray<LaneGroup> Lanes, double RelativeError = 0)
{
    public double VehiclesPerHour => Lanes.Sum(l => l.VehiclesPerHour);

    /// <summary>Of the lane group that needs the longest green.</summary>
    public double FlowRatio => Lanes.IsEmpty ? 0 : Lanes.Max(l => l.FlowRatio);

    internal GroupDemand Times(double factor) => this with { Lanes = [.. Lanes.Select(l => l with { VehiclesPerHour = l.VehiclesPerHour * factor })] };
}
