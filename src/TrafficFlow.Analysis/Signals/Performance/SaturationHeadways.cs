using System.Collections.Immutable;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.Analysis.Signals.Performance;

/// <summary>The queue of one cycle in one lane as it discharged.</summary>
/// <param name="Vehicles">How many stood in it: their crossings follow each other closely from green on.</param>
/// <param name="FourthSeconds">From green to the crossing of the fourth.</param>
/// <param name="LastSeconds">From green to that of the last.</param>
public readonly record struct QueueDischarge(MovementCycle Cycle, int Vehicles, double FourthSeconds, double LastSeconds);

/// <summary>
/// Saturation flow and start-up lost time of one lane, measured as HCM 2000 (chapter 16, appendix H) has it: headways from the fourth vehicle of a queue to the
/// last, and what the first four need more than four such headways.
/// </summary>
/// <param name="HeadwaySeconds">Mean saturation headway; null without a queue that is long enough.</param>
/// <param name="PerHourOfGreen">Saturation flow, vehicles per hour of green.</param>
/// <param name="StartUpLostSeconds">l1 of a cycle.</param>
public sealed record SaturationHeadways(ImmutableArray<QueueDischarge> Queues, Estimate? HeadwaySeconds, Estimate? PerHourOfGreen, Estimate? StartUpLostSeconds)
{
    /// <summary>HCM wants more than eight vehicles; from here on it is measured, and the interval tells how well.</summary>
    public const int FewestVehicles = 8;

    private const int Fourth = 4;

    /// <summary>A vehicle that follows later was in no queue: twice the usual headway of 2 s; a heavy one follows within 4 s.</summary>
    private const double LongestHeadwaySeconds = 4;

    /// <summary>The first one later than this after green found no queue.</summary>
    private const double LatestFirstSeconds = 6;

    /// <param name="crossings">Of one lane at its stop line: of two lanes together headways mean nothing.</param>
    public static SaturationHeadways Of(IReadOnlyList<MovementCycle> cycles, IReadOnlyList<DateTimeOffset> crossings, IntervalSet watched)
    {
        var sorted = crossings.Order().ToArray();
        var queues = cycles
            .Where(c => watched.Covers(new Interval(c.Green, c.EndOfAmber)))
            .Select(c => Queue(c, sorted))
            .OfType<QueueDischarge>()
            .ToImmutableArray();
        if (queues.Length < 2) return new SaturationHeadways(queues, null, null, null);
        // All vehicles count alike: the sum of the times over the sum of the vehicles; its error by leaving out one cycle after the other (jackknife).
        var headway = Headway(queues);
        var error = Jackknife(queues, Headway);
        var flow = 3600 / headway;
        var lost = Lost(queues);
        return new SaturationHeadways(
            queues, Estimate.Of(headway, error), new Estimate(flow, 3600 / (headway + (1.96 * error)), 3600 / Math.Max(0.1, headway - (1.96 * error))),
            Estimate.Of(lost, Jackknife(queues, Lost)));
    }

    private static QueueDischarge? Queue(MovementCycle cycle, DateTimeOffset[] sorted)
    {
        var first = Array.BinarySearch(sorted, cycle.Green);
        if (first < 0) first = ~first;
        var times = new List<double>();
        for (var i = first; i < sorted.Length && sorted[i] < cycle.EndOfAmber; i++)
        {
            var at = (sorted[i] - cycle.Green).TotalSeconds;
            if (times.Count == 0 ? at > LatestFirstSeconds : at - times[^1] > LongestHeadwaySeconds) break;
            times.Add(at);
        }

        return times.Count >= FewestVehicles ? new QueueDischarge(cycle, times.Count, times[Fourth - 1], times[^1]) : null;
    }

    private static double Headway(IReadOnlyList<QueueDischarge> queues) =>
        queues.Sum(q => q.LastSeconds - q.FourthSeconds) / queues.Sum(q => q.Vehicles - Fourth);

    private static double Lost(IReadOnlyList<QueueDischarge> queues) => queues.Average(q => q.FourthSeconds) - (Fourth * Headway(queues));

    private static double Jackknife(ImmutableArray<QueueDischarge> queues, Func<IReadOnlyList<QueueDischarge>, double> figure)
    {
        var without = queues.Select(q => figure(queues.Remove(q))).ToArray();
        var mean = without.Average();
        return Math.Sqrt((without.Length - 1.0) / without.Length * without.Sum(f => (f - mean) * (f - mean)));
    }
}
