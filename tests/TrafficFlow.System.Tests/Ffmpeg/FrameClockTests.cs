using TrafficFlow.SystemTests.Synthetic;
using TrafficFlow.Vision.Ffmpeg;
using Xunit;

namespace TrafficFlow.SystemTests.Ffmpeg;

public sealed class FrameClockTests
{
    private readonly HandClock _time = new();

    [Theory]
    [InlineData(10, 36_000, 3_600_000)]
    [InlineData(12.5, 25, 2_000)]
    [InlineData(29.97003, 107_892, 3_599_996.4)]
    public void A_file_counts_from_its_start_without_drifting(double rate, long frame, double milliseconds)
    {
        var start = _time.GetUtcNow().AddYears(-1);
        var clock = new FrameClock(rate, start, _time);
        Assert.Equal(start, clock.Stamp(0));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(milliseconds, (clock.Stamp(frame) - start).TotalMilliseconds, tolerance: 0.1);
    }

    [Fact]
    public void A_camera_begins_now_and_jitter_of_its_arrivals_does_not_show()
    {
        var clock = new FrameClock(10, null, _time);
        var first = clock.Stamp(0);
        Assert.Equal(_time.GetUtcNow(), first);
        double[] waits = [0.01, 0.35, 0.0, 0.0, 0.14, 0.1, 0.5, 0.1];
        for (var i = 1; i <= waits.Length; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(waits[i - 1]));
            Assert.Equal(TimeSpan.FromMilliseconds(100 * i), clock.Stamp(i) - first);
        }
    }

    [Fact]
    public void After_a_gap_the_stamps_are_those_of_the_arrivals_again()
    {
        var clock = new FrameClock(10, null, _time);
        clock.Stamp(0);
        _time.Advance(TimeSpan.FromSeconds(30));
        var now = _time.GetUtcNow();
        Assert.Equal(now, clock.Stamp(1));
        Assert.Equal(now.AddMilliseconds(100), clock.Stamp(2));
    }

    [Theory]
    [InlineData(1.02)]
    [InlineData(1.0003)]
    [InlineData(0.98)]
    [InlineData(1.6)]
    public void A_camera_whose_clock_is_wrong_is_followed_and_its_time_never_goes_back(double speed)
    {
        var clock = new FrameClock(10, null, _time);
        var last = clock.Stamp(0);
        for (var i = 1; i <= 20_000; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(0.1 / speed));
            var stamp = clock.Stamp(i);
            Assert.True(stamp > last, $"frame {i} goes back");
            Assert.InRange((stamp - _time.GetUtcNow()).TotalSeconds, -1.11, 1.11);
            last = stamp;
        }
    }

    [Fact]
    public void A_burst_after_a_stall_is_caught_up_with()
    {
        var clock = new FrameClock(10, null, _time);
        var last = clock.Stamp(0);
        _time.Advance(TimeSpan.FromSeconds(8));
        for (var i = 1; i <= 80; i++) AssertLater(i);
        for (var i = 81; i <= 400; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(0.1));
            AssertLater(i);
        }

        Assert.InRange((last - _time.GetUtcNow()).TotalSeconds, -1.11, 1.11);

        void AssertLater(long frame)
        {
            var stamp = clock.Stamp(frame);
            Assert.True(stamp > last, $"frame {frame} goes back");
            last = stamp;
        }
    }

    [Theory]
    [InlineData(-3)]
    [InlineData(2)]
    public void A_wall_clock_that_is_set_moves_a_running_camera_at_once(int hours)
    {
        var clock = new FrameClock(10, null, _time);
        var first = clock.Stamp(0);
        _time.StepWallClock(TimeSpan.FromHours(hours));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(TimeSpan.FromSeconds(0.1) + TimeSpan.FromHours(hours), clock.Stamp(1) - first);
        Assert.Equal(TimeSpan.FromSeconds(0.2) + TimeSpan.FromHours(hours), clock.Stamp(2) - first);
    }

    [Theory]
    [InlineData(-1.5)]
    [InlineData(1.5)]
    public void A_wall_clock_that_is_nudged_does_not(double seconds)
    {
        var clock = new FrameClock(10, null, _time);
        var first = clock.Stamp(0);
        _time.StepWallClock(TimeSpan.FromSeconds(seconds));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(TimeSpan.FromSeconds(0.1), clock.Stamp(1) - first);
    }
}
