namespace TrafficFlow.Core.Workdays;

/// <summary>
/// National holidays of Japan (国民の祝日に関する法律), from 2007 on: fixed days, Mondays, equinoxes, the substitute for a holiday on a Sunday (振替休日), the day between two holidays
/// (国民の休日), and the years in which a law moved some. Years that come are as the law of 2026 has them: what is changed later stands in the file of own days until the program knows it. Pure.
/// </summary>
public static class JapaneseHolidays
{
    public const int FirstYear = 2007;

    /// <summary>The equinoxes are computed as of this rule until then.</summary>
    public const int LastYear = 2099;

    /// <returns>Its name; null for no holiday.</returns>
    public static string? NameOf(DateOnly day)
    {
        if (day.Year is < FirstYear or > LastYear) return null;
        if (Own(day) is { } own) return own;
        if (Own(day.AddDays(-1)) is not null && Own(day.AddDays(1)) is not null && day.DayOfWeek != DayOfWeek.Sunday) return "国民の休日";
        // The first day after a Sunday's holiday that is none itself.
        for (var before = day.AddDays(-1); Own(before) is not null; before = before.AddDays(-1))
        {
            if (before.DayOfWeek == DayOfWeek.Sunday) return "振替休日";
        }

        return null;
    }

    private static string? Own(DateOnly day)
    {
        var (year, month, date) = (day.Year, day.Month, day.Day);
        if (Moved(day) is { } moved) return moved;
        return (month, date) switch
        {
            (1, 1) => "元日",
            (1, _) when IsMonday(day, 2) => "成人の日",
            (2, 11) => "建国記念の日",
            (2, 23) when year >= 2020 => "天皇誕生日",
            (3, _) when date == Equinox(year, 20.8431) => "春分の日",
            (4, 29) => "昭和の日",
            (5, 3) => "憲法記念日",
            (5, 4) => "みどりの日",
            (5, 5) => "こどもの日",
            (7, _) when IsMonday(day, 3) && year is not (2020 or 2021) => "海の日",
            (8, 11) when year >= 2016 && year is not (2020 or 2021) => "山の日",
            (9, _) when IsMonday(day, 3) => "敬老の日",
            (9, _) when date == Equinox(year, 23.2488) => "秋分の日",
            (10, _) when IsMonday(day, 2) && year is not (2020 or 2021) => year >= 2020 ? "スポーツの日" : "体育の日",
            (11, 3) => "文化の日",
            (11, 23) => "勤労感謝の日",
            (12, 23) when year <= 2018 => "天皇誕生日",
            _ => null,
        };
    }

    /// <summary>By laws for single years: the enthronement, the Olympic Games.</summary>
    private static string? Moved(DateOnly day) => (day.Year, day.Month, day.Day) switch
    {
        (2019, 5, 1) => "天皇の即位の日",
        (2019, 10, 22) => "即位礼正殿の儀の行われる日",
        (2020, 7, 23) or (2021, 7, 22) => "海の日",
        (2020, 7, 24) or (2021, 7, 23) => "スポーツの日",
        (2020, 8, 10) or (2021, 8, 8) => "山の日",
        _ => null,
    };

    private static bool IsMonday(DateOnly day, int which) => day.DayOfWeek == DayOfWeek.Monday && (day.Day - 1) / 7 == which - 1;

    private static int Equinox(int year, double of1980) => (int)(of1980 + (0.242194 * (year - 1980))) - ((year - 1980) / 4);
}
