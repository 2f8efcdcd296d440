using System.Globalization;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Workdays;
using Xunit;

namespace TrafficFlow.Core.Tests.Custody;

public sealed class WorkCalendarTests
{
    /// <summary>As the Cabinet Office published them.</summary>
    [Theory]
    [InlineData(2018, "1/1 1/8 2/11 2/12 3/21 4/29 4/30 5/3 5/4 5/5 7/16 8/11 9/17 9/23 9/24 10/8 11/3 11/23 12/23 12/24")]
    [InlineData(2019, "1/1 1/14 2/11 3/21 4/29 4/30 5/1 5/2 5/3 5/4 5/5 5/6 7/15 8/11 8/12 9/16 9/23 10/14 10/22 11/3 11/4 11/23")]
    [InlineData(2020, "1/1 1/13 2/11 2/23 2/24 3/20 4/29 5/3 5/4 5/5 5/6 7/23 7/24 8/10 9/21 9/22 11/3 11/23")]
    [InlineData(2021, "1/1 1/11 2/11 2/23 3/20 4/29 5/3 5/4 5/5 7/22 7/23 8/8 8/9 9/20 9/23 11/3 11/23")]
    [InlineData(2022, "1/1 1/10 2/11 2/23 3/21 4/29 5/3 5/4 5/5 7/18 8/11 9/19 9/23 10/10 11/3 11/23")]
    [InlineData(2023, "1/1 1/2 1/9 2/11 2/23 3/21 4/29 5/3 5/4 5/5 7/17 8/11 9/18 9/23 10/9 11/3 11/23")]
    [InlineData(2024, "1/1 1/8 2/11 2/12 2/23 3/20 4/29 5/3 5/4 5/5 5/6 7/15 8/11 8/12 9/16 9/22 9/23 10/14 11/3 11/4 11/23")]
    [InlineData(2025, "1/1 1/13 2/11 2/23 2/24 3/20 4/29 5/3 5/4 5/5 5/6 7/21 8/11 9/15 9/23 10/13 11/3 11/23 11/24")]
    [InlineData(2026, "1/1 1/12 2/11 2/23 3/20 4/29 5/3 5/4 5/5 5/6 7/20 8/11 9/21 9/22 9/23 10/12 11/3 11/23")]
    [InlineData(2027, "1/1 1/11 2/11 2/23 3/21 3/22 4/29 5/3 5/4 5/5 7/19 8/11 9/20 9/23 10/11 11/3 11/23")]
    public void Holidays_of_a_year_are_those_of_the_law(int year, string days)
    {
        var first = new DateOnly(year, 1, 1);
        var holidays = Enumerable.Range(0, DateTime.IsLeapYear(year) ? 366 : 365).Select(first.AddDays).Where(d => JapaneseHolidays.NameOf(d) is not null);

        Assert.Equal(days, string.Join(' ', holidays.Select(d => d.ToString("M/d", CultureInfo.InvariantCulture))));
    }

    [Theory]
    [InlineData("2015-09-22", "国民の休日")]
    [InlineData("2026-09-22", "国民の休日")]
    [InlineData("2026-05-06", "振替休日")]
    [InlineData("2019-05-02", "国民の休日")]
    public void A_day_that_is_free_because_of_others_says_so(string day, string name) => Assert.Equal(name, JapaneseHolidays.NameOf(Day(day)));

    [Fact]
    public void Own_days_are_free_or_worked_on_whatever_the_law_says()
    {
        var calendar = Parse("# company\n2026-12-25 創立記念日\n2026-12-28\t年末\r\n\n2026/12/24,休業\n+2026-12-26  # a Saturday\n+2026-12-29\n");

        Assert.False(calendar.IsWorkday(Day("2026-12-25")));
        Assert.False(calendar.IsWorkday(Day("2026-12-24")));
        Assert.True(calendar.IsWorkday(Day("2026-12-26")));
        Assert.Equal(Day("2026-12-29"), calendar.AtOrAfter(Day("2026-12-27")));
        Assert.Equal("創立記念日", calendar.Closed[Day("2026-12-25")]);
    }

    [Fact]
    public void The_days_around_new_year_are_free()
    {
        foreach (var day in new[] { "2026-12-29", "2026-12-30", "2026-12-31", "2027-01-01", "2027-01-02", "2027-01-03" }) Assert.False(WorkCalendar.National.IsWorkday(Day(day)), day);
        Assert.Equal(Day("2027-01-04"), WorkCalendar.National.AtOrAfter(Day("2026-12-29")));
        Assert.Equal(Day("2026-12-28"), WorkCalendar.National.AtOrBefore(Day("2027-01-03")));
    }

    [Fact]
    public void The_ends_of_the_calendar_are_days_as_others()
    {
        Assert.Equal(DateOnly.MaxValue, WorkCalendar.National.Add(DateOnly.MaxValue, 30));
        Assert.Equal(DateOnly.MinValue, WorkCalendar.National.AtOrBefore(DateOnly.MinValue));
        Assert.Equal(DateOnly.MaxValue, new RequestTerms(365).DueOf(DateOnly.MaxValue, WorkCalendar.National));
        foreach (var first in new[] { DateOnly.MinValue, DateOnly.MaxValue })
        {
            foreach (var last in new DateOnly?[] { null, DateOnly.MinValue, DateOnly.MaxValue })
            {
                foreach (var today in new[] { DateOnly.MinValue, Day("2026-12-01"), DateOnly.MaxValue })
                {
                    new InspectionPlan("a", InspectionKind.HandCarry, 14, first).Next(last, today, WorkCalendar.National);
                    new InspectionPlan("a", InspectionKind.Remote, null, first).Next(last, today, WorkCalendar.National);
                }
            }
        }
    }

    [Fact]
    public void Workdays_are_counted_over_holidays()
    {
        Assert.Equal(Day("2026-05-08"), WorkCalendar.National.Add(Day("2026-05-01"), 2));
        Assert.Equal(Day("2026-09-25"), WorkCalendar.National.Add(Day("2026-09-18"), 2));
        Assert.Equal(1, WorkCalendar.National.Count(Day("2026-05-01"), Day("2026-05-07")));
        Assert.Equal(Day("2026-05-01"), WorkCalendar.National.Add(Day("2026-05-01"), 0));
    }

    [Theory]
    [InlineData("tomorrow")]
    [InlineData("2026-02-30")]
    [InlineData("+")]
    [InlineData("29.12.2026 年末")]
    public void A_line_that_is_no_day_is_told_with_its_place(string line)
    {
        Assert.Null(WorkCalendar.Parse($"2026-12-29\n{line}", out var wrong));
        Assert.Equal(2, wrong);
    }

    private static WorkCalendar Parse(string text) => WorkCalendar.Parse(text, out _) ?? throw new InvalidOperationException("no calendar");

    private static DateOnly Day(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
