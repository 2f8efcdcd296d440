using MathNet.Numerics.Distributions;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Causes;

/// <summary>When cameras cannot be believed: nobody watched, the picture was judged bad, or vehicles leave that nobody saw come.</summary>
internal static class CameraTroubles
{
    private const double CellSeconds = 300;

    /// <summary>Part of the time that must be watched well.</summary>
    private const double LeastWatched = 0.8;

    /// <summary>Vehicles of which one end is missing: with good cameras 5 to 8 % (benchmark junction); of an approach that is not seen, a quarter of all that leave.</summary>
    private const double MostHeadless = 0.13;

    /// <summary>Of what passed otherwise, what a good camera still shows.</summary>
    private const double LeastOfUsual = 0.45;

    /// <summary>That so few come in a cell where nothing is wrong.</summary>
    private const double ByChance = 0.01;

    /// <summary>A vehicle's lane is told to half a metre; a whole approach does not move over by a metre in both lanes but with the camera.</summary>
    private const double MovedMetres = 1;

    /// <summary>Of two lanes a few vehicles have their middle in the one or the other by chance.</summary>
    private const int FewestLaterals = 12;

    public readonly record struct Trouble(ApproachId Approach, Stretch Stretch, CauseFinding Finding);

    public static IEnumerable<Trouble> Of(ObservedTraffic traffic)
    {
        var cells = Math.Max(1, (int)(traffic.Seconds / CellSeconds));
        var headless = Headless(traffic, cells);
        foreach (var approach in traffic.Record.Approaches)
        {
            var shown = Enumerable.Range(0, cells).Select(c => WatchedShare(traffic, approach.Approach, c)).ToArray();
            var missing = Missing(traffic, approach.Approach, cells, headless);
            var bad = Enumerable.Range(0, cells).Select(c => shown[c] < LeastWatched || missing[c]).ToArray();
            for (var c = 0; c < cells; c++)
            {
                if (!bad[c]) continue;
                var to = c;
                while (to + 1 < cells && (bad[to + 1] || (to + 2 < cells && bad[to + 2]))) to++;
                var stretch = new Stretch(c * CellSeconds, (to + 1) * CellSeconds);
                if (stretch.Seconds >= 2 * CellSeconds) yield return new Trouble(approach.Approach, stretch, Tell(traffic, approach.Approach, stretch, shown[c..(to + 1)], headless[c..(to + 1)]));
                c = to;
            }
        }
    }

    private static CauseFinding Tell(ObservedTraffic traffic, ApproachId approach, Stretch stretch, double[] shown, double[] headless)
    {
        var span = traffic.IntervalOf(stretch);
        var share = Math.Min(shown.Average(), 1 - headless.Average());
        return new CauseFinding(CauseKind.CameraTrouble, approach, null, span, shown.Average() < LeastWatched ? 0.97 : 0.85, 0, [new EvidenceFigure(EvidenceName.ObservedShare, Math.Round(share, 3), 1, span, approach)], []);
    }

    private static double WatchedShare(ObservedTraffic traffic, ApproachId approach, int cell)
    {
        var span = traffic.IntervalOf(new Stretch(cell * CellSeconds, (cell + 1) * CellSeconds));
        var watched = traffic.Record.Find(approach)?.Watched.Within(span).Total.TotalSeconds ?? 0;
        var degraded = traffic.Record.Cameras.Where(c => c.Feeds.Contains(approach)).Select(c => c.Degraded.Within(span).Total.TotalSeconds).DefaultIfEmpty(0).Max();
        return Math.Max(0, watched - degraded) / CellSeconds;
    }

    /// <summary>Vehicles that left and nobody saw come, of all that left, over a quarter of an hour.</summary>
    private static double[] Headless(ObservedTraffic traffic, int cells)
    {
        var (all, without) = (new double[cells], new double[cells]);
        foreach (var j in traffic.Record.Journeys)
        {
            var cell = (int)(traffic.SecondsAt(j.LastSeenAt) / CellSeconds);
            if (cell < 0 || cell >= cells) continue;
            all[cell]++;
            if (j.Approach is null) without[cell]++;
        }

        return [.. Enumerable.Range(0, cells).Select(c => Near(all, c) is >= 15 and var n ? Near(without, c) / n : 0)];
    }

    /// <summary>Where vehicles without a begin are many, it is the approach that shows fewer than usual, or shows them beside their lanes.</summary>
    private static bool[] Missing(ObservedTraffic traffic, ApproachId approach, int cells, double[] headless)
    {
        var count = new double[cells];
        var lateral = Enumerable.Range(0, cells).Select(_ => new List<double>()).ToArray();
        foreach (var v in traffic.ByApproach[approach])
        {
            var cell = (int)(v.Entered / CellSeconds);
            if (cell < 0 || cell >= cells) continue;
            count[cell]++;
            if (double.IsFinite(v.Lateral)) lateral[cell].Add(v.Lateral);
        }

        // Cameras that always lose many ends are no worse today.
        var most = Math.Max(MostHeadless, 2 * headless.Order().ElementAt(cells / 4));
        var good = Enumerable.Range(0, cells).Where(c => headless[c] < most / 2).ToList();
        if (good.Count < 3) return new bool[cells];
        // By what the other approaches show at that time: at night there are few everywhere.
        var others = new double[cells];
        foreach (var other in traffic.Record.Approaches.Where(a => a.Approach != approach))
        {
            foreach (var v in traffic.ByApproach[other.Approach])
            {
                var cell = (int)(v.Entered / CellSeconds);
                if (cell >= 0 && cell < cells) others[cell]++;
            }
        }

        var ratio = good.Sum(c => count[c]) / Math.Max(1, good.Sum(c => others[c]));
        var middle = Median(good.SelectMany(c => lateral[c]));
        return
        [
            .. Enumerable.Range(0, cells).Select(c => headless[c] >= most * 0.6
                && ((headless[c] >= most && ratio * others[c] is > 0 and var usual && count[c] < LeastOfUsual * usual && Poisson.CDF(usual, count[c]) < ByChance) || (lateral[c].Count >= FewestLaterals && Math.Abs(Median(lateral[c]) - middle) > MovedMetres))),
        ];
    }

    private static double Near(double[] values, int cell) => values[Math.Max(0, cell - 1)..Math.Min(values.Length, cell + 2)].Sum();

    private static double Median(IEnumerable<double> values) => values.Order().ToList() is { Count: > 0 } sorted ? sorted[sorted.Count / 2] : double.NaN;
}
