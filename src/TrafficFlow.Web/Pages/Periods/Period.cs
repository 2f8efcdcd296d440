using System.Globalization;
using TrafficFlow.Core.Flow;
using TrafficFlow.Web.Rest;

namespace TrafficFlow.Web.Pages.Periods;

/// <summary>Whole days by a site's clock, both included, as a page's address says them.</summary>
public readonly record struct Period(DateOnly From, DateOnly To)
{
    /// <summary>A year and its day of grace.</summary>
    public const int MostDays = 366;

    public int Days => To.DayNumber - From.DayNumber + 1;

    /// <summary>Those of the <paramref name="shift"/> days before.</summary>
    public Period Before(int shift) => new(From.AddDays(-shift), To.AddDays(-shift));

    public Interval Span(TimeZoneInfo zone) => new(SiteDay.Begin(From, zone), SiteDay.Begin(To.AddDays(1), zone));

    public static Period Last(int days, DateOnly today) => new(today.AddDays(1 - days), today);

    public static string Write(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>What an address says, or the day of today. Of what is no day, reversed or longer than <see cref="MostDays"/>, nothing is taken.</summary>
    /// <returns>The period, and whether the address said something that could not be used.</returns>
    public static (Period Period, bool IsRefused) Read(string? from, string? to, DateOnly today)
    {
        if (string.IsNullOrEmpty(from) && string.IsNullOrEmpty(to)) return (Last(1, today), false);
        if (Day(from) is { } first && (string.IsNullOrEmpty(to) ? first : Day(to)) is { } last && last >= first && last.DayNumber - first.DayNumber < MostDays) return (new Period(first, last), false);
        return (Last(1, today), true);
    }

    /// <summary>By the site's clock. Of replays and recordings too, whose time is not of now.</summary>
    public static DateOnly Today(DateTimeOffset now, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);

    private static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 2000 and < 2200 ? day : null;
}
