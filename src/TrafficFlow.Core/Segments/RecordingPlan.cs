using System.Globalization;
using TrafficFlow.Core.Recordings;

namespace TrafficFlow.Core.Segments;

public enum RecordingMode
{
    Off = 0,
    On = 1,

    /// <summary>In the hours of a week.</summary>
    Schedule = 2,

    /// <summary>Only while something is evaluated: up to an end, for a stated reason.</summary>
    Evaluation = 3,
}

/// <summary>Days of the week, Monday the lowest.</summary>
[Flags]
public enum WeekDays
{
    None = 0,
    Monday = 1,
    Tuesday = 2,
    Wednesday = 4,
    Thursday = 8,
    Friday = 16,
    Saturday = 32,
    Sunday = 64,
    All = 127,
}

/// <summary>Hours of some days, by the wall clock of the site.</summary>
/// <param name="Days">On which they begin.</param>
/// <param name="FromMinute">Minute of the day, 0 to 1439.</param>
/// <param name="ToMinute">The first minute that is not of them, 1 to 1440; not after <paramref name="FromMinute"/>: that of the next day.</param>
public readonly record struct RecordingHours(WeekDays Days, int FromMinute, int ToMinute)
{
    internal bool Contain(DateTime local)
    {
        var minute = local.TimeOfDay.TotalMinutes;
        if (ToMinute > FromMinute) return Has(local.DayOfWeek) && minute >= FromMinute && minute < ToMinute;
        return (Has(local.DayOfWeek) && minute >= FromMinute) || (Has((DayOfWeek)(((int)local.DayOfWeek + 6) % 7)) && minute < ToMinute);
    }

    private bool Has(DayOfWeek day) => Days.HasFlag((WeekDays)(1 << (((int)day + 6) % 7)));
}

/// <summary>What a plan says of an instant.</summary>
/// <param name="Until">When it next says otherwise; null: not within eight days.</param>
/// <param name="Reason">Why it does not record; empty where it does.</param>
public readonly record struct RecordingVerdict(bool Records, DateTimeOffset? Until, string Reason);

/// <summary>
/// Whether pictures of a camera are recorded at an instant. Pure. Hours mean what the wall clock of the site shows: where it is set back, an hour that is shown twice is recorded
/// twice; where it is set forward, what is never shown is not recorded.
/// </summary>
/// <param name="Zone">Of the site.</param>
public sealed record RecordingPlan(RecordingMode Mode, TimeZoneInfo Zone)
{
    /// <summary>A week, and a day for clocks that are set.</summary>
    private const int MinutesAhead = 8 * 24 * 60;

    public static readonly RecordingPlan Off = new(RecordingMode.Off, TimeZoneInfo.Utc);

    /// <summary>None: all hours.</summary>
    public IReadOnlyList<RecordingHours> Hours { get; init; } = [];

    /// <summary>Of an evaluation: the first instant after it.</summary>
    public DateTimeOffset End { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>Of an evaluation: what is evaluated.</summary>
    public string Reason { get; init; } = "";

    public bool Records(DateTimeOffset time) => Mode != RecordingMode.Off && time < End && IsInHours(time);

    public RecordingVerdict At(DateTimeOffset time)
    {
        if (Mode == RecordingMode.Off) return new RecordingVerdict(false, null, "it is off in the site file");
        if (time >= End) return new RecordingVerdict(false, null, $"{(Mode == RecordingMode.Evaluation ? "its evaluation" : "its recording")} ended at {Written(End)} ({Reason})");
        var isIn = IsInHours(time);
        DateTimeOffset? until = NextChange(time, isIn) is { } change && change < End ? change : End < DateTimeOffset.MaxValue && isIn ? End : null;
        return new RecordingVerdict(isIn, until, isIn ? "" : until is { } next ? $"outside of its hours, which begin at {Written(next)}" : "outside of its hours");
    }

    /// <summary>The instant behind what somebody gave as the last day, or the instant that he gave.</summary>
    /// <returns>Null where the text is neither a date nor a time of the day.</returns>
    public static DateTimeOffset? EndOf(string text, TimeZoneInfo zone)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && IsOfOurTime(day.Year))
            return First(new WallClockTime(day.AddDays(1).ToDateTime(TimeOnly.MinValue), null), zone);
        return WallClockTime.TryParse(text, out var time) && IsOfOurTime(time.Local.Year) ? First(time, zone) : null;
    }

    /// <summary>Others are slips, and beyond them are the ends of what a clock can show.</summary>
    private static bool IsOfOurTime(int year) => year is >= 2000 and <= 2200;

    private string Written(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, Zone).ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture);

    private bool IsInHours(DateTimeOffset time)
    {
        if (Hours.Count == 0) return true;
        var local = TimeZoneInfo.ConvertTime(time, Zone).DateTime;
        foreach (var hours in Hours)
        {
            if (hours.Contain(local)) return true;
        }

        return false;
    }

    private DateTimeOffset? NextChange(DateTimeOffset time, bool isIn)
    {
        if (Hours.Count == 0) return null;
        var minute = time.UtcTicks / TimeSpan.TicksPerMinute;
        for (var m = 1; m <= MinutesAhead; m++)
        {
            var next = (minute + m) * TimeSpan.TicksPerMinute;
            if (next > DateTimeOffset.MaxValue.UtcTicks) return null;
            if (IsInHours(new DateTimeOffset(next, TimeSpan.Zero)) != isIn) return new DateTimeOffset(next, TimeSpan.Zero);
        }

        return null;
    }

    /// <summary>A time that a clock skipped means the instant at which it was set.</summary>
    private static DateTimeOffset First(WallClockTime time, TimeZoneInfo zone)
    {
        for (var minutes = 0; ; minutes++)
        {
            if ((time with { Local = time.Local.AddMinutes(minutes) }).Instants(zone) is [.., var last]) return last;
        }
    }
}
