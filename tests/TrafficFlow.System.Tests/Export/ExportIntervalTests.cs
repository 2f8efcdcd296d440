using TrafficFlow.Core.Flow;
using TrafficFlow.Node;
using TrafficFlow.Node.Export;
using Xunit;

namespace TrafficFlow.SystemTests.Export;

/// <summary>Which instants `--from` and `--to` mean, also where the clock is set.</summary>
public sealed class ExportIntervalTests
{
    private static readonly TimeZoneInfo Tokyo = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo");
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private static readonly TimeZoneInfo Beirut = TimeZoneInfo.FindSystemTimeZoneById("Asia/Beirut");
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 18, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(null, null, "2026-11-28T00:00+09:00", "2026-11-29T00:00+09:00")]
    [InlineData("2026-04-01", null, "2026-04-01T00:00+09:00", "2026-04-02T00:00+09:00")]
    [InlineData("2026-04-01", "2026-04-30", "2026-04-01T00:00+09:00", "2026-05-01T00:00+09:00")]
    [InlineData("2026-04-01T06:00", "2026-04-01 07:30", "2026-04-01T06:00+09:00", "2026-04-01T07:30+09:00")]
    [InlineData("2026-04-01T06:00Z", "2026-04-01T07:00:00+00:00", "2026-04-01T15:00+09:00", "2026-04-01T16:00+09:00")]
    public void Times_are_those_of_the_sites_clock(string? from, string? to, string first, string end) =>
        Assert.Equal(new Interval(DateTimeOffset.Parse(first), DateTimeOffset.Parse(end)), ExportInterval.Parse(from, to, Tokyo, Now));

    [Theory]
    [InlineData("2026-03-29", 23)]
    [InlineData("2026-10-25", 25)]
    [InlineData("2026-10-26", 24)]
    public void A_day_has_the_hours_that_it_has(string day, int hours) =>
        Assert.Equal(TimeSpan.FromHours(hours), ExportInterval.Parse(day, null, Berlin, Now).Length);

    [Fact]
    public void A_day_that_begins_when_the_clock_is_set_forward_begins_then() =>
        Assert.Equal(new DateTimeOffset(2026, 3, 29, 1, 0, 0, TimeSpan.FromHours(3)), ExportInterval.Parse("2026-03-29", null, Beirut, Now).From);

    [Theory]
    [InlineData("2026-03-29T02:30", null, "does not exist in Europe/Berlin")]
    [InlineData("2026-10-25T02:30", null, "write 2026-10-25T02:30+02:00 or 2026-10-25T02:30+01:00")]
    [InlineData("yesterday", null, "is no time")]
    [InlineData("2026-04-02", "2026-04-01", "--from 2026-04-02 is not before --to 2026-04-01")]
    [InlineData(null, "2026-04-01", "--to without --from")]
    public void What_is_no_interval_is_refused(string? from, string? to, string why) =>
        Assert.Contains(why, Assert.Throws<UsageException>(() => ExportInterval.Parse(from, to, Berlin, Now)).Message);

    [Fact]
    public void An_interval_that_cuts_a_bin_is_refused_with_the_nearest_ones()
    {
        var span = ExportInterval.Parse("2026-04-01T08:07", null, Tokyo, Now);

        var refused = Assert.Throws<UsageException>(() => ExportInterval.Aligned(span, BinDuration.QuarterHour, new BinAlignment(Tokyo)));

        Assert.Contains("write 08:00 or 08:15", refused.Message);
    }
}
