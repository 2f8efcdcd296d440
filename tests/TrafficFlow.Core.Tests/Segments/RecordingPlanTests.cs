using System.Globalization;
using CsCheck;
using TrafficFlow.Core.Segments;
using Xunit;

namespace TrafficFlow.Core.Tests.Segments;

public sealed class RecordingPlanTests
{
    private static readonly TimeZoneInfo s_berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private static readonly TimeZoneInfo s_tokyo = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo");
    private const WeekDays Workdays = WeekDays.All & ~(WeekDays.Saturday | WeekDays.Sunday);

    [Fact]
    public void Off_never_records_and_on_always_does()
    {
        Assert.Equal((false, null, "it is off in the site file"), Told(RecordingPlan.Off.At(At("2026-04-01T08:00+09:00"))));
        Assert.Equal((true, null, ""), Told(new RecordingPlan(RecordingMode.On, s_tokyo).At(At("2026-04-01T08:00+09:00"))));
    }

    [Theory]
    // Wednesday.
    [InlineData("2026-04-01T06:59:59.999+09:00", false, "2026-04-01T07:00+09:00")]
    [InlineData("2026-04-01T07:00+09:00", true, "2026-04-01T19:00+09:00")]
    [InlineData("2026-04-01T18:59:59.999+09:00", true, "2026-04-01T19:00+09:00")]
    [InlineData("2026-04-01T19:00+09:00", false, "2026-04-02T07:00+09:00")]
    // Friday evening, Saturday: until Monday.
    [InlineData("2026-04-03T19:00+09:00", false, "2026-04-06T07:00+09:00")]
    [InlineData("2026-04-04T12:00+09:00", false, "2026-04-06T07:00+09:00")]
    public void Hours_hold_by_the_wall_clock_of_the_site(string time, bool records, string until)
    {
        var verdict = Hours(s_tokyo, new RecordingHours(Workdays, 7 * 60, 19 * 60)).At(At(time));

        Assert.Equal((records, At(until)), (verdict.Records, verdict.Until!.Value));
        Assert.Equal(records ? "" : $"outside of its hours, which begin at {At(until):yyyy-MM-dd HH:mm zzz}", verdict.Reason);
    }

    [Theory]
    [InlineData("2026-04-03T21:59+09:00", false)]
    [InlineData("2026-04-03T22:00+09:00", true)]
    // Of Friday night, though it is Saturday.
    [InlineData("2026-04-04T05:59+09:00", true)]
    [InlineData("2026-04-04T06:00+09:00", false)]
    [InlineData("2026-04-04T23:00+09:00", false)]
    public void Hours_over_midnight_belong_to_the_day_on_which_they_begin(string time, bool records) =>
        Assert.Equal(records, Hours(s_tokyo, new RecordingHours(WeekDays.Friday, 22 * 60, 6 * 60)).At(At(time)).Records);

    [Theory]
    // Clocks go from 02:00 to 03:00.
    [InlineData("2026-03-29T01:59:59+01:00", false, "2026-03-29T03:00+02:00")]
    [InlineData("2026-03-29T03:00+02:00", true, "2026-03-29T03:30+02:00")]
    [InlineData("2026-03-29T03:30+02:00", false, "2026-03-30T02:15+02:00")]
    // Clocks go from 03:00 back to 02:00: what is shown twice is recorded twice.
    [InlineData("2026-10-25T02:20+02:00", true, "2026-10-25T03:30+01:00")]
    [InlineData("2026-10-25T02:10+01:00", false, "2026-10-25T02:15+01:00")]
    [InlineData("2026-10-25T02:20+01:00", true, "2026-10-25T03:30+01:00")]
    public void Where_clocks_are_set_the_hours_are_those_that_they_show(string time, bool records, string until)
    {
        var verdict = Hours(s_berlin, new RecordingHours(WeekDays.All, (2 * 60) + 15, (3 * 60) + 30)).At(At(time));

        Assert.Equal(records, verdict.Records);
        // The hour between 02:00 and 02:15 is shown twice too.
        Assert.Equal(time == "2026-10-25T02:20+02:00" ? At("2026-10-25T02:00+01:00") : At(until), verdict.Until);
    }

    [Fact]
    public void The_next_change_is_the_first_instant_of_which_the_plan_says_otherwise()
    {
        var hours = Gen.Select(Gen.Int[1, 127], Gen.Int[0, 1439], Gen.Int[1, 1440], (d, f, t) => new RecordingHours((WeekDays)d, f, t));
        Gen.Select(hours.List[1, 3], Gen.Long[0, 400L * 24 * 3600]).Sample((list, seconds) =>
        {
            var plan = Hours(s_berlin, [.. list]);
            var time = At("2026-01-01T00:00+01:00").AddSeconds(seconds);
            var verdict = plan.At(time);
            if (verdict.Until is not { } until) return verdict.Records == plan.At(time.AddDays(3)).Records;
            var after = plan.At(until);
            var before = plan.At(until.AddTicks(-1));
            return until > time && before.Records == verdict.Records && after.Records != verdict.Records;
        }, iter: 300);
    }

    [Fact]
    public void An_evaluation_ends_with_its_last_day_and_says_why_it_was()
    {
        var plan = new RecordingPlan(RecordingMode.Evaluation, s_tokyo) { End = RecordingPlan.EndOf("2026-04-30", s_tokyo)!.Value, Reason = "counts of camera 2 against a manual count" };

        Assert.Equal((true, At("2026-05-01T00:00+09:00"), ""), Told(plan.At(At("2026-04-30T23:59:59+09:00"))));
        Assert.Equal((false, null, "its evaluation ended at 2026-05-01 00:00 +09:00 (counts of camera 2 against a manual count)"), Told(plan.At(At("2026-05-01T00:00+09:00"))));
    }

    [Fact]
    public void An_evaluation_may_have_hours_and_none_begin_after_its_end()
    {
        var plan = Hours(s_tokyo, new RecordingHours(WeekDays.All, 7 * 60, 19 * 60)) with { Mode = RecordingMode.Evaluation, End = At("2026-04-02T12:00+09:00") };

        Assert.Equal(At("2026-04-02T12:00+09:00"), plan.At(At("2026-04-02T08:00+09:00")).Until);
        Assert.Equal((false, At("2026-04-02T07:00+09:00")), (plan.At(At("2026-04-01T20:00+09:00")).Records, plan.At(At("2026-04-01T20:00+09:00")).Until));
        var early = plan with { End = At("2026-04-02T05:00+09:00") };
        Assert.Equal((false, null, "outside of its hours"), Told(early.At(At("2026-04-01T20:00+09:00"))));
    }

    [Theory]
    [InlineData("2026-04-30", "2026-05-01T00:00+09:00")]
    [InlineData("2026-04-30T12:30", "2026-04-30T12:30+09:00")]
    [InlineData("2026-04-30T12:30Z", "2026-04-30T12:30Z")]
    [InlineData("30.4.2026", null)]
    [InlineData("2026-02-30", null)]
    [InlineData("9999-12-31", null)]
    [InlineData("0001-01-01T00:00+09:00", null)]
    [InlineData("", null)]
    public void An_end_is_a_last_day_or_an_instant(string text, string? end) => Assert.Equal(end is null ? null : At(end), RecordingPlan.EndOf(text, s_tokyo));

    [Fact]
    public void An_end_that_the_clock_skips_is_the_instant_at_which_it_is_set() =>
        Assert.Equal(At("2026-03-29T03:00+02:00"), RecordingPlan.EndOf("2026-03-29T02:30", s_berlin));

    private static RecordingPlan Hours(TimeZoneInfo zone, params RecordingHours[] hours) => new(RecordingMode.Schedule, zone) { Hours = hours };

    private static (bool, DateTimeOffset?, string) Told(RecordingVerdict verdict) => (verdict.Records, verdict.Until, verdict.Reason);

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
