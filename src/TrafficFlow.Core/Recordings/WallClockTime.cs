using System.Globalization;
using System.Text.RegularExpressions;

namespace TrafficFlow.Core.Recordings;

/// <summary>A time of the day as people and recorders write it: without an offset it means an instant only together with a time zone.</summary>
public readonly partial record struct WallClockTime(DateTime Local, TimeSpan? Offset)
{
    private const string OffsetFormat = @"hh\:mm";

    /// <summary>RFC 3339, where seconds and offset may be left out, and a blank may stand for the T.</summary>
    public static bool TryParse(string text, out WallClockTime time)
    {
        var match = Rfc3339().Match(text);
        time = default;
        return match.Success && TryRead(match, out time);
    }

    /// <summary>
    /// The time in a file's name: year to minute or second, with or without separators, as in 20261128_070000, 2026-11-28T07.00 or
    /// ch01_20261128070000_20261128071500 (the first counts). Z or +0900 behind it is its offset.
    /// </summary>
    public static bool TryFind(string name, out WallClockTime time)
    {
        time = default;
        foreach (Match match in InName().Matches(name))
        {
            if (TryRead(match, out time)) return true;
        }

        return false;
    }

    /// <summary>The instants that it can mean, earliest first: none where clocks were set forward over it, two where they were set back.</summary>
    public IReadOnlyList<DateTimeOffset> Instants(TimeZoneInfo zone)
    {
        if (Offset is { } offset) return [TimeZoneInfo.ConvertTime(new DateTimeOffset(Local, offset), zone)];
        if (zone.IsInvalidTime(Local)) return [];
        var local = Local;
        return zone.IsAmbiguousTime(local)
            ? [.. zone.GetAmbiguousTimeOffsets(local).OrderDescending().Select(o => new DateTimeOffset(local, o))]
            : [new DateTimeOffset(local, zone.GetUtcOffset(local))];
    }

    /// <summary>+09:00.</summary>
    public static string Written(TimeSpan offset) => (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString(OffsetFormat, CultureInfo.InvariantCulture);

    public override string ToString() =>
        Local.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF", CultureInfo.InvariantCulture) + (Offset is { } offset ? Written(offset) : "");

    private static bool TryRead(Match match, out WallClockTime time)
    {
        time = default;
        var seconds = match.Groups["second"].Success ? double.Parse($"{match.Groups["second"].Value}{match.Groups["fraction"].Value}", CultureInfo.InvariantCulture) : 0;
        if (!DateTime.TryParseExact($"{Digits("year")}{Digits("month")}{Digits("day")}{Digits("hour")}{Digits("minute")}", "yyyyMMddHHmm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var minute) || seconds >= 60) return false;
        TimeSpan? offset = null;
        if (match.Groups["utc"].Success) offset = TimeSpan.Zero;
        if (match.Groups["sign"].Success)
        {
            var away = new TimeSpan(int.Parse(Digits("away"), CultureInfo.InvariantCulture), int.Parse(Digits("awayMinutes"), CultureInfo.InvariantCulture), 0);
            if (away > TimeSpan.FromHours(14) || away.Minutes != int.Parse(Digits("awayMinutes"), CultureInfo.InvariantCulture)) return false;
            offset = match.Groups["sign"].Value == "-" ? -away : away;
        }

        time = new WallClockTime(minute.AddTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond)), offset);
        return true;

        string Digits(string group) => match.Groups[group].Value;
    }

    [GeneratedRegex(@"^(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)[Tt ](?<hour>\d\d):(?<minute>\d\d)(:(?<second>\d\d)(?<fraction>\.\d{1,7})?)?((?<utc>[Zz])|(?<sign>[+-])(?<away>\d\d):(?<awayMinutes>\d\d))?$", RegexOptions.CultureInvariant)]
    private static partial Regex Rfc3339();

    [GeneratedRegex(@"(?<!\d)(?<year>(19|20)\d\d)(?<date>[-_.]?)(?<month>\d\d)\k<date>(?<day>\d\d)[-_.T ]?(?<hour>\d\d)(?<clock>[-_.:]?)(?<minute>\d\d)(\k<clock>(?<second>\d\d)((?<utc>Z)(?![A-Za-z])|(?<sign>[+-])(?<away>\d\d):?(?<awayMinutes>\d\d)(?!\d))?)?(?!\d)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex InName();
}
