using TrafficFlow.Node.Report;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Reports;

/// <summary>When reports are due, by the clocks of sites that are set forward and back.</summary>
public sealed class ReportScheduleTests
{
    private static readonly TimeZoneInfo s_tokyo = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo");
    private static readonly TimeZoneInfo s_berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private static readonly ReportSchedule s_schedule = new(s_tokyo, new TimeOnly(6, 0), TimeSpan.FromMinutes(4));

    [Fact]
    public void The_day_before_is_due_in_the_morning_and_not_earlier()
    {
        var yesterday = new DateOnly(2026, 5, 11);

        Assert.DoesNotContain(yesterday, s_schedule.Due(At("2026-05-12T05:59:59+09:00"), null));
        Assert.Equal([yesterday], s_schedule.Due(At("2026-05-12T06:00:00+09:00"), yesterday.AddDays(-1)));
        Assert.Empty(s_schedule.Due(At("2026-05-12T23:00:00+09:00"), yesterday));
    }

    [Fact]
    public void What_is_missing_of_the_last_week_is_due_too_the_oldest_first() => Assert.Equal(
        Enumerable.Range(5, 7).Select(d => new DateOnly(2026, 5, d)), s_schedule.Due(At("2026-05-12T09:00:00+09:00"), null));

    [Fact]
    public void After_three_days_away_three_days_are_due() => Assert.Equal(
        [new DateOnly(2026, 5, 9), new DateOnly(2026, 5, 10), new DateOnly(2026, 5, 11)], s_schedule.Due(At("2026-05-12T09:00:00+09:00"), new DateOnly(2026, 5, 8)));

    [Fact]
    public void A_day_waits_until_its_bins_have_closed() => Assert.Equal(
        At("2026-05-12T12:00:00+09:00"), (s_schedule with { Settled = TimeSpan.FromHours(12) }).DueAt(new DateOnly(2026, 5, 11)));

    [Theory]
    [InlineData("2026-03-28", "02:30", "2026-03-29T03:00:00+02:00")] // Does not exist that night.
    [InlineData("2026-10-24", "02:30", "2026-10-25T02:30:00+02:00")] // Comes twice: the first time.
    [InlineData("2026-10-25", "06:00", "2026-10-26T06:00:00+01:00")] // After the day of 25 hours.
    [InlineData("2026-03-29", "00:00", "2026-03-30T00:04:00+02:00")] // Never before the bins have settled.
    public void Clock_changes_are_those_of_the_site(string day, string at, string due) =>
        Assert.Equal(At(due), new ReportSchedule(s_berlin, TimeOnly.Parse(at, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.FromMinutes(4)).DueAt(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("2026-05-12T05:00:00+09:00", "2026-05-12T06:00:00+09:00")]
    [InlineData("2026-05-12T06:00:00+09:00", "2026-05-13T06:00:00+09:00")]
    public void The_next_one_is_of_this_morning_or_tomorrow(string now, string next) => Assert.Equal(At(next), s_schedule.NextAfter(At(now)));

    [Fact]
    public void Each_day_is_due_once_whatever_the_hour_it_is_looked_at()
    {
        // Through both changes of a year, looking each 50 minutes: every day is made, in order, none twice.
        var schedule = new ReportSchedule(s_berlin, new TimeOnly(2, 30), TimeSpan.FromMinutes(4));
        DateOnly? last = null;
        List<DateOnly> made = [];
        for (var now = At("2026-03-01T00:00:00Z"); now < At("2026-11-30T00:00:00Z"); now += TimeSpan.FromMinutes(50))
        {
            foreach (var day in schedule.Due(now, last))
            {
                made.Add(day);
                last = day;
            }
        }

        Assert.Equal(Enumerable.Range(0, made.Count).Select(i => made[0].AddDays(i)), made);
        Assert.Equal(new DateOnly(2026, 11, 28), made[^1]);
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
