using System.Globalization;

namespace TrafficFlow.Node.Accounts;

/// <summary>Days and instants on the command line: 2027-03-31, by the clock of a place, or 2027-03-31T18:00+09:00. Days at the ends of the calendar are as far as it goes.</summary>
internal static class CommandTime
{
    private static readonly string[] s_forms = ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK"];

    /// <summary>When a day begins, or the instant.</summary>
    /// <param name="zone">Of the place; null for UTC.</param>
    /// <exception cref="UsageException">It is neither.</exception>
    public static DateTimeOffset Begin(string option, string text, TimeZoneInfo? zone = null) => Read(option, text, 0, zone ?? TimeZoneInfo.Utc);

    /// <summary>When a day ends, or the instant.</summary>
    /// <inheritdoc cref="Begin"/>
    public static DateTimeOffset End(string option, string text, TimeZoneInfo? zone = null) => Read(option, text, 1, zone ?? TimeZoneInfo.Utc);

    /// <summary>When a day begins by the clock of a place; the first instant of it where the clock leaves midnight out.</summary>
    public static DateTimeOffset Midnight(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(30);
        var offset = zone.GetUtcOffset(local);
        return local.Ticks - offset.Ticks < DateTime.MinValue.Ticks ? DateTimeOffset.MinValue : new DateTimeOffset(local, offset);
    }

    private static DateTimeOffset Read(string option, string text, int later, TimeZoneInfo zone)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return later > 0 && day == DateOnly.MaxValue ? DateTimeOffset.MaxValue : Midnight(day.AddDays(later), zone);
        var hasOffset = text.LastIndexOfAny(['+', '-', 'Z']) > text.IndexOf('T', StringComparison.Ordinal);
        return hasOffset && DateTimeOffset.TryParseExact(text, s_forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
            ? instant
            : throw new UsageException($"{option} {Core.Texts.PlainText.Of(text, 40)}: write a day, 2027-03-31, or an instant with its offset, 2027-03-31T18:00+09:00");
    }
}
