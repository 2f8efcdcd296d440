using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Signals.Performance;

/// <summary>One cycle of one movement as the performance measures of signals count it: from the begin of red to the begin of the next red.</summary>
public readonly record struct MovementCycle(DateTimeOffset Red, DateTimeOffset Green, DateTimeOffset Amber, DateTimeOffset EndOfAmber)
{
    public Interval Span => new(Red, EndOfAmber);

    public double CycleSeconds => (EndOfAmber - Red).TotalSeconds;

    public double GreenSeconds => (Amber - Green).TotalSeconds;

    /// <summary>Seconds since the cycle began.</summary>
    public double Within(DateTimeOffset time) => (time - Red).TotalSeconds;

    public SignalColour ColourAt(DateTimeOffset time) => time < Green ? SignalColour.Red : time < Amber ? SignalColour.Green : SignalColour.Amber;
}

public static class MovementCycles
{
    /// <summary>A red that lasts longer is none of a cycle: signals that were off, or a log with a hole.</summary>
    private const double LongestRedSeconds = 600;

    /// <summary>The whole cycles of a movement within an interval, in order of time.</summary>
    public static IReadOnlyList<MovementCycle> Of(ISignalPhases signals, ApproachId approach, Movement movement, Interval interval)
    {
        var cycles = new List<MovementCycle>();
        DateTimeOffset? red = null;
        DateTimeOffset? green = null;
        DateTimeOffset? amber = null;
        var last = DateTimeOffset.MinValue;
        foreach (var phase in signals.Overlapping(approach, interval).Where(p => p.Movements.Contains(movement)).OrderBy(p => p.Span.From))
        {
            // What does not follow on tells no cycle.
            if (phase.Span.From - last > TimeSpan.FromMilliseconds(200)) (red, green, amber) = (null, null, null);
            last = phase.Span.To;
            switch (phase.Colour)
            {
                case SignalColour.Red:
                    Close(phase.Span.From);
                    (red, green, amber) = (phase.Span.Length.TotalSeconds <= LongestRedSeconds && phase.Span.From >= interval.From ? phase.Span.From : null, null, null);
                    break;
                case SignalColour.Green:
                    green ??= phase.Span.From;
                    break;
                default:
                    amber = phase.Span.From;
                    break;
            }
        }

        return cycles;

        void Close(DateTimeOffset end)
        {
            if (red is { } r && green is { } g && end <= interval.To) cycles.Add(new MovementCycle(r, g, amber ?? end, end));
        }
    }
}
