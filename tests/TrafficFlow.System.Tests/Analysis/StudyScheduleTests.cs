using TrafficFlow.Node.Analyse;
using Xunit;

namespace TrafficFlow.SystemTests.Analysis;

public sealed class StudyScheduleTests
{
    private static readonly StudySchedule s_tokyo = new(TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo"), new TimeOnly(4, 0), TimeSpan.FromMinutes(4));

    /// <summary>2026-04-06 is a Monday.</summary>
    [Theory]
    [InlineData("2026-04-13T03:59:00+09:00", "2026-03-16,2026-03-23,2026-03-30")]
    [InlineData("2026-04-13T04:00:00+09:00", "2026-03-16,2026-03-23,2026-03-30,2026-04-06")]
    [InlineData("2026-04-19T23:59:00+09:00", "2026-03-16,2026-03-23,2026-03-30,2026-04-06")]
    public void A_week_is_due_on_the_monday_after_it_and_four_are_made_up_for(string now, string due) =>
        Assert.Equal(due.Split(',').TakeLast(StudySchedule.CatchUpWeeks), s_tokyo.Due(DateTimeOffset.Parse(now, null), null).Select(d => d.ToString("yyyy-MM-dd", null)));

    [Fact]
    public void What_was_made_is_not_due_and_the_next_one_is_known()
    {
        var now = new DateTimeOffset(2026, 4, 13, 5, 0, 0, TimeSpan.FromHours(9));

        Assert.Equal([new DateOnly(2026, 4, 6)], s_tokyo.Due(now, new DateOnly(2026, 3, 30)));
        Assert.Empty(s_tokyo.Due(now, new DateOnly(2026, 4, 6)));
        Assert.Equal(new DateTimeOffset(2026, 4, 20, 4, 0, 0, TimeSpan.FromHours(9)), s_tokyo.NextAfter(now));
    }

    [Fact]
    public void A_week_in_which_the_clock_is_set_is_from_monday_to_monday_by_that_clock_and_waits_for_late_bins()
    {
        var berlin = new StudySchedule(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"), new TimeOnly(0, 0), TimeSpan.FromHours(2));

        var span = berlin.SpanOf(new DateOnly(2026, 3, 23));

        Assert.Equal(TimeSpan.FromHours((7 * 24) - 1), span.Length);
        Assert.Equal(span.To.AddHours(2), berlin.DueAt(new DateOnly(2026, 3, 23)));
    }
}
