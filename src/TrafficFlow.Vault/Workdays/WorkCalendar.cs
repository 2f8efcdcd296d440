using System.Collections.Immutable;
using System.Globalization;
using TrafficFlow.Core.Texts;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Vault.Workdays;

/// <summary>On which days work is done: Monday to Friday without national holidays, and with what a file of own days says otherwise. Pure but for reading that file.</summary>
/// <param name="Closed">Besides: the company's own holidays, with their names.</param>
/// <param name="Open">Worked on though they would be free.</param>
public sealed record WorkCalendar(ImmutableSortedDictionary<DateOnly, string> Closed, ImmutableSortedSet<DateOnly> Open)
{
    private const long LongestFile = 256 * 1024;

    // Longer than any holidays: a file that closes all days must not hang what looks for the next one.
    private const int MostFreeDays = 400;

    public static readonly WorkCalendar National = new(ImmutableSortedDictionary<DateOnly, string>.Empty, []);

    /// <summary>A day a line: 2026-12-29 年末休業 is closed, +2027-01-04 is worked on; # begins a comment.</summary>
    /// <exception cref="VaultFileException">It is not there, cannot be read, or a line is something else.</exception>
    public static WorkCalendar Read(string file)
    {
        string[] lines;
        try
        {
            if (new FileInfo(file) is { Exists: true, Length: > LongestFile }) throw new VaultFileException($"{file} is too long for a file of own days: a day a line, as 2026-12-29 年末休業");
            lines = File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VaultFileException($"{file}, the own days of the calendar, cannot be read ({e.Message}): is it there, and may the node's account read it?", e);
        }

        return Parse(lines, file);
    }

    /// <param name="file">For the message.</param>
    /// <exception cref="VaultFileException">A line is no day.</exception>
    public static WorkCalendar Parse(IReadOnlyList<string> lines, string file)
    {
        var (closed, open) = (National.Closed.ToBuilder(), National.Open.ToBuilder());
        for (var i = 0; i < lines.Count; i++)
        {
            var text = lines[i].Split('#')[0].Trim();
            if (text.Length == 0) continue;
            var isOpen = text[0] == '+';
            var words = text.TrimStart('+').Split([' ', '\t', '　'], 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || !DateOnly.TryParseExact(words[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                throw new VaultFileException($"{file}, line {i + 1}: \"{PlainText.Of(text, 60)}\" is no day: write 2026-12-29 年末休業 for one that is free, +2027-01-04 for one that is not");
            if (isOpen) open.Add(day);
            else closed[day] = words.Length > 1 ? PlainText.Of(words[1], 60) : "";
        }

        return new WorkCalendar(closed.ToImmutable(), open.ToImmutable());
    }

    public bool IsWorkday(DateOnly day) => Open.Contains(day) || (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !Closed.ContainsKey(day) && JapaneseHolidays.NameOf(day) is null);

    /// <summary>The day itself, or the first workday after it.</summary>
    public DateOnly AtOrAfter(DateOnly day) => Find(day, 1);

    /// <summary>The day itself, or the last workday before it.</summary>
    public DateOnly AtOrBefore(DateOnly day) => Find(day, -1);

    /// <summary>So many workdays later; the day itself does not count.</summary>
    /// <param name="workdays">0 to 1000.</param>
    public DateOnly Add(DateOnly day, int workdays)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)workdays, 1_000u, nameof(workdays));
        for (; workdays > 0; workdays--) day = AtOrAfter(day.AddDays(1));
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

    private DateOnly Find(DateOnly day, int step)
    {
        for (var i = 0; i < MostFreeDays; i++)
        {
            if (IsWorkday(day.AddDays(i * step))) return day.AddDays(i * step);
        }

        return day;
    }
}
