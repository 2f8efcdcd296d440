using TrafficFlow.Analysis.Congestion;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Congestion;

public sealed class CongestionTimelineTests
{
    private static readonly ApproachId s_north = new("north");
    private static readonly DateTimeOffset s_seven = new(2026, 6, 1, 7, 0, 0, TimeSpan.FromHours(9));
    private static readonly CongestionSettings s_settings = new(CongestionProfile.JarticOrdinary);

    [Theory]
    [InlineData("jartic-ordinary", 10, CongestionLevel.Congested)]
    [InlineData("jartic-ordinary", 10.1, CongestionLevel.Slow)]
    [InlineData("jartic-ordinary", 20.1, CongestionLevel.Free)]
    [InlineData("jartic-urban-expressway", 20, CongestionLevel.Congested)]
    [InlineData("jartic-urban-expressway", 40, CongestionLevel.Slow)]
    [InlineData("police-ordinary", 20, CongestionLevel.Congested)]
    [InlineData("police-ordinary", 20.1, CongestionLevel.Free)]
    public void The_limits_are_those_that_the_bodies_publish(string profile, double kmh, CongestionLevel level)
    {
        Assert.Equal(level, CongestionProfile.Named(profile).LevelOf(kmh));
        Assert.Equal(CongestionLevel.Unknown, CongestionProfile.Named(profile).LevelOf(null));
        Assert.Contains("police-ordinary", Assert.Throws<ArgumentException>(() => CongestionProfile.Named("mine")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_waits_once_at_red_before_the_cameras_is_not_in_congestion_and_who_waits_for_minutes_is()
    {
        // 100 m seen, 30 s at red: 9 km/h there, and over the section of 500 m 24 km/h.
        var red = Interval(0, vehicles: 40, secondsEach: (100 / (40 / 3.6)) + 30);
        Assert.InRange(red.SeenSpeedKmh!.Value, 9, 10);
        Assert.Equal(500 / ((500 / (40 / 3.6)) + 30) * 3.6, SectionSpeed.Of(red, 500, 40).HighKmh!.Value, 9);
        Assert.Equal(CongestionLevel.Free, Judged(red));

        Assert.Equal(CongestionLevel.Slow, Judged(Interval(0, 40, 9 + 60)));
        Assert.Equal(CongestionLevel.Congested, Judged(Interval(0, 40, 9 + 150)));
    }

    [Fact]
    public void An_event_has_its_begin_growth_longest_queue_end_and_what_it_cost()
    {
        var day = new[] { Free(0), Jam(5, 40), Jam(10, 60), Jam(15, 90), Jam(20, 50), Free(25), Free(30), Free(35) };

        var found = Assert.Single(CongestionTimeline.Of(s_north, day, s_settings).Events);

        Assert.Equal(new Interval(s_seven.AddMinutes(5), s_seven.AddMinutes(25)), found.Span);
        Assert.True(found.IsBeginSeen && found.IsEndSeen);
        Assert.Equal((s_seven.AddMinutes(15), 90.0), (found.LongestAt, found.LongestMetres));
        Assert.Equal(5, found.GrowthMetresPerMinute!.Value, 9);
        Assert.Equal((40 + 60 + 90 + 50) / 7.0 * 150 / 3600, found.VehicleHoursLost, 9);
        Assert.Equal("jartic-ordinary", found.Profile);
    }

    [Fact]
    public void One_bad_cycle_is_no_event_and_one_good_one_ends_none()
    {
        Assert.Empty(CongestionTimeline.Of(s_north, [Free(0), Jam(5), Free(10), Free(15), Jam(20), Free(25)], s_settings).Events);
        var found = Assert.Single(CongestionTimeline.Of(s_north, [Free(0), Jam(5), Jam(10), Free(15), Jam(20), Free(25), Free(30)], s_settings).Events);
        Assert.Equal(s_seven.AddMinutes(25), found.Span.To);
    }

    [Fact]
    public void What_nobody_watched_is_neither_free_nor_congested()
    {
        var blind = Free(10) with { Observed = TimeSpan.FromMinutes(1) };
        var timeline = CongestionTimeline.Of(s_north, [Free(0), Jam(5), blind, Jam(15), Free(20), Free(25)], s_settings);
        Assert.Equal(CongestionLevel.Unknown, timeline.Intervals[2].Level);
        var found = Assert.Single(timeline.Events);
        Assert.Equal(TimeSpan.FromMinutes(15), found.Span.Length);
        Assert.Equal(TimeSpan.FromMinutes(11), found.Observed);

        // An hour without a picture: two events, of which nobody saw how they ended and began.
        var apart = CongestionTimeline.Of(s_north, [Free(0), Jam(5), Jam(10), Jam(70), Jam(75), Free(80)], s_settings).Events;
        Assert.Equal([(true, false), (false, true)], apart.Select(e => (e.IsBeginSeen, e.IsEndSeen)));
    }

    [Fact]
    public void A_queue_beyond_sight_that_clears_hides_the_level_and_one_that_never_does_is_congestion()
    {
        // 49 s for 100 m: 7 km/h seen, and over the section between that and 21 km/h.
        var beyond = Interval(0, 40, 9 + 40) with { Queue = Queue(96), SeenMetres = 100 };
        var speed = SectionSpeed.Of(beyond, 500, 40);
        Assert.False(speed.IsKnown);
        Assert.InRange(speed.LowKmh!.Value, 7, 8);
        Assert.Equal(CongestionLevel.Unknown, Judged(beyond));
        Assert.Equal(CongestionLevel.Free, Judged(beyond with { Queue = Queue(60) }));
        Assert.Equal(CongestionLevel.Congested, Judged(beyond with { Queue = Standing(96) }));
        // Everybody crawls at 5 km/h as far as one sees.
        Assert.Equal(CongestionLevel.Congested, Judged(Interval(0, 40, 72) with { Queue = Standing(97), SeenMetres = 100 }));
        Assert.True(CongestionTimeline.Of(s_north, [Jam(0, 98) with { SeenMetres = 100 }, Jam(5, 80)], s_settings).Events.Single().IsBeyondSight);
    }

    [Fact]
    public void What_is_hidden_ends_no_congestion_and_is_none_by_itself()
    {
        ApproachInterval Hidden(int minute) => Interval(minute, 40, 9 + 40) with { Queue = Queue(96), SeenMetres = 100 };

        var found = Assert.Single(CongestionTimeline.Of(s_north, [Free(0), Jam(5), Hidden(10), Hidden(15), Hidden(20), Jam(25), Free(30), Free(35)], s_settings).Events);
        Assert.Equal(new Interval(s_seven.AddMinutes(5), s_seven.AddMinutes(30)), found.Span);
        Assert.Empty(CongestionTimeline.Of(s_north, [Hidden(0), Hidden(5), Hidden(10)], s_settings).Events);
    }

    [Fact]
    public void Nobody_passing_is_free_without_a_queue_a_standstill_behind_one_that_stands_and_else_unknown()
    {
        var nobody = Interval(0, 0, 0);
        Assert.Equal(CongestionLevel.Free, Judged(nobody with { Queue = new QueueSums(300, 0, 0, 0, 0) }));
        Assert.Equal(CongestionLevel.Unknown, Judged(nobody with { Queue = Queue(30) }));
        Assert.Equal(CongestionLevel.Unknown, Judged(nobody));
        var stand = CongestionTimeline.Of(s_north, [Free(0), Interval(5, 0, 0) with { Queue = Standing(60) }, Interval(10, 0, 0) with { Queue = Standing(60) }, Free(15), Free(20)], s_settings).Events;
        Assert.Equal((0.0, 2 * 300 * 60 / 7.0 / 3600), (Assert.Single(stand).LowestKmh, stand[0].VehicleHoursLost));
        Assert.Throws<ArgumentException>(() => CongestionTimeline.Of(s_north, [Free(5), Free(0)], s_settings));
    }

    [Fact]
    public void An_expressway_is_judged_by_its_own_free_flow()
    {
        // 18 km/h seen with a queue that never clears.
        var slow = Interval(0, 40, 20) with { Queue = Standing(97), SeenMetres = 100 };
        Assert.Equal(CongestionLevel.Congested, CongestionTimeline.Of(s_north, [slow], new CongestionSettings(CongestionProfile.JarticUrbanExpressway)).Intervals[0].Level);
        Assert.Equal(60, new CongestionSettings(CongestionProfile.JarticUrbanExpressway).FreeFlowKmh);
    }

    [Fact]
    public void A_day_congested_from_morning_to_evening_swallows_no_peaks()
    {
        var timelines = Enumerable.Range(0, 10).Select(day => CongestionTimeline.Of(
            s_north, [.. Enumerable.Range(0, 150).Select(i => Day(day, i * 5, i is >= 6 and < 12 or >= 126 and < 138 || (day == 9 && i < 144)))], s_settings)).ToList();

        var recurrent = Recurrence.Of(timelines, TimeZoneInfo.CreateCustomTimeZone("+9", TimeSpan.FromHours(9), null, null));

        Assert.Equal([(new TimeOnly(17, 30), 9), (new TimeOnly(7, 0), 1), (new TimeOnly(7, 30), 9)], recurrent.Select(r => (r.Begins, r.Days.Length)).OrderBy(r => r.Begins.Hour == 7 ? r.Begins.Minute == 0 ? 1 : 2 : 0));
    }

    [Fact]
    public void Journeys_add_up_by_when_they_ended_and_a_part_ahead_waits_for_the_rest()
    {
        var span = new Interval(s_seven, s_seven.AddMinutes(5));

        var sums = ApproachInterval.Of(span, [Journey(0, 60), Journey(290, 40), Journey(300, 40), Journey(-1, 30), Journey(100, 50) with { Part = JourneyPart.EntryAhead }], span.Length);

        Assert.Equal((2, 200.0, 100.0, 2), (sums.Vehicles, sums.Metres, sums.Seconds, sums.Stops));

        static Journey Journey(double endsAt, double seconds) =>
            new(1, s_north, new ApproachId("south"), s_seven.AddSeconds(endsAt - 5), s_seven.AddSeconds(endsAt), VehicleClass.PassengerCar, 1)
            {
                FirstSeenAt = s_seven.AddSeconds(endsAt - seconds),
                LastSeenAt = s_seven.AddSeconds(endsAt),
                DistanceMetres = 100,
                Stops = 1,
                DelaySeconds = seconds - 9,
            };
    }

    [Fact]
    public void What_comes_each_morning_is_one_and_says_on_how_many_of_the_watched_days()
    {
        // Five days; congested from about 7:10 to 7:30 on three of them, unwatched on one; on one also at noon.
        var timelines = Enumerable.Range(0, 5).Select(day => CongestionTimeline.Of(
            s_north,
            [.. Enumerable.Range(0, 72).Where(_ => day != 3).Select(i => Day(day, i * 5, (day is 0 or 2 or 4 && i is >= 2 and < 6) || (day == 2 && i is >= 60 and < 64)))],
            s_settings)).ToList();

        var recurrent = Recurrence.Of(timelines, TimeZoneInfo.CreateCustomTimeZone("+9", TimeSpan.FromHours(9), null, null));

        Assert.Equal([(3, 4, 0.75), (1, 4, 0.25)], recurrent.Select(r => (r.Days.Length, r.WatchedDays, r.Share)));
        Assert.Equal((new TimeOnly(7, 10), new TimeOnly(7, 30)), (recurrent[0].Begins, recurrent[0].Ends));

    }

    private static ApproachInterval Day(int day, int minute, bool isJammed)
    {
        var interval = isJammed ? Jam(minute) : Free(minute);
        return interval with { Span = new Interval(interval.Span.From.AddDays(day), interval.Span.To.AddDays(day)) };
    }

    private static CongestionLevel Judged(ApproachInterval interval) => CongestionTimeline.Of(s_north, [interval], s_settings).Intervals[0].Level;

    private static ApproachInterval Free(int minute) => Interval(minute, 40, 30) with { Queue = Queue(20) };

    private static ApproachInterval Jam(int minute, double queue = 60) => Interval(minute, 40, 159) with { Queue = Queue(queue) };

    private static ApproachInterval Interval(int minute, int vehicles, double secondsEach) => new(
        new Interval(s_seven.AddMinutes(minute), s_seven.AddMinutes(minute + 5)), vehicles, vehicles * 100, vehicles * secondsEach, vehicles * Math.Max(0, secondsEach - 9), vehicles, TimeSpan.FromMinutes(5));

    private static QueueSums Standing(double metres) => new(300, metres * 300, metres, metres / 7 * 300, (int)(metres / 7));

    private static QueueSums Queue(double metres) => new(300, metres * 150, metres, metres / 7 * 150, (int)(metres / 7));
}
