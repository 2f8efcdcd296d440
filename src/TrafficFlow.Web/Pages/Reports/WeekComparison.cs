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
/// <param name="Series">Of the earlier period, in the steps of the report's chart.</param>
/// <param name="Hours">That there are in both.</param>
public sealed record WeekComparison(Period Period, CountSeries Series, int Hours, IReadOnlyList<ComparedLine> Lines)
{
    private const double Whole = 0.99;

    /// <summary>So many days before: whole weeks, and no day in both.</summary>
    public static int ShiftOf(Period period) => (period.Days + 6) / 7 * 7;

    /// <summary>Hours go by their number: on days of 23 or 25 hours as far as both go.</summary>
    /// <param name="series">Of the earlier period, in the steps of the chart.</param>
    /// <param name="now">By hours.</param>
    /// <param name="before">The same of the earlier period.</param>
    public static WeekComparison Of(Period earlier, CountSeries series, CountSeries now, CountSeries before)
    {
        var hours = Math.Min(now.Steps.Count, before.Steps.Count);
        List<ComparedLine> lines = [];
        int[] all = [.. Enumerable.Range(0, hours)];
        foreach (var line in now.Lines)
        {
            if (before.Lines.FirstOrDefault(l => l.Key == line.Key) is not { } old) continue;
            int[] both = [.. all.Where(i => line.Watched[i] >= Whole && old.Watched[i] >= Whole)];
            lines.Add(new ComparedLine(line.Key, Known(line), line.WatchedMean, Known(old), old.WatchedMean, both.Length, both.Sum(i => line.Counts[i] ?? 0), both.Sum(i => old.Counts[i] ?? 0)));
        }

        int[] whole = [.. all.Where(i => lines.Count > 0 && now.Watched[i] >= Whole && before.Watched[i] >= Whole)];
        lines.Insert(0, new ComparedLine(
            null, Total(lines.Select(l => l.Total)), now.Watched.DefaultIfEmpty(0).Average(), Total(lines.Select(l => l.TotalBefore)), before.Watched.DefaultIfEmpty(0).Average(), whole.Length,
            Sum(now, whole), Sum(before, whole)));
        return new WeekComparison(earlier, series, hours, lines);

        static int? Known(CountLine line) => line.Peak is null ? null : line.Total;
        static int? Total(IEnumerable<int?> totals) => totals.Where(t => t is not null).DefaultIfEmpty(null).Aggregate((sum, t) => sum + t);
        static int Sum(CountSeries series, int[] hours) => series.Lines.Sum(l => hours.Sum(i => l.Counts[i] ?? 0));
    }
}
