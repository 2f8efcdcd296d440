namespace TrafficFlow.Core.Custody;

/// <summary>When somebody must look after the installation.</summary>
/// <param name="HandCarryWeeks">Weeks from one hand-carry to the next, with the inspection on site; null where data are not carried by hand.</param>
/// <param name="EachWorkingDay">Whether the use from afar is inspected each working day.</param>
/// <param name="Holidays">Days, besides Saturdays and Sundays, that are no working days.</param>
public sealed record InspectionPolicy(int? HandCarryWeeks, bool EachWorkingDay, HolidayCalendar Holidays)
{
    public static InspectionPolicy None { get; } = new(null, EachWorkingDay: false, HolidayCalendar.Empty);
}

/// <summary>Holidays by name. Immutable.</summary>
public sealed class HolidayCalendar(IReadOnlyDictionary<DateOnly, string> days)
{
    public static HolidayCalendar Empty { get; } = new(new Dictionary<DateOnly, string>());

    public IReadOnlyDictionary<DateOnly, string> Days { get; } = days;

    /// <summary>The file in which they stand; null where they stand in none.</summary>
    public string? File { get; init; }

    /// <summary>The last day of which the calendar knows; null of an empty one. Later days are judged by their weekday alone.</summary>
    public DateOnly? KnownUntil { get; } = days.Count == 0 ? null : days.Keys.Max();

    public bool IsWorkingDay(DateOnly day) => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !Days.ContainsKey(day);

    /// <summary>The first working day at or after a day.</summary>
    public DateOnly WorkingDayFrom(DateOnly day)
    {
        while (!IsWorkingDay(day)) day = day.AddDays(1);
        return day;
    }
}
