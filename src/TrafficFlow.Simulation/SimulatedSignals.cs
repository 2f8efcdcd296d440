using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Simulation;

/// <summary>The signal phases of the simulated junction, by the wall clock.</summary>
/// <param name="start">Event time of the simulation's zero.</param>
public sealed class SimulatedSignals(SignalTimes times, DateTimeOffset start) : ISignalPhases
{
    private readonly SignalPlan _plan = new(times);

    public IEnumerable<SignalPhase> Overlapping(ApproachId approach, Interval interval)
    {
        var arm = JunctionLayout.IndexOf(approach);
        return Group(arm, approach, interval, [Turn.Left, Turn.Through]).Concat(Group(arm, approach, interval, [Turn.Right])).OrderBy(p => p.Span.From);
    }

    private IEnumerable<SignalPhase> Group(int arm, ApproachId approach, Interval interval, IReadOnlyList<Turn> turns)
    {
        ImmutableArray<Movement> movements = [.. turns.Select(t => Movement.To(JunctionLayout.Approaches[JunctionLayout.ExitOf(arm, t)]))];
        var (from, to) = ((interval.From - start).TotalSeconds, (interval.To - start).TotalSeconds);
        return _plan.Changes(arm, turns[0], from, to)
            .Select(c => new SignalPhase(approach, movements, c.Colour, new Interval(start.AddSeconds(c.From), start.AddSeconds(c.To))));
    }
}
