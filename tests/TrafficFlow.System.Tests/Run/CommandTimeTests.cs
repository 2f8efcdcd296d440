using TrafficFlow.Node.Accounts;
using Xunit;

namespace TrafficFlow.SystemTests.Run;

public sealed class CommandTimeTests
{
    private static readonly TimeZoneInfo s_tokyo = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo");

    [Fact]
    public void A_day_is_one_by_the_clock_of_the_site()
    {
        Assert.Equal(new DateTimeOffset(2027, 3, 31, 0, 0, 0, TimeSpan.FromHours(9)), CommandTime.Begin("--from", "2027-03-31", s_tokyo));
        Assert.Equal(new DateTimeOffset(2027, 4, 1, 0, 0, 0, TimeSpan.FromHours(9)), CommandTime.End("--to", "2027-03-31", s_tokyo));
        Assert.Equal(new DateTimeOffset(2027, 3, 31, 0, 0, 0, TimeSpan.Zero), CommandTime.Begin("--from", "2027-03-31"));
        // The clock of Cairo leaves this midnight out.
        Assert.Equal(new DateTimeOffset(2024, 4, 25, 22, 0, 0, TimeSpan.Zero), CommandTime.Begin("--from", "2024-04-26", TimeZoneInfo.FindSystemTimeZoneById("Africa/Cairo")).ToUniversalTime());
    }

    [Theory]
    [InlineData("Asia/Tokyo")]
    [InlineData("America/Los_Angeles")]
    [InlineData("UTC")]
    public void The_ends_of_the_calendar_are_as_far_as_it_goes(string zone)
    {
        var place = TimeZoneInfo.FindSystemTimeZoneById(zone);

        Assert.True(CommandTime.Begin("--from", "0001-01-01", place) <= CommandTime.End("--to", "0001-01-01", place));
        Assert.True(CommandTime.Begin("--from", "9999-12-31", place) <= CommandTime.End("--to", "9999-12-31", place));
    }
}
