using System.Collections.Immutable;
using TrafficFlow.Analysis.Records;
using TrafficFlow.Analysis.Signals;
using TrafficFlow.Analysis.Signals.Performance;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.Analysis.Studies;

/// <summary>Purdue coordination diagrams of each movement: of the stretch that tells its plan best, for a picture of more days shows nothing.</summary>
internal static class CoordinationPlots
{
    /// <summary>More dots are one grey.</summary>
    public const int MostPoints = 2_000;

    /// <summary>Of fewer arrivals the part on green says nothing.</summary>
    public const int FewestPoints = 20;

    public static IEnumerable<CoordinationPlot> Of(JunctionRecord record, JunctionTraffic traffic, JunctionSignals signals, IEnumerable<MovementFigure> movements)
    {
        foreach (var movement in movements.Select(m => m.Study))
        {
            if (record.Find(movement.Approach) is not { } approach) continue;
            var span = movement.Plan is { } plan ? signals.Plans[plan].Span : movement.Span;
            var cycles = MovementCycles.Of(signals.Phases, movement.Approach, movement.Movement, span);
            if (cycles.Count == 0) continue;
            var arrivals = traffic.Entered(approach, [span]).Where(j => JunctionTraffic.MovementOf(j) == movement.Movement).Select(CoordinationDiagram.Arrival).OfType<DateTimeOffset>();
            var diagram = CoordinationDiagram.Of(cycles, arrivals, approach.Watched);
            if (diagram.Points.Length < FewestPoints || diagram.OnGreen.Value is not { } onGreen) continue;
            var step = Math.Max(1, (double)diagram.Points.Length / MostPoints);
            ImmutableArray<(DateTimeOffset, double)> points = [.. Enumerable.Range(0, (int)(diagram.Points.Length / step)).Select(i => diagram.Points[(int)(i * step)]).Select(p => (p.Arrival, p.SecondsInCycle))];
            yield return new CoordinationPlot(
                movement.Approach, movement.Movement, span, cycles.Average(c => c.CycleSeconds), cycles.Average(c => c.Within(c.Green)), cycles.Average(c => c.Within(c.Amber)), points,
                new Estimate(onGreen, diagram.OnGreen.Low, diagram.OnGreen.High));
        }
    }
}
