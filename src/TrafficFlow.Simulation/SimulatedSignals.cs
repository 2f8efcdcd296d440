using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Simulation;

/// <summary>The signal phases of the simulated junction, by the wall clock.</summary>
public sealed class SimulatedSignals : ISignalPhases
{
    private readonly IJunctionSignals _signals;
    private readonly DateTimeOffset _start;

    /// <param name="start">Event time of the simulation's zero.</param>
    public SimulatedSignals(SignalTimes times, DateTimeOffset start) => (_signals, _start) = (new SignalPlan(times), start);

    /// <summary>Of a simulation with these settings, whichever of the two kinds of signals they ask for.</summary>
    public SimulatedSignals(JunctionSettings settings, DateTimeOffset start) => (_signals, _start) = (settings.CreateSignals(), start);

    public IEnumerable<SignalPhase> Overlapping(ApproachId approach, Interval interval)
    {
        var arm = JunctionLayout.IndexOf(approach);
        return Group(arm, approach, interval, [Turn.Left, Turn.Through]).Concat(Group(arm, approach, interval, [Turn.Right])).OrderBy(p => p.Span.From);
    }

    private IEnumerable<SignalPhase> Group(int arm, ApproachId approach, Interval interval, IReadOnlyList<Turn> turns)
    {
        ImmutableArray<Movement> movements = [.. turns.Select(t => Movement.To(JunctionLayout.Approaches[JunctionLayout.ExitOf(arm, t)]))];
        var (from, to) = ((interval.From - _start).TotalSeconds, (interval.To - _start).TotalSeconds);
        return _signals.Changes(arm, turns[0], from, to)
            .Select(c => new SignalPhase(approach, movements, c.Colour, new Interval(_start.AddSeconds(c.From), _start.AddSeconds(c.To))));
    }
}
