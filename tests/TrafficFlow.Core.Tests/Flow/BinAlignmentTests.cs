using CsCheck;
using TrafficFlow.Core.Flow;
using Xunit;

namespace TrafficFlow.Core.Tests.Flow;

public sealed class BinAlignmentTests
{
    public static TheoryData<string, string, int, string, string> Bins => new()
    {
        { "Asia/Tokyo", "2026-04-01T08:07:31+09:00", 1, "2026-04-01T08:07:00+09:00", "2026-04-01T08:08:00+09:00" },
        { "Asia/Tokyo", "2026-03-31T23:07:31Z", 60, "2026-04-01T08:00:00+09:00", "2026-04-01T09:00:00+09:00" },
        { "Asia/Tokyo", "2026-04-01T08:15:00+09:00", 15, "2026-04-01T08:15:00+09:00", "2026-04-01T08:30:00+09:00" },
        // Half an hour and three quarters from UTC: the hour of the wall clock, not of UTC.
        { "Asia/Kolkata", "2026-04-01T02:40:00Z", 60, "2026-04-01T08:00:00+05:30", "2026-04-01T09:00:00+05:30" },
        { "Asia/Kathmandu", "2026-04-01T02:20:00Z", 60, "2026-04-01T08:00:00+05:45", "2026-04-01T09:00:00+05:45" },
        // The clock is set forward at 01:00 UTC: 01:59 is followed by 03:00.
        { "Europe/Berlin", "2026-03-29T00:59:59Z", 60, "2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00" },
        { "Europe/Berlin", "2026-03-29T01:00:00Z", 60, "2026-03-29T03:00:00+02:00", "2026-03-29T04:00:00+02:00" },
        // Set back at 01:00 UTC: the hour from two to three comes twice, as two bins.
        { "Europe/Berlin", "2026-10-25T00:30:00Z", 60, "2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00" },
        { "Europe/Berlin", "2026-10-25T01:30:00Z", 60, "2026-10-25T02:00:00+01:00", "2026-10-25T03:00:00+01:00" },
        // Lord Howe shifts by half an hour (at 15:00 UTC from +11 to +10:30): the bin is cut there.
        { "Australia/Lord_Howe", "2026-04-04T14:59:00Z", 60, "2026-04-05T01:00:00+11:00", "2026-04-05T01:30:00+10:30" },
        { "Australia/Lord_Howe", "2026-04-04T15:10:00Z", 60, "2026-04-05T01:30:00+10:30", "2026-04-05T02:00:00+10:30" },
    };

    [Theory]
    [MemberData(nameof(Bins))]
    public void A_bin_follows_the_wall_clock_of_its_site(string zone, string time, int minutes, string from, string to)
    {
        var bin = new BinAlignment(TimeZoneInfo.FindSystemTimeZoneById(zone)).Containing(DateTimeOffset.Parse(time), new BinDuration(minutes));

        Assert.Equal(from, Text(bin.From));
        Assert.Equal(to, Text(bin.To));
        static string Text(DateTimeOffset t) => t.ToString("yyyy-MM-ddTHH:mm:sszzz");
    }

    [Theory]
    [InlineData("Asia/Tokyo")]
    [InlineData("Asia/Kolkata")]
    [InlineData("Europe/Berlin")]
    [InlineData("America/St_Johns")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("Pacific/Chatham")]
    public void Bins_of_every_duration_cover_time_without_gap_or_overlap(string zone)
    {
        var alignment = new BinAlignment(TimeZoneInfo.FindSystemTimeZoneById(zone));
        var year = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Gen.Select(Gen.Long[0, 365 * TimeSpan.TicksPerDay], Gen.Int[0, 3]).Sample((ticks, which) =>
        {
            var duration = BinDuration.All[which];
            var time = year.AddTicks(ticks);
            var bin = alignment.Containing(time, duration);
            Assert.True(bin.From <= time && time < bin.To && bin.Length <= duration.Length);
            Assert.Equal(bin, alignment.Containing(bin.From, duration));
            Assert.Equal(bin, alignment.Containing(bin.To.AddTicks(-1), duration));
            Assert.Equal(bin.To, alignment.Containing(bin.To, duration).From);
            Assert.Equal(bin.From, alignment.Containing(bin.From.AddTicks(-1), duration).To);
        });
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29T01:00:00Z")]
    [InlineData("Europe/Berlin", "2026-10-25T01:00:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-04-04T15:00:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-10-03T15:30:00Z")]
    public void Around_a_clock_change_every_minute_lies_in_one_bin_of_each_duration(string zone, string change)
    {
        var alignment = new BinAlignment(TimeZoneInfo.FindSystemTimeZoneById(zone));
        var around = new Interval(DateTimeOffset.Parse(change).AddHours(-3), DateTimeOffset.Parse(change).AddHours(3));
        foreach (var duration in BinDuration.All)
        {
            var bins = alignment.Touching(around, duration).ToList();
            Assert.All(bins.Zip(bins.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
            Assert.All(bins, bin => Assert.Equal(0, bin.Length.Ticks % TimeSpan.TicksPerMinute));
        }
    }
}
