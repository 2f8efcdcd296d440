using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Tests.Support;
using TrafficFlow.Core.Tracking;
using Xunit;
using Found = TrafficFlow.Core.Detection.Detection;

namespace TrafficFlow.Core.Tests.Counting;

public sealed class GateCounterTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(30)]
    public void A_vehicle_that_jitters_on_the_line_for_ten_minutes_counts_once(int framesPerSecond)
    {
        var noise = new Random(2);
        var film = Film.Run(630, framesPerSecond, Film.Across(200), t =>
        {
            var y = t < 10 ? 100 + (10 * t) : t < 610 ? 200 : 200 + (10 * (t - 610));
            return y > 350 ? null : Film.Car(300 + noise.Next(-3, 4), y + noise.Next(-3, 4));
        });

        Assert.Equal(["g Forward"], film.Crossings.Select(c => $"{c.Gate} {c.Direction}"));
        Assert.Single(film.Tracks);
    }

    [Fact]
    public void Stop_and_go_over_the_line_counts_once()
    {
        var noise = new Random(3);
        // Three seconds of creeping, seven of standing, for five minutes: 0.9 px a second on average.
        var film = Film.Run(300, 10, Film.Across(200), t =>
        {
            var cycles = Math.Floor(t / 10);
            var y = 70 + (9 * cycles) + (3 * Math.Min(3, t - (10 * cycles)));
            return Film.Car(300, y + noise.Next(-2, 3));
        });

        Assert.Equal(["g Forward"], film.Crossings.Select(c => $"{c.Gate} {c.Direction}"));
    }

    [Fact]
    public void A_standing_queue_that_jitters_adds_nothing()
    {
        var noise = new Random(4);
        // Two lanes, bumper to bumper; some stand with their ground point on the line itself.
        var queue = Enumerable.Range(0, 12)
            .Select(i => (X: 260 + (70 * (i % 2)), Y: 65 + (45 * (i / 2))))
            .Select(p => (Seen)(_ => noise.Next(20) == 0 ? null : Film.Car(p.X + noise.Next(-2, 3), p.Y + noise.Next(-2, 3))))
            .ToArray();

        var film = Film.Run(180, 10, [Film.Across(200, "on"), Film.Across(180, "between"), Film.Across(203, "near")], queue);

        Assert.Empty(film.Crossings);
        Assert.Empty(film.Passages);
        Assert.Equal(12, film.Tracks.Count());
    }

    [Fact]
    public void A_vehicle_that_goes_back_counts_once_backward_and_not_again_forward()
    {
        var film = Film.Run(35, 10, Film.Across(200), t => Film.Car(300, 200 - (60 * Math.Cos(t * Math.PI / 8))));

        Assert.Equal("g Forward 4, g Backward 12", film.Summary());
        Assert.Empty(film.Passages);
    }

    [Fact]
    public void A_vehicle_that_passes_beside_the_gate_counts_nothing()
    {
        var film = Film.Run(5, 10, Film.Gate("g", 100, 200, 300, 200), t => Film.Car(330, 60 + (50 * t)), t => Film.Car(60, 60 + (50 * t)));

        Assert.Empty(film.Crossings);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(30)]
    public void A_crossing_has_the_time_at_which_the_line_was_met_between_two_frames(int framesPerSecond)
    {
        var film = Film.Run(5, framesPerSecond, Film.Across(203), t => Film.Car(300, 60 + (50 * t)));

        Assert.Equal(143 / 50.0, Film.Seconds(Assert.Single(film.Crossings)), 0.02);
    }

    [Fact]
    public void A_track_has_one_flow_even_with_three_gates()
    {
        var film = Film.Run(
            20, 10, [Film.Across(120, "a"), Film.Across(180, "b"), Film.Across(240, "c")], t => t < 6 ? Film.Car(300, 60 + (50 * t)) : null);

        Assert.Equal(3, film.Crossings.Count);
        var passage = Assert.Single(film.Passages);
        Assert.Equal(("a", "c"), (passage.FromGate.Value, passage.ToGate.Value));
        Assert.Equal(1.2, (passage.EnteredAt - Film.Origin).TotalSeconds, 0.1);
        Assert.Equal(3.6, (passage.LeftAt - Film.Origin).TotalSeconds, 0.1);
    }

    [Fact]
    public void A_flow_follows_the_order_in_which_the_lines_were_met_not_in_which_they_became_certain()
    {
        // It turns off along the first line, which it has met but not yet left behind, and meets the second at a right angle.
        var film = Film.Run(
            12,
            10,
            [Film.Gate("first", 50, 200, 600, 200), Film.Gate("second", 300, 300, 300, 100)],
            t => Film.Car(200 + (40 * Math.Max(0, t - 1)), t < 1 ? 162 + (40 * t) : 202 + (0.7 * (t - 1))));

        Assert.Equal(["first", "second"], film.Crossings.Select(c => c.Gate.Value));
        Assert.Equal("first", Assert.Single(film.Passages).FromGate.Value);
        AssertWatermarksHold(film);
    }

    [Fact]
    public void A_vehicle_that_is_hidden_while_it_crosses_is_waited_for()
    {
        var film = Film.Run(20, 10, Film.Across(200), t => t is > 2 and < 3.2 || t > 6 ? null : Film.Car(300, 70 + (50 * t)));

        Assert.Equal("g Forward 3", film.Summary());
        AssertWatermarksHold(film);
    }

    [Fact]
    public void A_vehicle_that_stands_across_the_line_longer_than_the_hold_comes_late_with_its_true_time()
    {
        var film = Film.Run(60, 10, Film.Across(200), t => t < 40 ? Film.Car(300, Math.Min(202, 100 + (10 * t))) : Film.Car(300, 202 + (10 * (t - 40))));

        Assert.Equal("g Forward 10", film.Summary());
        Assert.True(film.Watermarks[300] > film.Crossings[0].Time, "the watermark must not wait for minutes");
    }

    [Fact]
    public void The_end_gives_out_everything_that_is_pending()
    {
        var film = Film.Run(4, 10, [Film.Across(180, "a"), Film.Across(220, "b")], t => Film.Car(300, 60 + (50 * t)));

        Assert.Equal("a Forward 2, b Forward 3", film.Summary());
        Assert.Single(film.Passages);
        Assert.Equal(Film.At(4), film.Watermarks[^1]);
        AssertWatermarksHold(film);
    }

    [Fact]
    public void A_counter_forgets_tracks_that_have_ended()
    {
        var camera = Film.Camera(10, Film.Across(200));
        var tracker = new VehicleTracker(TrackerSettings.Default, Film.Scores, camera.Frame);
        var (counter, output) = (new GateCounter(camera, GateSettings.Default, Film.Scores.High), new PipelineOutput());
        var (counted, most) = (0, 0);
        var found = new List<Found>();
        for (var frame = 0; frame < 20_300; frame++)
        {
            found.Clear();
            // Half a vehicle a frame, each ten frames long and seen in the upper half first: all 10,000 cross.
            for (var k = 0; k < 10; k++)
            {
                var start = frame - k;
                if (start is >= 0 and < 20_000 && start % 2 == 0)
                    found.Add(Film.Car(40 + (start / 2 * 113 % 560), 160 + (9 * k), width: 24, height: 16));
            }

            output.Crossings.Clear();
            output.Passages.Clear();
            tracker.Update(frame / 10.0, found);
            counter.Count(frame / 10.0, tracker, Film.Origin, output);
            counted += output.Crossings.Count;
            most = Math.Max(most, counter.Held);
        }

        Assert.Equal(10_000, counted);
        Assert.InRange(most, 5, 60);
        Assert.Equal((0, 0), (tracker.Tracks.Length, counter.Held));
    }

    private static void AssertWatermarksHold(Film film)
    {
        Assert.All(film.Watermarks.Zip(film.Watermarks.Skip(1)), pair => Assert.True(pair.First <= pair.Second));
        Assert.Empty(film.Late);
    }
}
