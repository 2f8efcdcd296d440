using TrafficFlow.Core.Recordings;
using Xunit;

namespace TrafficFlow.Core.Tests.Recordings;

public sealed class WallClockTimeTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("2026-11-28T07:00+09:00", "2026-11-28T07:00:00+09:00")]
    [InlineData("2026-11-28T07:00", "2026-11-28T07:00:00")]
    [InlineData("2026-11-28 07:00:03.25Z", "2026-11-28T07:00:03.25+00:00")]
    [InlineData("2026-11-28T07:00:59-03:30", "2026-11-28T07:00:59-03:30")]
    public void A_time_is_read_with_or_without_seconds_and_offset(string text, string read)
    {
        Assert.True(WallClockTime.TryParse(text, out var time));

        Assert.Equal(read, time.ToString());
    }

    [Theory]
    [InlineData("28.11.2026 07:00")]
    [InlineData("2026-11-31T07:00")]
    [InlineData("2026-11-28T24:00")]
    [InlineData("2026-11-28T07:00:60")]
    [InlineData("2026-11-28T07:00+15:00")]
    [InlineData("2026-11-28")]
    [InlineData("")]
    public void What_is_no_time_is_refused(string text) => Assert.False(WallClockTime.TryParse(text, out _));

    [Theory]
    [InlineData("20261128_070000.mp4", "2026-11-28T07:00:00")]
    [InlineData("cam1-2026-11-28T07.15.30.mkv", "2026-11-28T07:15:30")]
    [InlineData("NVR_ch1_main_20261128070000_20261128071500.mp4", "2026-11-28T07:00:00")]
    [InlineData("2026-11-28 07.00.00-07.15.00[M][0@0][0].dav", "2026-11-28T07:00:00")]
    [InlineData("20261128_0700-0715.mp4", "2026-11-28T07:00:00")]
    [InlineData("20261128T070000Z.ts", "2026-11-28T07:00:00+00:00")]
    [InlineData("20261128T070000+0900.ts", "2026-11-28T07:00:00+09:00")]
    [InlineData("99999999_20261128_070000.ts", "2026-11-28T07:00:00")]
    public void Recorders_names_tell_their_start(string name, string read)
    {
        Assert.True(WallClockTime.TryFind(name, out var time));

        Assert.Equal(read, time.ToString());
    }

    [Theory]
    [InlineData("street.mp4")]
    [InlineData("radeberg_130000.mp4")]
    [InlineData("20261128.mp4")]
    [InlineData("20261399_070000.mp4")]
    [InlineData("2026112807000012345.mp4")]
    public void Other_names_tell_none(string name) => Assert.False(WallClockTime.TryFind(name, out _));

    [Theory]
    [InlineData("2026-07-01T07:00", "+02:00")]
    [InlineData("2026-12-01T07:00", "+01:00")]
    [InlineData("2026-10-25T02:30", "+02:00", "+01:00")]
    [InlineData("2026-03-29T02:30")]
    [InlineData("2026-07-01T07:00+09:00", "+02:00")]
    public void A_zone_gives_the_instants_that_a_time_can_mean(string text, params string[] offsets)
    {
        WallClockTime.TryParse(text, out var time);

        Assert.Equal(offsets, time.Instants(Berlin).Select(i => WallClockTime.Written(i.Offset)));
    }

    [Fact]
    public void An_offset_keeps_its_instant_in_another_zone()
    {
        WallClockTime.TryParse("2026-11-28T07:00+09:00", out var time);

        var instant = Assert.Single(time.Instants(Berlin));
        Assert.Equal(new DateTimeOffset(2026, 11, 27, 23, 0, 0, TimeSpan.FromHours(1)), instant);
        Assert.Equal(TimeSpan.FromHours(1), instant.Offset);
    }
}
