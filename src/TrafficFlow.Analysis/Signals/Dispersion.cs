namespace TrafficFlow.Analysis.Signals;

/// <summary>
/// Index of dispersion of counts: their variance over their mean, 1 for vehicles that come by themselves, the size of a bunch for those that come in bunches. Signals
/// bunch vehicles within a cycle and leave it near 1 over many cycles, so it tells bunches that no signal of this junction makes.
/// </summary>
internal static class Dispersion
{
    /// <summary>Several cycles long, so that it makes little of a difference how many greens fall into one.</summary>
    private const double WindowSeconds = 600;

    /// <summary>Fewer tell nothing: its relative error is about the square root of two over their number.</summary>
    private const int FewestPairs = 8;

    /// <summary>Of each stream, and at least what all of them show together, which is known better; never below 1.</summary>
    public static double[] Of(WatchedCrossings crossings)
    {
        var sums = crossings.Times.Select(times => SumsOf(crossings, times)).ToArray();
        var all = Index((sums.Sum(s => s.Squares), sums.Sum(s => s.Vehicles), sums.Sum(s => s.Pairs)));
        return [.. sums.Select(s => Math.Max(all, Index(s)))];
    }

    private static double Index((double Squares, double Vehicles, int Pairs) sums) => sums.Pairs < FewestPairs || sums.Vehicles == 0 ? 1 : Math.Max(1, sums.Squares / sums.Vehicles);

    /// <summary>Of the differences of neighbouring windows, so that a demand that rises and falls over hours adds nothing.</summary>
    private static (double Squares, double Vehicles, int Pairs) SumsOf(WatchedCrossings crossings, double[] times)
    {
        var (squares, vehicles, pairs) = (0.0, 0.0, 0);
        int? last = null;
        for (var from = 0.0; from + WindowSeconds <= crossings.Seconds; from += WindowSeconds)
        {
            if (!crossings.IsWatched(from, from + WindowSeconds))
            {
                last = null;
                continue;
            }

            var count = times.Count(t => t >= from && t < from + WindowSeconds);
            if (last is { } before)
            {
                squares += (count - before) * (double)(count - before);
                vehicles += count + before;
                pairs++;
            }

            last = count;
        }

        return (squares, vehicles, pairs);
    }
}
