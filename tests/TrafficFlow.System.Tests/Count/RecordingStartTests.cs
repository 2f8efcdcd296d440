using TrafficFlow.Node;
using TrafficFlow.Node.Count;
using TrafficFlow.Node.Count.Videos;
using Xunit;

namespace TrafficFlow.SystemTests.Count;

public sealed class RecordingStartTests
{
    private static readonly TimeZoneInfo Tokyo = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo");
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Fact]
    public void A_start_without_an_offset_is_in_the_zone_of_the_site() =>
        Assert.Equal(new DateTimeOffset(2026, 11, 28, 7, 0, 0, TimeSpan.FromHours(9)), RecordingStart.Of(["/a.mp4"], "2026-11-28T07:00", Tokyo).Start);

    [Fact]
    public void Without_a_start_the_clock_times_stay_unknown()
    {
        var recording = RecordingStart.Of(["/a.mp4"], null, Tokyo);

        Assert.Null(recording.Start);
        Assert.Equal(DateTimeOffset.UnixEpoch, recording.Zero);
    }

    [Theory]
    [InlineData("soon", "expected from-name, or the time of the first frame as 2026-11-28T07:00+09:00")]
    [InlineData("2026-03-29T02:30", "clocks are set forward over it")]
    [InlineData("2026-10-25T02:30", "add +02:00 or +01:00")]
    [InlineData("from-name", "no time such as 20261128_070000 in the name of street.mp4")]
    public void What_means_no_instant_is_refused_with_its_remedy(string start, string told) =>
        Assert.Contains(told, Assert.Throws<UsageException>(() => RecordingStart.Of(["/street.mp4"], start, Berlin)).Message);

    [Fact]
    public void Names_order_and_date_each_file()
    {
        var recording = RecordingStart.Of(["/a_20261128_0715.mp4", "/b_20261128_0700.mp4", "/2026-11-28/07.30.00.dav"], "from-name", Tokyo);

        Assert.Equal(["b_20261128_0700.mp4", "a_20261128_0715.mp4", "07.30.00.dav"], recording.Files.Select(f => f.Name));
        Assert.Equal([0, 15, 30], recording.Files.Select(f => (f.NamedStart!.Value - recording.Zero).TotalMinutes));
    }

    [Theory]
    [InlineData(null, "2026-11-28T07:00+09:00", "Etc/GMT-9")]
    [InlineData(null, "2026-11-28T07:00-05:00", "Etc/GMT+5")]
    [InlineData(null, "2026-11-28T07:00Z", "UTC")]
    [InlineData(null, null, "UTC")]
    [InlineData("Asia/Tokyo", "from-name", "Asia/Tokyo")]
    public void Without_a_site_file_the_zone_is_the_one_that_was_told(string? zone, string? start, string id)
    {
        var found = RecordingStart.ZoneOf(zone, start);

        Assert.Equal(id, found.Id);
        if (start is not null && zone is null) Assert.Contains(start[16..].Replace("Z", "+00:00"), $"{RecordingStart.Of(["/a"], start, found).Start:zzz}");
    }

    [Theory]
    [InlineData(null, "2026-11-28T07:00", "--time-zone")]
    [InlineData(null, "from-name", "--time-zone")]
    [InlineData(null, "2026-11-28T07:00+05:30", "--time-zone")]
    [InlineData("Japan Time", null, "no such time zone")]
    public void A_zone_that_nobody_tells_is_asked_for(string? zone, string? start, string told) =>
        Assert.Contains(told, Assert.Throws<UsageException>(() => RecordingStart.ZoneOf(zone, start)).Message);

    [Theory]
    [InlineData("15min", 15)]
    [InlineData("1MIN", 1)]
    [InlineData("60 min", 60)]
    [InlineData("1h", 60)]
    public void Bins_are_named_by_their_length(string text, int minutes) => Assert.Equal(minutes, BinsOption.Parse(text)?.Minutes);

    [Fact]
    public void Another_length_of_bins_is_refused_with_those_that_there_are() =>
        Assert.Contains("expected one of 1min, 5min, 15min, 60min", Assert.Throws<UsageException>(() => BinsOption.Parse("10min")).Message);
}
