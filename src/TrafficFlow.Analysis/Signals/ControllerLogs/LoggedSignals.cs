using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Signals.ControllerLogs;

/// <summary>Which movements a phase of the controller controls.</summary>
public sealed record LoggedPhase(int Number, ApproachId Approach, ImmutableArray<Movement> Movements);

/// <summary>A controller's log as signal phases, on the cameras' clock. What the log has holes in is not told.</summary>
public sealed class LoggedSignals : ISignalPhases
{
    private readonly List<SignalPhase> _phases = [];

    /// <param name="clockDifference">Controller's clock less the cameras', as <see cref="ClockDifference"/> finds it.</param>
    public LoggedSignals(ControllerLog log, IReadOnlyList<LoggedPhase> phases, TimeSpan clockDifference = default)
    {
        var covered = log.Covered;
        foreach (var phase in phases)
        {
            foreach (var (colour, span) in Spans(log.Events.Where(e => e.Parameter == phase.Number)))
            {
                if (covered.Covers(span)) _phases.Add(new SignalPhase(phase.Approach, phase.Movements, colour, new Interval(span.From - clockDifference, span.To - clockDifference)));
            }
        }

        _phases.Sort((a, b) => a.Span.From.CompareTo(b.Span.From));
    }

    public IEnumerable<SignalPhase> Overlapping(ApproachId approach, Interval interval) =>
        _phases.Where(p => p.Approach == approach && p.Span.From < interval.To && p.Span.To > interval.From);

    private static IEnumerable<(SignalColour Colour, Interval Span)> Spans(IEnumerable<ControllerEvent> events)
    {
        (SignalColour Colour, DateTimeOffset From)? shown = null;
        foreach (var e in events)
        {
            SignalColour? now = e.Code switch
            {
                EventCode.PhaseBeginGreen => SignalColour.Green,
                EventCode.PhaseBeginYellowClearance => SignalColour.Amber,
                EventCode.PhaseEndYellowClearance or EventCode.PhaseBeginRedClearance => SignalColour.Red,
                _ => null,
            };
            if (now is not { } colour || colour == shown?.Colour) continue;
            // From amber to green, or from green to red: a line between them is missing, and what it would have told is not known.
            if (shown is { } before && Next(before.Colour) == colour) yield return (before.Colour, new Interval(before.From, e.Time));
            shown = (colour, e.Time);
        }
    }

    private static SignalColour Next(SignalColour colour) => colour switch
    {
        SignalColour.Green => SignalColour.Amber,
        SignalColour.Amber => SignalColour.Red,
        _ => SignalColour.Green,
    };
}
