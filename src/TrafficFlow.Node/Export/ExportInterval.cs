using System.CommandLine;
using System.Globalization;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.Node.Export;

/// <summary>What `--from` and `--to` may be: times of the site's clock.</summary>
internal static class ExportInterval
{
    private static readonly string[] LocalFormats = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd HH:mm:ss"];
    private static readonly string[] OffsetFormats = ["yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK"];

    public static Option<string?> FromOption() => new("--from")
    {
        Description = "First day, or first instant, by the site's clock: 2026-04-01, 2026-04-01T06:00 or 2026-04-01T06:00+09:00. [default: yesterday]",
        HelpName = "TIME",
    };

    public static Option<string?> ToOption() => new("--to")
    {
        Description = "Last day, which is included, or the instant before which it ends. [default: the end of the day of --from]",
        HelpName = "TIME",
    };

    /// <summary>The interval that is asked for; yesterday where nothing is.</summary>
    /// <exception cref="UsageException">A time that cannot be read or does not exist, or an end before the beginning.</exception>
    public static Interval Parse(string? from, string? to, TimeZoneInfo zone, DateTimeOffset now)
    {
        if (from is null && to is not null) throw new UsageException("--to without --from: name the first day too, with --from");
        var first = from is null ? StartOf(Today(zone, now).AddDays(-1), zone) : Instant("--from", from, zone, isEnd: false);
        var end = to is null ? StartOf(Today(zone, first).AddDays(1), zone) : Instant("--to", to, zone, isEnd: true);
        return first < end ? new Interval(first, end) : throw new UsageException($"--from {from} is not before --to {to}");
    }

    /// <summary>The same interval, refused where it cuts a bin.</summary>
    /// <exception cref="UsageException">It begins or ends inside a bin.</exception>
    public static Interval Aligned(Interval span, BinDuration duration, BinAlignment alignment)
    {
        Check("--from", span.From);
        Check("--to", span.To);
        return span;

        void Check(string option, DateTimeOffset time)
        {
            var bin = alignment.Containing(time, duration);
            if (bin.From != time)
                throw new UsageException($"{option} {time:yyyy-MM-dd'T'HH:mm} lies inside a bin of {duration}: write {bin.From:HH:mm} or {bin.To:HH:mm}, or shorter --bins");
        }
    }

    /// <summary>The first instant of a day: midnight, or what follows it where the clock is set forward then.</summary>
    public static DateTimeOffset StartOf(DateOnly day, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(1);
        return new DateTimeOffset(local, zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local));
    }

    private static DateOnly Today(TimeZoneInfo zone, DateTimeOffset time) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time, zone).DateTime);

    private static DateTimeOffset Instant(string option, string text, TimeZoneInfo zone, bool isEnd)
    {
        var culture = CultureInfo.InvariantCulture;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", culture, DateTimeStyles.None, out var day)) return StartOf(isEnd ? day.AddDays(1) : day, zone);
        if (DateTime.TryParseExact(text, LocalFormats, culture, DateTimeStyles.None, out var local)) return Instant(option, text, local, zone);
        if (DateTimeOffset.TryParseExact(text, OffsetFormats, culture, DateTimeStyles.None, out var instant)) return TimeZoneInfo.ConvertTime(instant, zone);
        throw new UsageException($"{option} {text} is no time: write a day, 2026-04-01, or 2026-04-01T06:00 by the site's clock");
    }

    private static DateTimeOffset Instant(string option, string text, DateTime local, TimeZoneInfo zone)
    {
        if (zone.IsInvalidTime(local)) throw new UsageException($"{option} {text} does not exist in {zone.Id}: the clock is set forward then");
        if (!zone.IsAmbiguousTime(local)) return new DateTimeOffset(local, zone.GetUtcOffset(local));
        var both = zone.GetAmbiguousTimeOffsets(local).OrderDescending().Select(offset => $"{new DateTimeOffset(local, offset):yyyy-MM-dd'T'HH:mmzzz}");
        throw new UsageException($"{option} {text} comes twice in {zone.Id}, where the clock is set back then: write {string.Join(" or ", both)}");
    }
}
