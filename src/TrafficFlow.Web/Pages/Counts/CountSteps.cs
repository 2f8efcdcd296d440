using TrafficFlow.Core.Flow;
using TrafficFlow.Web.Pages.Periods;
using TrafficFlow.Web.Rest;

namespace TrafficFlow.Web.Pages.Counts;

/// <summary>How finely a time series is drawn: bins as they are kept, or whole days.</summary>
/// <param name="Duration">Of the bins that are read.</param>
/// <param name="IsDays">Added up to days of the site's clock.</param>
public sealed record CountSteps(string Name, BinDuration Duration, bool IsDays = false)
{
    private const int MostSteps = 3_000;

    public static readonly IReadOnlyList<CountSteps> All =
    [
        new("5", BinDuration.FiveMinutes),
        new("15", BinDuration.QuarterHour),
        new("60", BinDuration.Hour),
        new("day", BinDuration.Hour, IsDays: true),
    ];

    public TimeSpan Length => IsDays ? TimeSpan.FromDays(1) : Duration.Length;

    /// <summary>As asked for, where a chart can show so many; else the finest that fits.</summary>
    /// <param name="name">Of the address; null or unknown for what fits best.</param>
    public static CountSteps For(string? name, Period period)
    {
        if (All.FirstOrDefault(s => s.Name == name) is { } asked && asked.Fits(period)) return asked;
        return period.Days switch
        {
            <= 2 => All[0],
            <= 8 => All[1],
            <= 62 => All[2],
            _ => All[3],
        };
    }

    public bool Fits(Period period) => TimeSpan.FromDays(period.Days) / Length <= MostSteps;

    /// <summary>All steps of a period, watched or not, in order.</summary>
    public IReadOnlyList<Interval> Of(Period period, TimeZoneInfo zone)
    {
        if (!IsDays) return [.. new BinAlignment(zone).Touching(period.Span(zone), Duration)];
        return [.. Enumerable.Range(0, period.Days).Select(i => period.From.AddDays(i)).Select(d => new Interval(SiteDay.Begin(d, zone), SiteDay.Begin(d.AddDays(1), zone)))];
    }

    /// <param name="steps">In order, none in another.</param>
    /// <returns>Which of them an instant is in; null where it is in none.</returns>
    public static int? Find(IReadOnlyList<Interval> steps, DateTimeOffset at)
    {
        var (low, high) = (0, steps.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (steps[middle].From > at) high = middle - 1;
            else if (steps[middle].To <= at) low = middle + 1;
            else return middle;
        }

        return null;
    }
}
