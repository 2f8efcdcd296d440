using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Signals;

/// <summary>
/// Port for what the signals of one junction showed and when: known from a simulation, read from a controller's log, or inferred from how
/// vehicles discharge.
/// </summary>
public interface ISignalPhases
{
    /// <summary>
    /// The phases of every signal group of an approach that overlap the interval, each whole, by begin. Nothing where the approach has no
    /// signal, or nobody knows.
    /// </summary>
    IEnumerable<SignalPhase> Overlapping(ApproachId approach, Interval interval);
}

/// <summary>Figures that are derived from signal phases.</summary>
public static class SignalPhases
{
    /// <summary>For how long a movement had green within the interval; null where nothing is known of its signal then.</summary>
    public static TimeSpan? Green(this ISignalPhases signals, ApproachId approach, Movement movement, Interval interval)
    {
        var phases = signals.Overlapping(approach, interval).Where(p => p.Movements.Contains(movement)).ToList();
        return phases.Count == 0
            ? null
            : phases.Where(p => p.Colour == SignalColour.Green).Aggregate(TimeSpan.Zero, (sum, p) => sum + p.Span.Clip(interval).Length);
    }
}
