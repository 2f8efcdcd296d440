using System.Collections.Immutable;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.Analysis.Signals.Performance;

/// <summary>How occupied the zone before the stop line was in one cycle.</summary>
/// <param name="GreenOccupancy">GOR: part of green in which a vehicle stood or drove in the zone, 0..1.</param>
/// <param name="RedOccupancy">ROR5: the same of the first 5 s of the red that follows.</param>
public readonly record struct SplitOccupancy(MovementCycle Cycle, double GreenOccupancy, double RedOccupancy)
{
    /// <summary>A queue was served all through green and still stood when it ended.</summary>
    public bool IsFailure => GreenOccupancy >= SplitFailures.Limit && RedOccupancy >= SplitFailures.Limit;
}

/// <summary>
/// Split failures by occupancy at the stop line (Freije, Hainen, Stevens, Li, Smith, Summers, Day, Sturdevant, Bullock: Graphical Performance Measures for
/// Practitioners to Triage Split Failure Trouble Calls, Purdue 2014): both ratios at 0.8 or more.
/// </summary>
public sealed record SplitFailures(ImmutableArray<SplitOccupancy> Cycles)
{
    public const double Limit = 0.8;

    public const double RedSeconds = 5;

    /// <summary>Of the cycles that were watched.</summary>
    public Share Failed => new(Cycles.Count(c => c.IsFailure), Cycles.Length);

    /// <param name="occupied">When a vehicle was in the zone before the stop line.</param>
    /// <param name="watched">When somebody looked at the zone; cycles that were not watched from green to 5 s of red are left out.</param>
    public static SplitFailures Of(IEnumerable<MovementCycle> cycles, IntervalSet occupied, IntervalSet watched) => new(
        [
            .. from cycle in cycles
               let green = new Interval(cycle.Green, cycle.Amber)
               let red = new Interval(cycle.EndOfAmber, cycle.EndOfAmber.AddSeconds(RedSeconds))
               where !green.IsEmpty && watched.Covers(new Interval(green.From, red.To))
               select new SplitOccupancy(cycle, Part(occupied, green), Part(occupied, red)),
        ]);

    private static double Part(IntervalSet occupied, Interval of) => occupied.Within(of).Total / of.Length;
}
