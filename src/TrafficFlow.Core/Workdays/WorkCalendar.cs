using System.Collections.Immutable;
using System.Globalization;
using TrafficFlow.Core.Texts;

namespace TrafficFlow.Core.Workdays;

/// <summary>
/// On which days work is done: Monday to Friday without national holidays and without 29 December to 3 January (年末年始, as offices of the state and of municipalities are closed), and with what a
/// file of own days says otherwise. Days at the ends of the calendar are taken as they are. Pure.
/// </summary>
/// <param name="Closed">Besides: the company's own holidays, with their names.</param>
/// <param name="Open">Worked on though they would be free.</param>
public sealed record WorkCalendar(ImmutableSortedDictionary<DateOnly, string> Closed, ImmutableSortedSet<DateOnly> Open)
{
    public static readonly WorkCalendar National = new(ImmutableSortedDictionary<DateOnly, string>.Empty, []);

    private const int MostDays = 10_000;
    private const int LongestName = 100;

    // Longer than any holidays: a file that closes all days must not hang what looks for the next one.
    private const int MostFreeDays = 400;

    private static readonly string[] s_forms = ["yyyy-MM-dd", "yyyy/M/d", "yyyy-M-d"];
    private static readonly char[] s_ends = [',', ' ', '\t', '　'];

    /// <summary>The file in which own days stand; null where they stand in none.</summary>
    public string? File { get; init; }

    /// <summary>
    /// A day and a name in each line, 2026-12-26 創立記念日 or 2026/12/26,創立記念日: it is closed; +2026-12-29 is worked on. # begins a comment, and a first line of columns without a day is a heading,
    /// so that the Cabinet Office's syukujitsu.csv can be taken as it is.
    /// </summary>
    /// <param name="wrong">The first line that is no day, from 1; 0 where there is no day at all.</param>
    /// <returns>Null where it is none.</returns>
    public static WorkCalendar? Parse(string text, out int wrong)
    {
        var (closed, open) = (National.Closed.ToBuilder(), National.Open.ToBuilder());
        wrong = 0;
        foreach (var row in text.TrimStart('\uFEFF').Split('\n'))
        {
            wrong++;
            var line = row.Split('#')[0].Trim();
            if (line.Length == 0) continue;
            var isOpen = line[0] == '+';
            var words = (isOpen ? line[1..] : line).Split(s_ends, 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || closed.Count + open.Count >= MostDays || !DateOnly.TryParseExact(words[0], s_forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            {
                if (wrong == 1 && line.Contains(',', StringComparison.Ordinal)) continue;
                return null;
            }

            if (isOpen) open.Add(day);
            else closed[day] = words.Length > 1 ? PlainText.Of(words[1], LongestName) : "";
        }

        wrong = 0;
        return closed.Count + open.Count > 0 ? new WorkCalendar(closed.ToImmutable(), open.ToImmutable()) : null;
    }

    public bool IsWorkday(DateOnly day) => Open.Contains(day) || (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !Closed.ContainsKey(day) && !IsYearsTurn(day) && JapaneseHolidays.NameOf(day) is null);

    /// <summary>The day itself, or the first workday after it.</summary>
    public DateOnly AtOrAfter(DateOnly day) => Find(day, 1);

    /// <summary>The day itself, or the last workday before it.</summary>
    public DateOnly AtOrBefore(DateOnly day) => Find(day, -1);

    /// <summary>So many workdays later; the day itself does not count.</summary>
    /// <param name="workdays">0 to 1000.</param>
    public DateOnly Add(DateOnly day, int workdays)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)workdays, 1_000u, nameof(workdays));
        for (; workdays > 0; workdays--) day = AtOrAfter(Later(day, 1));
        return day;
    }

    /// <summary>How many workdays there are from a day on, before another.</summary>
    public int Count(DateOnly from, DateOnly before)
    {
        var count = 0;
        for (var day = from; day < before && count < 10_000; day = day.AddDays(1))
        {
            if (IsWorkday(day)) count++;
        }

        return count;
    }

    /// <summary>So many days later, or before where it is negative; at most the last day of the calendar, at least its first.</summary>
    public static DateOnly Later(DateOnly day, int days) => DateOnly.FromDayNumber((int)Math.Clamp((long)day.DayNumber + days, DateOnly.MinValue.DayNumber, DateOnly.MaxValue.DayNumber));

    private static bool IsYearsTurn(DateOnly day) => day is { Month: 12, Day: >= 29 } or { Month: 1, Day: <= 3 };

    private DateOnly Find(DateOnly day, int step)
    {
        for (var i = 0; i < MostFreeDays; i++)
        {
            if (IsWorkday(Later(day, i * step))) return Later(day, i * step);
        }

        return day;
    }
}
