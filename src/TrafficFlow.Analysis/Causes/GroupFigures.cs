namespace TrafficFlow.Analysis.Causes;

/// <summary>How a group worked over some stretches: what the causes are told from. NaN where too little was seen.</summary>
internal sealed record GroupFigures
{
    /// <summary>Vehicles that follow each other with a longer gap, though more of their queue wait: nobody used that green. Twice the usual headway of 2 s and a half.</summary>
    private const double UnusedAfter = 5;

    /// <summary>Half a lane of 3 m and what a place errs: farther off is another lane.</summary>
    private const double LaneApart = 1.6;

    public double Seconds { get; private init; }
    public int Vehicles { get; private init; }
    public double PerHour { get; private init; } = double.NaN;
    public double DelaySeconds { get; private init; } = double.NaN;
    public double CycleSeconds { get; private init; } = double.NaN;
    public double GreenSeconds { get; private init; } = double.NaN;
    public double GreenRatio => GreenSeconds / CycleSeconds;

    /// <summary>Part of the cycles after whose green at least two vehicles stood that had joined well before its end.</summary>
    public double Failures { get; private init; } = double.NaN;

    /// <summary>Mean headway of those that stood in a queue, from the second on, gaps above <see cref="UnusedAfter"/> left out, seconds.</summary>
    public double HeadwaySeconds { get; private init; } = double.NaN;

    /// <summary>Part of the greens that failed in which nobody passed though a queue stood, beyond usual headways.</summary>
    public double UnusedGreen { get; private init; } = double.NaN;

    /// <summary>Vehicles of a green that failed, per second of green.</summary>
    public double PassedPerGreenSecond { get; private init; } = double.NaN;

    /// <summary>Longest time for which nobody passed though somebody waited, seconds.</summary>
    public double LongestGap { get; private init; }

    /// <summary>When that began.</summary>
    public double LongestGapFrom { get; private init; } = double.NaN;

    /// <summary>Part of all delays that fell on those who passed then and in the ten minutes after it, 0..1.</summary>
    public double LongestGapShare { get; private init; } = double.NaN;

    public double HeavyShare { get; private init; } = double.NaN;
    /// <summary>The same in the half hour in which it was highest, of those with thirty vehicles at least.</summary>
    public double HeavyPeak { get; private init; } = double.NaN;

    public double ArrivalsOnGreen { get; private init; } = double.NaN;

    /// <summary>Part that passed the line in another lane than the group's usual one.</summary>
    public double BesideShare { get; private init; } = double.NaN;

    /// <summary>The same in the quarter of an hour in which it was highest.</summary>
    public double BesidePeak { get; private init; } = double.NaN;

    /// <summary>For how long that went on: nine tenths of those vehicles passed within it.</summary>
    public double BesideSeconds { get; private init; }

    public double QueuedMetres { get; private init; } = double.NaN;

    public static GroupFigures Of(ObservedGroup group, IReadOnlyList<Stretch> stretches, double? usualLateral)
    {
        var vehicles = Within(group.Vehicles, stretches);
        var cycles = group.Cycles.Where(c => stretches.Any(s => s.Contains(c.Green))).ToList();
        var seconds = stretches.Sum(s => s.Seconds);
        if (vehicles.Count < 3 || seconds < 300) return new GroupFigures { Seconds = seconds, Vehicles = vehicles.Count, CycleSeconds = Mean(cycles.Select(c => c.Seconds)), GreenSeconds = Mean(cycles.Select(c => c.GreenSeconds)) };
        var uses = cycles.Select(c => Use(group, c)).ToList();
        var failed = uses.Where(u => u.Left >= 2).ToList();
        var headways = uses.SelectMany(u => u.Headways).Where(h => h <= UnusedAfter).ToList();
        var gap = Longest(group, stretches);
        var beside = Beside(vehicles, usualLateral);
        var arrivals = vehicles.Where(v => stretches.Any(s => s.Contains(v.Arrival))).Select(v => CycleAt(group.Cycles, v.Arrival) is { } c ? (bool?)(v.Arrival >= c.Green && v.Arrival < c.GreenEnd) : null).OfType<bool>().ToList();
        return new GroupFigures
        {
            Seconds = seconds,
            Vehicles = vehicles.Count,
            PerHour = vehicles.Count / seconds * 3600,
            DelaySeconds = vehicles.Average(v => v.Delay),
            CycleSeconds = Mean(cycles.Select(c => c.Seconds)),
            GreenSeconds = Mean(cycles.Select(c => c.GreenSeconds)),
            Failures = uses.Count == 0 ? double.NaN : (double)failed.Count / uses.Count,
            HeadwaySeconds = headways.Count < 10 ? double.NaN : headways.Average(),
            UnusedGreen = failed.Count < 2 ? double.NaN : failed.Sum(u => u.Unused) / failed.Sum(u => u.Cycle.GreenSeconds),
            PassedPerGreenSecond = failed.Count < 2 ? double.NaN : failed.Sum(u => u.Passed) / failed.Sum(u => u.Cycle.GreenSeconds + 1),
            LongestGap = gap.Seconds,
            LongestGapFrom = gap.From,
            LongestGapShare = vehicles.Where(v => v.Entered >= gap.From && v.Entered < gap.From + gap.Seconds + 600).Sum(v => v.Delay) / Math.Max(1, vehicles.Sum(v => v.Delay)),
            HeavyShare = vehicles.Count(v => v.IsHeavy) / (double)vehicles.Count,
            HeavyPeak = Peak(vehicles),
            ArrivalsOnGreen = arrivals.Count < 8 ? double.NaN : arrivals.Count(a => a) / (double)arrivals.Count,
            BesideShare = beside.Share,
            BesidePeak = beside.Peak,
            BesideSeconds = beside.Seconds,
            QueuedMetres = Mean(vehicles.Where(v => double.IsFinite(v.QueuedMetres)).Select(v => v.QueuedMetres)),
        };
    }

    /// <summary>Those who entered within stretches that follow each other.</summary>
    internal static List<ObservedVehicle> Within(IReadOnlyList<ObservedVehicle> all, IReadOnlyList<Stretch> stretches)
    {
        var within = new List<ObservedVehicle>();
        foreach (var stretch in stretches)
        {
            for (var i = FirstFrom(all, stretch.From); i < all.Count && all[i].Entered < stretch.To; i++) within.Add(all[i]);
        }

        return within;
    }

    private static ObservedCycle? CycleAt(IReadOnlyList<ObservedCycle> cycles, double seconds)
    {
        var (low, high) = (0, cycles.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (cycles[middle].End <= seconds) low = middle + 1;
            else high = middle;
        }

        return low < cycles.Count && seconds >= cycles[low].Red ? cycles[low] : null;
    }

    internal static double Mean(IEnumerable<double> values)
    {
        var (sum, count) = (0.0, 0);
        foreach (var value in values)
        {
            if (double.IsFinite(value)) (sum, count) = (sum + value, count + 1);
        }

        return count > 0 ? sum / count : double.NaN;
    }

    /// <summary>One cycle: who passed in its green, how many of the queue were left, and how much of the green nobody used though they waited.</summary>
    private static (ObservedCycle Cycle, int Passed, int Left, double Unused, List<double> Headways) Use(ObservedGroup group, ObservedCycle cycle)
    {
        var all = group.Vehicles;
        var first = FirstFrom(all, cycle.Green);
        var (passed, last, unused) = (0, cycle.Green, 0.0);
        var headways = new List<double>();
        var i = first;
        for (; i < all.Count && all[i].Entered < cycle.End + 2; i++)
        {
            var gap = all[i].Entered - last;
            var waited = all[i].HasWaited && !(all[i].Queued >= all[i].Entered - 4);
            if (passed > 0 && waited) headways.Add(gap);
            if (waited && gap > UnusedAfter) unused += gap - 2.5;
            (passed, last) = (passed + 1, all[i].Entered);
        }

        // Those who had joined the queue well before the end and did not get through.
        var left = 0;
        for (; i < all.Count && all[i].Entered < cycle.End + 600; i++)
        {
            if (Joined(all[i]) < cycle.GreenEnd - ObservedTraffic.JoinedBefore) left++;
        }

        if (left > 0 && cycle.GreenEnd - last > UnusedAfter) unused += cycle.GreenEnd - last - 2.5;
        return (cycle, passed, left, unused, headways);
    }

    private static double Peak(List<ObservedVehicle> vehicles)
    {
        var (peak, to, heavy) = (double.NaN, 0, 0);
        for (var from = 0; from < vehicles.Count; from++)
        {
            for (; to < vehicles.Count && vehicles[to].Entered < vehicles[from].Entered + 1800; to++) heavy += vehicles[to].IsHeavy ? 1 : 0;
            if (to - from >= 30 && !(heavy / (double)(to - from) <= peak)) peak = heavy / (double)(to - from);
            heavy -= vehicles[from].IsHeavy ? 1 : 0;
        }

        return peak;
    }

    private static (double Share, double Peak, double Seconds) Beside(List<ObservedVehicle> vehicles, double? usualLateral)
    {
        var known = vehicles.Where(v => double.IsFinite(v.Lateral)).ToList();
        if (usualLateral is not { } usual || known.Count <= 5) return (double.NaN, double.NaN, 0);
        var beside = known.Where(v => Math.Abs(v.Lateral - usual) > LaneApart).ToList();
        var peak = 0.0;
        foreach (var first in beside)
        {
            var within = known.Where(v => v.Entered >= first.Entered && v.Entered < first.Entered + 900).ToList();
            if (within.Count >= 8) peak = Math.Max(peak, within.Count(v => Math.Abs(v.Lateral - usual) > LaneApart) / (double)within.Count);
        }

        var seconds = beside.Count < 3 ? 0 : beside[(int)(0.95 * (beside.Count - 1))].Entered - beside[(int)(0.05 * (beside.Count - 1))].Entered;
        return (beside.Count / (double)known.Count, peak, seconds);
    }

    private static double Joined(ObservedVehicle v) => double.IsFinite(v.Queued) ? v.Queued : v.Stops > 0 ? v.Arrival : double.PositiveInfinity;

    private static (double Seconds, double From) Longest(ObservedGroup group, IReadOnlyList<Stretch> stretches)
    {
        var (longest, from) = (0.0, double.NaN);
        foreach (var stretch in stretches)
        {
            for (var i = Math.Max(1, FirstFrom(group.Vehicles, stretch.From)); i < group.Vehicles.Count && group.Vehicles[i].Entered < stretch.To; i++)
            {
                var (one, next) = (group.Vehicles[i - 1], group.Vehicles[i]);
                // As long as the next one has waited, or others behind it.
                var waits = Math.Min(next.Entered - one.Entered, Math.Max(next.Stopped, next.Entered - Joined(next)));
                if (waits > longest) (longest, from) = (waits, next.Entered - waits);
            }
        }

        return (longest, from);
    }

    private static int FirstFrom(IReadOnlyList<ObservedVehicle> vehicles, double seconds)
    {
        var (low, high) = (0, vehicles.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (vehicles[middle].Entered < seconds) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
