using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Scene;
using TrafficFlow.Roadside.Cameras;

namespace TrafficFlow.Actors.Tests.Cameras;

public sealed class CameraCounterTests : ICountSink
{
    private readonly List<CountedVehicle> _vehicles = [];
    private readonly List<Coverage> _coverage = [];
    private readonly CameraCounter _counter;

    public CameraCounterTests() =>
        _counter = new CameraCounter(TestSites.Site(TestSites.Camera("cam1")), TestSites.Camera("cam1"), CarEachThreeSeconds.Identity.Scores, new CameraPolicy(), this);

    [Fact]
    public void Coverage_comes_every_five_seconds_of_event_time_without_a_gap()
    {
        Watch(0, 170);
        _counter.Interrupt();

        var covered = Covered();
        Assert.Equal((0, 17), (covered[0].From, Math.Round(covered[^1].To, 3)));
        Assert.All(covered.SkipLast(1), c => Assert.InRange(c.To - c.From, 5, 7));
        Assert.Equal(covered.SkipLast(1).Select(c => c.To), covered.Skip(1).Select(c => c.From));
        Assert.Equal(170, _coverage.Sum(c => c.FramesProcessed));
        Assert.All(_coverage, c => Assert.Equal(WatchState.Watching, c.State));
    }

    [Fact]
    public void A_gap_is_never_covered_and_tracks_do_not_span_it()
    {
        Watch(0, 30);
        Watch(8, 30);
        _counter.Interrupt();

        Assert.Equal([(0, 3), (8, 11)], Covered());
    }

    [Fact]
    public void A_short_hiccup_is_covered()
    {
        Watch(0, 30);
        Watch(3.5, 15);
        _counter.Interrupt();

        Assert.Equal((0, 5), (Covered()[0].From, Covered()[^1].To));
    }

    [Theory]
    [InlineData(10, WatchState.Watching)]
    [InlineData(12, WatchState.Watching)]
    [InlineData(14, WatchState.Degraded)]
    public void More_than_a_fifth_of_frames_dropped_degrades_coverage(int dropped, WatchState expected)
    {
        for (var i = 0; i < 50; i++) _counter.Process(At(i / 10.0), [], i * dropped / 49);
        _counter.Interrupt();

        Assert.Equal(expected, _coverage[0].State);
        Assert.Equal(dropped, _coverage.Sum(c => c.FramesDropped));
    }

    [Fact]
    public void Frames_that_are_missing_degrade_coverage_though_nobody_counted_them()
    {
        for (var i = 0; i < 30; i += 2) _counter.Process(At(i / 10.0), [], 0);
        _counter.Interrupt();

        Assert.Equal(WatchState.Degraded, Assert.Single(_coverage).State);
    }

    [Fact]
    public void Frames_that_nobody_looked_at_count_as_watched_and_lose_no_vehicle()
    {
        var detector = new CarEachThreeSeconds().Create(TestSites.Camera("cam1"));
        var pool = new FramePool(64 * 48 * 3, 1);
        var detections = new List<Detection>();
        for (var i = 0; i < 90; i++)
        {
            using var frame = new AnonymizedFrame(pool, pool.Rent(), 64, 48, i, At(i / 10.0));
            detector.Detect(frame, detections);
            _counter.Process(frame.EventTime, i % 2 == 0 ? detections : null, 0);
        }

        _counter.Interrupt();

        Assert.Equal(3, _vehicles.Count);
        Assert.Equal(90, _coverage.Sum(c => c.FramesProcessed));
        Assert.All(_coverage, c => Assert.Equal(WatchState.Watching, c.State));
    }

    [Fact]
    public void Pictures_that_the_decoder_complained_of_degrade_the_coverage_of_their_time()
    {
        for (var i = 0; i < 150; i++) _counter.Process(At(i / 10.0), [], 0, isDamaged: i == 70);
        _counter.Interrupt();

        Assert.Equal([WatchState.Watching, WatchState.Degraded], _coverage.Take(2).Select(c => c.State));
        Assert.Equal(WatchState.Watching, _coverage[^1].State);
    }

    [Theory]
    [InlineData(SceneState.InPlace, WatchState.Watching)]
    [InlineData(SceneState.Swaying, WatchState.Watching)]
    [InlineData(SceneState.Moved, WatchState.Degraded)]
    [InlineData(SceneState.Covered, WatchState.Degraded)]
    [InlineData(SceneState.Frozen, WatchState.Degraded)]
    public void A_scene_that_is_not_as_calibrated_degrades_the_coverage_of_its_time(SceneState scene, WatchState expected)
    {
        for (var i = 0; i < 150; i++) _counter.Process(At(i / 10.0), [], 0, i is >= 60 and < 80 ? new SceneVerdict(scene) : default);
        _counter.Interrupt();

        Assert.Equal(WatchState.Watching, _coverage[0].State);
        Assert.Equal(expected, _coverage[1].State);
        Assert.Equal(WatchState.Watching, _coverage[^1].State);
    }

    [Fact]
    public void A_frame_out_of_order_is_left_out_and_a_clock_set_back_begins_anew()
    {
        Watch(100, 20);
        Assert.False(_counter.Process(At(101), [], 0));

        Assert.True(_counter.Process(At(50), [], 0));
        _counter.Interrupt();

        Assert.Equal([(100, 102), (50, 50.1)], Covered());
    }

    [Fact]
    public void Each_car_is_counted_once_and_no_count_comes_behind_its_coverage()
    {
        Watch(0, 300);
        _counter.Interrupt();

        Assert.Equal(10, _vehicles.Count);
        Assert.All(_vehicles, v => Assert.Equal(Movement.Entering, v.Movement));
    }

    void ICountSink.Add(CountedVehicle vehicle)
    {
        Assert.True(_coverage.Count == 0 || vehicle.Time >= _coverage[^1].To, "the coverage was given out before its count");
        _vehicles.Add(vehicle);
    }

    void ICountSink.Add(Coverage coverage) => _coverage.Add(coverage);

    private void Watch(double from, int frames)
    {
        for (var i = 0; i < frames; i++)
        {
            var step = i % CarEachThreeSeconds.FramesPerCar;
            _counter.Process(At(from + (i / 10.0)), step < 20 ? [new Detection(new Box(26, (step * 2) - 2, 10, 8), 0.9f, VehicleClass.PassengerCar)] : [], 0);
        }
    }

    private List<(double From, double To)> Covered() =>
        [.. _coverage.Select(c => ((c.From - TestSites.Morning).TotalSeconds, (c.To - TestSites.Morning).TotalSeconds))];

    private static DateTimeOffset At(double seconds) => Counts.At(seconds);
}
