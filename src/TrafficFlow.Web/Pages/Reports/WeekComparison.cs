using TrafficFlow.Core.Flow;
using TrafficFlow.Web.Pages.Counts;
using TrafficFlow.Web.Pages.Periods;

namespace TrafficFlow.Web.Pages.Reports;

/// <summary>One line now and before, and what of both can be compared: the hours that were watched in both.</summary>
/// <param name="Key">Of the line; null for all together.</param>
/// <param name="Total">Null where nothing of it was watched.</param>
/// <param name="Compared">Hours that were watched whole, now and before.</param>
public sealed record ComparedLine(string? Key, int? Total, double Watched, int? TotalBefore, double WatchedBefore, int Compared, int Now, int Before)
{
    /// <summary>As a share of what was before; null where nothing can be compared.</summary>
    public double? Change => Compared > 0 && Before > 0 ? (Now - Before) / (double)Before : null;
}

/// <summary>A period beside the same weekdays of a week or more before. Pure.</summary>
/// <param name="Series">Of the earlier period, step by step of the report's chart.</param>
/// <param name="Hours">That there are in both, at the same time of the clock.</param>
/// <param name="Alone">Hours of now without one before at the same time, since the clock was changed.</param>
/// <param name="AloneBefore">The same the other way round.</param>
public sealed record WeekComparison(Period Period, CountSeries Series, int Hours, IReadOnlyList<ComparedLine> Lines, int Alone = 0, int AloneBefore = 0)
{
    private const double Whole = 0.99;

    /// <summary>So many days before: whole weeks, and no day in both.</summary>
    public static int ShiftOf(Period period) => (period.Days + 6) / 7 * 7;

    /// <param name="series">Of the earlier period, step by step of the chart.</param>
    /// <param name="now">By hours.</param>
    /// <param name="before">The same of the earlier period.</param>
    /// <param name="beside">By hour of now, that of before at the same time of the clock: see <see cref="EarlierSteps"/>.</param>
    public static WeekComparison Of(Period earlier, CountSeries series, CountSeries now, CountSeries before, IReadOnlyList<int?> beside)
    {
        List<ComparedLine> lines = [];
        (int Now, int Before)[] all = [.. beside.Select((b, i) => (Now: i, Before: b)).Where(h => h.Before is not null).Select(h => (h.Now, h.Before!.Value))];
        foreach (var line in now.Lines)
        {
            if (before.Lines.FirstOrDefault(l => l.Key == line.Key) is not { } old) continue;
            (int Now, int Before)[] both = [.. all.Where(h => line.Watched[h.Now] >= Whole && old.Watched[h.Before] >= Whole)];
            lines.Add(new ComparedLine(line.Key, Known(line), line.WatchedMean, Known(old), old.WatchedMean, both.Length, both.Sum(h => line.Counts[h.Now] ?? 0), both.Sum(h => old.Counts[h.Before] ?? 0)));
        }

        (int Now, int Before)[] whole = [.. all.Where(h => lines.Count > 0 && now.Watched[h.Now] >= Whole && before.Watched[h.Before] >= Whole)];
        lines.Insert(0, new ComparedLine(
            null, Total(lines.Select(l => l.Total)), now.Watched.DefaultIfEmpty(0).Average(), Total(lines.Select(l => l.TotalBefore)), before.Watched.DefaultIfEmpty(0).Average(), whole.Length,
            Sum(now, whole.Select(h => h.Now)), Sum(before, whole.Select(h => h.Before))));
        return new WeekComparison(earlier, series, all.Length, lines, now.Steps.Count - all.Length, before.Steps.Count - all.Length);

        static int? Known(CountLine line) => line.Peak is null ? null : line.Total;
        static int? Total(IEnumerable<int?> totals) => totals.Where(t => t is not null).DefaultIfEmpty(null).Aggregate((sum, t) => sum + t);
        static int Sum(CountSeries series, IEnumerable<int> hours) => series.Lines.Sum(l => hours.Sum(i => l.Counts[i] ?? 0));
    }

    /// <summary>An earlier series in the steps of now; what has no counterpart was not watched.</summary>
    /// <param name="beside">As of <see cref="EarlierSteps"/>.</param>
    public static CountSeries Beside(CountSeries before, IReadOnlyList<Interval> steps, IReadOnlyList<int?> beside) => new(
        steps,
        [.. beside.Select(b => b is { } i ? before.Watched[i] : 0)],
        [.. beside.Select(b => b is { } i && before.Degraded[i])],
        [.. before.Lines.Select(l => new CountLine(l.Key, [.. beside.Select(b => b is { } i ? l.Counts[i] : null)], [.. beside.Select(b => b is { } i ? l.Watched[i] : 0)]))]);
}
