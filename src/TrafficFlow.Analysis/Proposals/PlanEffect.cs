using System.Collections.Immutable;
using TrafficFlow.Analysis.Capacity;
using TrafficFlow.Core.Signals;

namespace TrafficFlow.Analysis.Proposals;

/// <summary>What a plan does to the vehicles of one signal group.</summary>
/// <param name="GreenSeconds">Effective green of a cycle.</param>
/// <param name="DegreeOfSaturation">Of its fullest lane group (飽和度).</param>
/// <param name="DelaySeconds">Mean control delay of a vehicle.</param>
/// <param name="Stops">Mean number of stops of a vehicle (Akçelik, Traffic Signals: Capacity and Timing Analysis, ARRB 123, 1981: 0.9 times the queued share and the overflow).</param>
public sealed record GroupEffect(string Group, double VehiclesPerHour, double GreenSeconds, double DegreeOfSaturation, double DelaySeconds, double Stops)
{
    public LevelOfService Level => double.IsFinite(DelaySeconds) ? LevelsOfService.OfDelay(DelaySeconds, DegreeOfSaturation) : LevelOfService.F;
}

/// <summary>What a plan does to a demand, by HCM's delay at fixed time.</summary>
/// <param name="VehicleHoursPerHour">Delay of all vehicles that come in an hour.</param>
/// <param name="MeanDelaySeconds">Of a vehicle.</param>
public sealed record PlanEffect(TimingPlan Plan, ImmutableArray<GroupEffect> Groups, double VehicleHoursPerHour, double MeanDelaySeconds, double MeanStops)
{
    public GroupEffect Of(string group) => Groups.First(g => g.Group == group);

    public static PlanEffect Of(TimingPlan plan, IReadOnlyList<GroupDemand> demand, TimingRules rules)
    {
        ImmutableArray<GroupEffect> groups = [.. demand.Select(d => Of(plan, d, rules))];
        var vehicles = groups.Sum(g => g.VehiclesPerHour);
        var lost = groups.Where(g => g.VehiclesPerHour > 0).Sum(g => g.VehiclesPerHour * g.DelaySeconds) / 3600;
        return new PlanEffect(
            plan, groups, lost, vehicles > 0 ? lost * 3600 / vehicles : 0, vehicles > 0 ? groups.Where(g => g.VehiclesPerHour > 0).Sum(g => g.VehiclesPerHour * g.Stops) / vehicles : 0);
    }

    private static GroupEffect Of(TimingPlan plan, GroupDemand demand, TimingRules rules)
    {
        var greens = GroupGreens.Of(plan, demand.Group, rules);
        var (cycle, green) = (plan.CycleSeconds, greens.Sum(g => g.Length));
        var (vehicles, delay, stops, fullest) = (0.0, 0.0, 0.0, 0.0);
        foreach (var lane in demand.Lanes)
        {
            var capacity = SaturationFlow.Capacity(lane.SaturationFlow, Math.Min(green, cycle), cycle);
            var x = capacity > 0 ? lane.VehiclesPerHour / capacity : lane.VehiclesPerHour > 0 ? double.PositiveInfinity : 0;
            fullest = Math.Max(fullest, x);
            if (lane.VehiclesPerHour <= 0) continue;
            vehicles += lane.VehiclesPerHour;
            if (!double.IsFinite(x))
            {
                delay = stops = double.PositiveInfinity;
                continue;
            }

            var overflow = green >= cycle ? 0 : HcmDelay.IncrementalSeconds(x, capacity, rules.PeriodHours);
            delay += lane.VehiclesPerHour * (CyclicQueue.UniformSeconds(cycle, greens, x) + overflow);
            var share = green / cycle;
            stops += lane.VehiclesPerHour * (green >= cycle ? 0 : 0.9 * (((1 - share) / (1 - (Math.Min(1, x) * share))) + (overflow / cycle)));
        }

        return new GroupEffect(demand.Group, vehicles, green, fullest, vehicles > 0 ? delay / vehicles : 0, vehicles > 0 ? stops / vehicles : 0);
    }
}
