using TrafficFlow.Core.Custody;
using Xunit;

namespace TrafficFlow.Core.Tests.Custody;

public sealed class KeepRuleTests
{
    private static readonly TimeZoneInfo s_tokyo = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo");
    private static readonly DateTimeOffset s_born = new(2027, 6, 1, 12, 0, 0, TimeSpan.FromHours(9));

    [Fact]
    public void The_earlier_end_holds()
    {
        Assert.Equal(s_born.AddDays(14), new KeepRule(TimeSpan.FromDays(14), new DateOnly(2028, 3, 31)).EndOf(s_born, s_tokyo));
        Assert.Equal(new DateTimeOffset(2027, 6, 4, 0, 0, 0, TimeSpan.FromHours(9)), new KeepRule(TimeSpan.FromDays(14), new DateOnly(2027, 6, 3)).EndOf(s_born, s_tokyo));
    }

    [Fact]
    public void What_is_over_is_what_was_born_before_and_after_the_last_day_all_of_it()
    {
        var now = new DateTimeOffset(2028, 4, 1, 0, 0, 0, TimeSpan.FromHours(9));
        Assert.Equal(now.AddDays(-14), new KeepRule(TimeSpan.FromDays(14), null).OverBefore(now, s_tokyo));
        Assert.Equal(now, new KeepRule(TimeSpan.FromDays(14), new DateOnly(2028, 3, 31)).OverBefore(now, s_tokyo));
        Assert.Equal(now.AddSeconds(-1).AddDays(-14), new KeepRule(TimeSpan.FromDays(14), new DateOnly(2028, 3, 31)).OverBefore(now.AddSeconds(-1), s_tokyo));
        Assert.Null(default(KeepRule).OverBefore(now, s_tokyo));
        Assert.Null(new KeepRule(TimeSpan.MaxValue, null).OverBefore(now, s_tokyo));
        Assert.Null(new KeepRule(null, new DateOnly(2028, 4, 1)).OverBefore(now, s_tokyo));
    }

    [Fact]
    public void What_sites_share_goes_by_the_last_day_of_one_of_them_only_where_it_was_born_by_then()
    {
        var last = new DateTimeOffset(2028, 4, 1, 0, 0, 0, TimeSpan.FromHours(9));
        var rule = new KeepRule(null, new DateOnly(2028, 3, 31));
        Assert.Equal(last, rule.SharedOverBefore(last.AddDays(100), s_tokyo));
        Assert.Null(rule.SharedOverBefore(last.AddSeconds(-1), s_tokyo));
        Assert.Equal(last, (rule with { MaxAge = TimeSpan.FromDays(200) }).SharedOverBefore(last.AddDays(100), s_tokyo));
        Assert.Equal(last.AddDays(90), (rule with { MaxAge = TimeSpan.FromDays(10) }).SharedOverBefore(last.AddDays(100), s_tokyo));
    }

    [Fact]
    public void Without_a_limit_there_is_no_end()
    {
        Assert.Null(default(KeepRule).EndOf(s_born, s_tokyo));
        Assert.False(default(KeepRule).IsOver(s_born, DateTimeOffset.MaxValue, s_tokyo));
        Assert.Null(new KeepRule(TimeSpan.MaxValue, null).EndOf(s_born, s_tokyo));
        Assert.Null(new KeepRule(null, DateOnly.MaxValue).EndOf(s_born, s_tokyo));
    }

    [Fact]
    public void The_last_day_is_kept_to_its_last_second_by_the_calendar_of_the_site()
    {
        var rule = new KeepRule(null, new DateOnly(2028, 3, 31));

        Assert.False(rule.IsOver(s_born, new DateTimeOffset(2028, 3, 31, 14, 59, 59, TimeSpan.Zero), s_tokyo));
        Assert.True(rule.IsOver(s_born, new DateTimeOffset(2028, 3, 31, 15, 0, 0, TimeSpan.Zero), s_tokyo));
    }

    [Fact]
    public void A_day_without_a_midnight_begins_when_its_clock_does()
    {
        // Clocks of Cairo go from 0:00 to 1:00 on the last Friday of April.
        var cairo = TimeZoneInfo.FindSystemTimeZoneById("Africa/Cairo");

        var end = new KeepRule(null, new DateOnly(2024, 4, 25)).EndOf(s_born, cairo);

        Assert.Equal(new DateTimeOffset(2024, 4, 25, 22, 0, 0, TimeSpan.Zero), end);
    }
}
