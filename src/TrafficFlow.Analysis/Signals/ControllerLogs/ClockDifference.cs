using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;

namespace TrafficFlow.Analysis.Signals.ControllerLogs;

/// <summary>By how much a controller's clock is ahead of the cameras'.</summary>
/// <param name="Seconds">The most likely difference.</param>
/// <param name="Alternatives">Other differences that explain the crossings nearly as well: at fixed time those that differ by whole cycles. Empty where the log decides.</param>
/// <param name="InGreen">Of all crossings, those in green or amber by this difference.</param>
public sealed record ClockDifference(Estimate Seconds, ImmutableArray<double> Alternatives, Performance.Share InGreen)
{
    private const double Coarse = 0.5;

    /// <summary>Crossings that must be explained worse, in log likelihood, before a difference is ruled out; times those of a queue.</summary>
    private const double Ruled = 1.92;

    /// <summary>
    /// Correlates crossings with the greens of the log, shifted against each other: the difference by which crossings are most concentrated in green and
    /// the first of the queues come as late after its begin as drivers do. Null where too few crossings tell it, or none concentrates them.
    /// </summary>
    /// <param name="logged">On the controller's clock.</param>
    /// <param name="longest">How far the clocks may differ at the most.</param>
    public static ClockDifference? Find(Discharge discharge, ISignalPhases logged, TimeSpan longest, InferenceSettings? settings = null)
    {
        settings ??= InferenceSettings.Default;
        if (discharge.Watched.IsEmpty) return null;
        var origin = discharge.Watched.Intervals[0].From;
        var whole = new Interval(origin - longest, discharge.Watched.Intervals[^1].To + longest);
        var groups = discharge.Streams.Select(s => (
            Times: s.Crossings.Where(discharge.Watched.Contains).Select(t => (t - origin).TotalSeconds).Order().ToArray(),
            Greens: Greens(logged, s, whole, origin, settings.AmberUseSeconds))).Where(g => g.Times.Length >= 10 && g.Greens.Length >= 5).ToList();
        if (groups.Count == 0) return null;
        var steps = (int)(longest.TotalSeconds / Coarse);
        var scores = new double[(2 * steps) + 1];
        for (var i = 0; i < scores.Length; i++) scores[i] = groups.Sum(g => Score(g.Times, g.Greens, (i - steps) * Coarse));
        var best = Array.IndexOf(scores, scores.Max());
        var queue = Math.Max(1, groups.Average(g => g.Times.Length / (double)g.Greens.Length));
        if (scores[best] < 20 * queue) return null;
        var others = Enumerable.Range(1, scores.Length - 2)
            .Where(i => scores[i] >= scores[i - 1] && scores[i] > scores[i + 1] && Math.Abs(i - best) * Coarse > 10 && scores[i] > scores[best] - (Ruled * queue))
            .Select(i => (i - steps) * Coarse)
            .ToImmutableArray();
        var coarse = (best - steps) * Coarse;
        var (fine, error) = Refine(groups, coarse, settings.FirstCrossingSeconds);
        error = Math.Sqrt((error * error) + (settings.BehaviourErrorSeconds * settings.BehaviourErrorSeconds));
        return new ClockDifference(Estimate.Of(fine, error), others, new Performance.Share(groups.Sum(g => Inside(g.Times, g.Greens, fine)), groups.Sum(g => g.Times.Length)));
    }

    /// <summary>Greens with the amber that is used, on the controller's clock, seconds.</summary>
    private static (double From, double To)[] Greens(ISignalPhases logged, DischargeStream stream, Interval whole, DateTimeOffset origin, double amberUse) =>
    [
        .. logged.Overlapping(stream.Approach, whole)
            .Where(p => p.Colour == SignalColour.Green && p.Movements.Contains(stream.Movement))
            .Select(p => ((p.Span.From - origin).TotalSeconds, (p.Span.To - origin).TotalSeconds + amberUse))
            .OrderBy(p => p.Item1),
    ];

    /// <summary>Log likelihood ratio of one rate within greens and another outside, against one rate at all times.</summary>
    private static double Score(double[] times, (double From, double To)[] greens, double difference)
    {
        var (first, last) = (greens[0].From - difference, greens[^1].To - difference);
        var (all, inside) = (times.Count(t => t >= first && t < last), Inside(times, greens, difference));
        var (total, green) = (last - first, greens.Sum(g => g.To - g.From));
        if (all == 0 || inside / green <= all / total) return 0;
        return Term(inside, green) + Term(all - inside, total - green);

        double Term(double count, double seconds) => count <= 0 || seconds <= 0 ? 0 : count * Math.Log(count / seconds / (all / total));
    }

    private static int Inside(double[] times, (double From, double To)[] greens, double difference)
    {
        var (inside, g) = (0, 0);
        foreach (var t in times)
        {
            while (g < greens.Length && greens[g].To - difference <= t) g++;
            if (g == greens.Length) break;
            if (t >= greens[g].From - difference) inside++;
        }

        return inside;
    }

    /// <summary>By the first crossings after greens begin: their median, which those without a queue hardly move.</summary>
    private static (double Seconds, double Error) Refine(List<(double[] Times, (double From, double To)[] Greens)> groups, double coarse, double firstCrossing)
    {
        var late = new List<double>();
        foreach (var (times, greens) in groups)
        {
            foreach (var green in greens)
            {
                var begin = green.From - coarse;
                var i = Array.BinarySearch(times, begin - 3);
                if (i < 0) i = ~i;
                if (i < times.Length && times[i] < begin + 7) late.Add(times[i] - begin);
            }
        }

        if (late.Count < 5) return (coarse, Coarse);
        late.Sort();
        var median = late[late.Count / 2];
        var spread = late[(int)(0.75 * (late.Count - 1))] - late[(int)(0.25 * (late.Count - 1))];
        // Where first vehicles come later than drivers do, the controller's greens are noted too early: its clock is behind.
        return (coarse + firstCrossing - median, 1.25 * spread / 1.35 / Math.Sqrt(late.Count));
    }
}
