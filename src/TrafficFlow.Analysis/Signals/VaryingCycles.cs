using System.Collections.Immutable;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.Analysis.Signals;

/// <summary>Tells what can be told of signals whose cycle varies.</summary>
internal static class VaryingCycles
{
    private const int FewestCycles = 5;

    /// <param name="stretches">Where which mean cycle was seen.</param>
    /// <returns>Null where too few cycles could be followed.</returns>
    public static VaryingSignals? Of(WatchedCrossings crossings, Interval span, List<(double From, double To, double Cycle)> stretches)
    {
        var (from, to) = ((span.From - crossings.Origin).TotalSeconds, (span.To - crossings.Origin).TotalSeconds);
        var within = stretches.Where(s => s.From < to && s.To > from).ToList();
        var best = within.MaxBy(s => s.To - s.From);
        var tracker = CycleTracker.Track(crossings, from, to, best.Cycle, Math.Max(from, best.From), Math.Min(to, best.To));
        var groups = Groups(crossings, tracker, from, to);
        if (groups.Count == 0) return null;
        var main = groups.MaxBy(g => g.Crossings)!;
        var begins = tracker.Passes(main.BeginShare);
        if (begins.Count <= FewestCycles) return null;
        var (mean, deviation) = MeanOf([.. begins.Zip(begins.Skip(1)).Select(p => p.Second - p.First)]);
        return new VaryingSignals(
            span, Estimate.Of(mean, deviation / Math.Sqrt(begins.Count - 1)), deviation, [.. begins.Select(b => crossings.Origin.AddSeconds(b))], [.. groups.OrderBy(g => PlanFit.Modulo(g.BeginShare - main.BeginShare, 1))]);
    }

    private static List<VaryingGroup> Groups(WatchedCrossings crossings, CycleTracker tracker, double from, double to)
    {
        var groups = new List<VaryingGroup>();
        for (var s = 0; s < crossings.Times.Length; s++)
        {
            var phases = crossings.Times[s].Where(t => t >= from && t < to).Select(t => tracker.PhaseAt(t) * Scale).ToArray();
            if (phases.Length < 20) continue;
            var window = FoldedWindow.Find(phases, Scale);
            if (window.LogLikelihoodRatio < 10) continue;
            var (begin, length) = (window.Begin / Scale, window.Length / Scale);
            var ends = tracker.Passes(PlanFit.Modulo(begin + length, 1));
            var lasted = tracker.Passes(begin).Select(b => (Begin: b, End: ends.FirstOrDefault(e => e > b))).Where(p => p.End > 0).Select(p => p.End - p.Begin).ToList();
            if (lasted.Count < FewestCycles) continue;
            var (mean, deviation) = MeanOf(lasted);
            groups.Add(new VaryingGroup(crossings.Streams[s].Approach, [crossings.Streams[s].Movement], phases.Length, begin, length, mean, deviation));
        }

        return groups;
    }

    /// <summary>The cycle as 60, so that windows have the resolution of a second or so.</summary>
    private const double Scale = 60;

    private static (double Mean, double Deviation) MeanOf(List<double> values)
    {
        var mean = values.Average();
        return (mean, Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / Math.Max(1, values.Count - 1)));
    }
}
