using CsCheck;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Tests.Support;
using TrafficFlow.Core.Tracking;
using Xunit;
using Found = TrafficFlow.Core.Detection.Detection;

namespace TrafficFlow.Core.Tests.Tracking;

public sealed class VehicleTrackerTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(30)]
    public void Parallel_vehicles_keep_their_identities(int framesPerSecond)
    {
        var film = Film.Run(
            4, framesPerSecond, [], t => Film.Car(200, 60 + (60 * t)), t => Film.Car(255, 70 + (60 * t)), t => Film.Car(310, 60 + (70 * t)));

        Assert.Equal(3, film.Tracks.Count());
        Assert.Equal(film.TrackAt(framesPerSecond, 200, 120), film.TrackAt(4 * framesPerSecond, 200, 300));
        Assert.Equal(film.TrackAt(framesPerSecond, 255, 130), film.TrackAt(4 * framesPerSecond, 255, 310));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(30)]
    public void Vehicles_whose_paths_cross_keep_their_identities(int framesPerSecond)
    {
        var film = Film.Run(4, framesPerSecond, [], t => Film.Car(60 + (120 * t), 200), t => Film.Car(290, 60 + (70 * t)));

        Assert.Equal(2, film.Tracks.Count());
        Assert.Equal(film.TrackAt(framesPerSecond, 180, 200), film.TrackAt(4 * framesPerSecond, 540, 200));
        Assert.Equal(film.TrackAt(framesPerSecond, 290, 130), film.TrackAt(4 * framesPerSecond, 290, 340));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(30)]
    public void A_moving_vehicle_that_is_hidden_for_a_second_stays_one_track(int framesPerSecond)
    {
        var film = Film.Run(5, framesPerSecond, [], t => t is > 2 and < 3 ? null : Film.Car(60 + (100 * t), 200));

        Assert.Single(film.Tracks);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(30)]
    public void A_standing_vehicle_that_is_hidden_for_ten_seconds_stays_one_track(int framesPerSecond)
    {
        // The wait of a track is never longer than it was watched.
        var film = Film.Run(30, framesPerSecond, [], t => t is > 12 and < 22 ? null : Film.Car(300, 200));

        Assert.Single(film.Tracks);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(30)]
    public void A_vehicle_that_is_missed_in_every_second_frame_is_one_track(int framesPerSecond)
    {
        var film = Film.Run(
            5, framesPerSecond, Film.Across(200), t => (int)Math.Round(t * framesPerSecond) % 2 == 1 ? null : Film.Car(300, 60 + (50 * t)));

        Assert.Single(film.Tracks);
        Assert.Equal("g Forward 3", film.Summary());
    }

    [Fact]
    public void A_fast_car_at_five_frames_a_second_is_one_track()
    {
        // 75 px a frame with a car 50 px long.
        var film = Film.Run(1.6, 5, [], t => Film.Car(20 + (375 * t), 200));

        Assert.Single(film.Tracks);
    }

    [Fact]
    public void Crossings_fall_on_the_same_seconds_at_any_frame_rate()
    {
        var times = new[] { 5, 10, 30 }.Select(fps =>
        {
            var film = Film.Run(
                20, fps, Film.Across(203), t => Film.Car(150, Accelerating(t)), t => Film.Car(400, Accelerating(t - 4.3)));
            Assert.Equal(2, film.Tracks.Count());
            return film.Crossings.Select(Film.Seconds).ToArray();
        }).ToArray();

        Assert.All(times, t => Assert.Equal(2, t.Length));
        Assert.All(times, t => Assert.Equal(times[0][0], t[0], 0.1));
        Assert.All(times, t => Assert.Equal(times[0][1], t[1], 0.1));

        static double Accelerating(double t) => 80 + (t > 0 ? Math.Min(3 * t * t, 240) : 0);
    }

    [Fact]
    public void Low_scores_continue_a_track_but_never_begin_one()
    {
        var continued = Film.Run(6, 10, [], t => Film.Car(60 + (60 * t), 200, t < 1 ? 0.9f : 0.2f));
        var never = Film.Run(6, 10, Film.Across(200), t => Film.Car(300, 100 + (40 * t), 0.49f));

        Assert.Single(continued.Tracks);
        Assert.Contains(continued.Frames[^2], t => t.IsSeen);
        Assert.Empty(never.Tracks);
        Assert.Empty(never.Crossings);
    }

    [Theory]
    [InlineData(DetectedKind.Person)]
    [InlineData(DetectedKind.Other)]
    public void Persons_and_bicycles_are_never_tracked(DetectedKind kind)
    {
        var film = Film.Run(6, 10, Film.Across(200), t => Film.Car(300, 100 + (40 * t)) with { Kind = kind });

        Assert.Empty(film.Tracks);
        Assert.Empty(film.Crossings);
    }

    /// <summary>The second box: share of the width and height, shift, and when it is seen.</summary>
    public static TheoryData<string, double, double, double, int> SecondBoxes => new()
    {
        { "a cabin from the first frame", 0.5, 0.6, 0, 1 },
        { "a cabin now and then", 0.5, 0.6, 0, 3 },
        { "nearly the same box", 0.9, 0.95, 1, 1 },
        { "a cabin at the edge", 0.45, 0.5, 20, 1 },
    };

    [Theory]
    [MemberData(nameof(SecondBoxes))]
    public void Two_boxes_on_one_vehicle_make_one_track(string what, double wide, double high, double shift, int every)
    {
        foreach (var score in new[] { 0.8f, 0.95f })
        {
            var film = Film.Run(
                5,
                10,
                Film.Across(200),
                t => Film.Car(300, 60 + (50 * t), width: 80, height: 60),
                t => (int)Math.Round(t * 10) % every == 0
                    ? Film.Car(300 + shift, 58 + (50 * t), score, width: 80 * wide, height: 60 * high)
                    : null);

            Assert.Single(film.Tracks);
            Assert.Equal("g Forward 3", film.Summary());
        }

        Assert.NotEmpty(what);
    }

    [Fact]
    public void A_flicker_is_no_vehicle()
    {
        var film = Film.Run(3, 10, Film.Across(200), t => t is > 1 and < 1.25 ? Film.Car(300, 180 + (160 * (t - 1))) : null);

        Assert.Empty(film.Tracks);
        Assert.Empty(film.Crossings);
    }

    [Fact]
    public void Nobody_is_the_same_after_a_gap_in_the_pictures()
    {
        var tracker = new VehicleTracker(TrackerSettings.Default, Film.Scores, Film.Camera(10).Frame);
        for (var frame = 0; frame < 20; frame++) tracker.Update(frame / 10.0, [Film.Car(300, 60 + (5 * frame))]);
        Assert.Equal(1, tracker.Tracks[0].Number);

        tracker.Update(60, [Film.Car(300, 165)]);

        Assert.NotEqual(1, tracker.Tracks[0].Number);
    }

    [Fact]
    public void A_tracker_forgets_vehicles_that_are_gone()
    {
        var tracker = new VehicleTracker(TrackerSettings.Default, Film.Scores, Film.Camera(10).Frame);
        var most = 0;
        var found = new List<Found>();
        for (var frame = 0; frame < 10_000; frame++)
        {
            found.Clear();
            // One new vehicle in each frame, four frames long, at a place of its own.
            for (var k = 0; k < 4; k++) found.Add(Film.Car(40 + (((frame - k + 100) * 97) % 560), 200, width: 20, height: 15));
            tracker.Update(frame / 10.0, found);
            most = Math.Max(most, tracker.Tracks.Length);
        }

        Assert.InRange(most, 4, 60);
        for (var frame = 10_000; frame < 10_300; frame++) tracker.Update(frame / 10.0, []);
        Assert.Equal(0, tracker.Tracks.Length);
    }

    [Fact]
    public void A_lone_vehicle_is_one_track_whatever_its_course() =>
        Gen.Select(Gen.Int[5, 30], Gen.Double[60, 580], Gen.Double[60, 300], Gen.Double[-80, 80], Gen.Double[-60, 60], Gen.Int).Sample(
            (fps, x, y, vx, vy, seed) =>
            {
                var noise = new Random(seed);
                var seenAt = 0.0;
                var film = Film.Run(3, fps, [], t =>
                {
                    var (cx, cy) = (x + (vx * t), y + (vy * t));
                    // Three misses in a row come too, one time in a thousand: longer than a new track is waited for, and rightly so.
                    var seen = cx is > 30 and < 610 && cy is > 45 and < 355 && (noise.Next(10) > 0 || t - seenAt > 0.25);
                    if (seen) seenAt = t;
                    return seen ? Film.Car(cx + noise.Next(-1, 2), cy + noise.Next(-1, 2)) : null;
                });
                Assert.True(film.Tracks.Count() <= 1);
            },
            iter: 300);

    [Theory]
    [InlineData(240, 200, 2)]
    [InlineData(310, 150, 2)]
    [InlineData(310, 205, 1)]
    public void A_vehicle_that_was_hidden_comes_out_on_its_course_and_not_behind_it_or_beside_it(double x, double ground, int tracks)
    {
        // It drove from x = 60 at 100 pixels a second until a lorry hid it at x = 260.
        var film = Film.Run(5, 10, [], t => t switch { <= 2 => Film.Car(60 + (100 * t), 200), < 2.6 => null, _ => Film.Car(x, ground) });

        Assert.Equal(tracks, film.Tracks.Count());
    }

    [Fact]
    public void A_standing_vehicle_that_a_passing_bus_leads_along_before_it_hides_it_stays_where_it_stood()
    {
        // For four pictures its box is partly the bus's, then it is hidden until the bus has passed.
        var film = Film.Run(
            10,
            10,
            [],
            t => Film.Car(40 + (75 * (t - 2)), 210, width: 200, height: 110),
            t => t switch { <= 5 => Film.Car(300, 200), <= 5.4 => Film.Car(300 + (75 * (t - 5)), 200), < 7 => null, _ => Film.Car(300, 200) });

        Assert.Equal(2, film.Tracks.Count());
    }

    [Fact]
    public void What_stops_before_a_hidden_standing_vehicle_is_another_one()
    {
        // A lorry drives by and hides the first car from 5 s; behind the lorry another car has stopped two thirds of a length from it.
        var film = Film.Run(
            10,
            10,
            [],
            t => t < 6 ? Film.Car(40 + (75 * (t - 2)), 210, width: 200, height: 110) : null,
            t => t switch { <= 5 => Film.Car(300, 200), <= 5.3 => null, _ => Film.Car(330, 225) });

        Assert.Equal(3, film.Tracks.Count());
    }

    [Fact]
    public void A_box_that_is_no_number_harms_nobody()
    {
        var film = Film.Run(
            5, 10, Film.Across(200), t => Film.Car(300, 60 + (50 * t)), t => Film.Car(double.NaN, 100 + t), t => Film.Car(100, 0, width: 0, height: 0));

        Assert.Equal("g Forward 3", film.Summary());
    }
}
