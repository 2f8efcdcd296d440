using System.Collections.Immutable;
using TrafficFlow.Analysis.Capacity;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.Analysis.Signals.Performance;

/// <summary>How one movement used one watched cycle.</summary>
public readonly record struct CycleUse(MovementCycle Cycle, int Crossings, int OnGreen, int OnAmber, int OnRed);

/// <summary>How a movement used its greens: what passed, and against what could have.</summary>
/// <param name="PerHour">Flow over the watched cycles, with the interval of its chance.</param>
/// <param name="DegreeOfSaturation">X = q C / (s g) with effective green; null where the saturation flow is not known.</param>
/// <param name="CapacityPerHour">s g / C.</param>
public sealed record MovementPerformance(ImmutableArray<CycleUse> Cycles, Estimate? PerHour, Estimate? CapacityPerHour, Estimate? DegreeOfSaturation)
{
    /// <param name="saturationFlow">Vehicles per hour of green of all its lanes, measured or from the worksheet; null where nobody knows.</param>
    /// <param name="lostSeconds">Of a green and its amber, what is not used: start-up lost time less the amber that is used.</param>
    public static MovementPerformance Of(
        IReadOnlyList<MovementCycle> cycles, IReadOnlyList<DateTimeOffset> crossings, IntervalSet watched, Estimate? saturationFlow, double lostSeconds = 0)
    {
        var diagram = CoordinationDiagram.Of(cycles, crossings, watched);
        var uses = diagram.ByCycle().Select(c => new CycleUse(c.Cycle, c.OnGreen + c.OnAmber + c.OnRed, c.OnGreen, c.OnAmber, c.OnRed)).ToImmutableArray();
        var hours = uses.Sum(u => u.Cycle.CycleSeconds) / 3600;
        if (hours <= 0) return new MovementPerformance(uses, null, null, null);
        var count = uses.Sum(u => u.Crossings);
        var (low, high) = PoissonInterval.Of(count);
        var flow = new Estimate(count / hours, low / hours, high / hours);
        var green = uses.Sum(u => Math.Max(0, u.Cycle.GreenSeconds - lostSeconds)) / uses.Sum(u => u.Cycle.CycleSeconds);
        if (saturationFlow is not { } s || green <= 0 || s.Low <= 0) return new MovementPerformance(uses, flow, null, null);
        var capacity = new Estimate(s.Value * green, s.Low * green, s.High * green);
        // Flow and saturation flow err independently.
        var degree = flow.Value / capacity.Value;
        var error = degree * Math.Sqrt(Math.Pow(flow.Margin / Math.Max(flow.Value, 1e-9), 2) + Math.Pow(capacity.Margin / capacity.Value, 2));
        return new MovementPerformance(uses, flow, capacity, new Estimate(degree, Math.Max(0, degree - error), degree + error));
    }
}
