using TrafficFlow.Core.Flow;

namespace TrafficFlow.Web.Released;

/// <summary>Days and months of a site's clock.</summary>
internal static class ReleasedCalendar
{
    public static Interval Day(DateOnly day, TimeZoneInfo zone) => new(Begin(day, zone), Begin(day.AddDays(1), zone));

    public static IEnumerable<Interval> Days(Interval span, TimeZoneInfo zone) => Periods(span, zone, d => d, d => d.AddDays(1));

    public static IEnumerable<Interval> Months(Interval span, TimeZoneInfo zone) => Periods(span, zone, d => new DateOnly(d.Year, d.Month, 1), d => d.AddMonths(1));

    private static IEnumerable<Interval> Periods(Interval span, TimeZoneInfo zone, Func<DateOnly, DateOnly> begin, Func<DateOnly, DateOnly> next)
    {
        for (var day = begin(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(span.From, zone).DateTime)); Begin(day, zone) < span.To; day = next(day))
            yield return new Interval(Begin(day, zone), Begin(next(day), zone));
    }

    private static DateTimeOffset Begin(DateOnly day, TimeZoneInfo zone) => Rest.SiteDay.Begin(day, zone);
}
