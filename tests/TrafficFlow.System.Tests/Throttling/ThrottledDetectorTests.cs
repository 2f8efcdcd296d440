using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Vision.Throttling;
using Xunit;

namespace TrafficFlow.SystemTests.Throttling;

public sealed class ThrottledDetectorTests
{
    private readonly FramePool _pool = new(64 * 48 * 3, 2);
    private readonly CountingDetector _inner = new();

    [Theory]
    [InlineData(10, 5, 50)]
    [InlineData(10, 3.3333, 33)]
    [InlineData(10, 20, 100)]
    [InlineData(12.5, 5, 40)]
    [InlineData(30, 5, 17)]
    [InlineData(30, 10, 33)]
    public void So_many_frames_a_second_are_looked_at_at_any_rate(double fps, double looks, int expected)
    {
        using var detector = new ThrottledDetector(_inner, new ThrottleSettings(looks));

        var due = Enumerable.Range(0, 100).Count(i => detector.IsDue(At(i / fps)));

        Assert.InRange(due, expected - 1, expected + 1);
    }

    [Fact]
    public void A_clock_that_is_set_and_a_gap_are_looked_at_again()
    {
        using var detector = new ThrottledDetector(_inner, new ThrottleSettings(5));
        Assert.True(detector.IsDue(At(100)));
        Assert.False(detector.IsDue(At(100.1)));
        Assert.True(detector.IsDue(At(50)));
        Assert.False(detector.IsDue(At(50.1)));
        Assert.True(detector.IsDue(At(90)));
        Assert.False(detector.IsDue(At(90.1)));
    }

    [Fact]
    public void Where_nothing_moves_what_was_found_is_told_again_and_looked_for_once_a_second()
    {
        using var detector = new ThrottledDetector(_inner, new ThrottleSettings(GateByMotion: true));
        for (var i = 0; i < 30; i++)
        {
            var found = Detect(detector, i / 10.0, vehicleAt: 20);
            Assert.Equal(20, Assert.Single(found).Box.X);
        }

        Assert.InRange(_inner.Calls, 3, 4);
    }

    [Fact]
    public void What_moves_is_looked_at_in_each_frame()
    {
        using var detector = new ThrottledDetector(_inner, new ThrottleSettings(GateByMotion: true));
        for (var i = 0; i < 20; i++) Assert.Equal(i * 2, Assert.Single(Detect(detector, i / 10.0, vehicleAt: i * 2)).Box.X);

        Assert.Equal(20, _inner.Calls);
    }

    [Fact]
    public void What_creeps_is_noticed_when_it_has_moved_far_enough()
    {
        using var detector = new ThrottledDetector(_inner, new ThrottleSettings(GateByMotion: true) { RefreshSeconds = 1000 });
        var last = 0f;
        for (var i = 0; i < 100; i++) last = Assert.Single(Detect(detector, i / 10.0, vehicleAt: i / 10)).Box.X;

        Assert.Equal(9, last);
        Assert.Equal(10, _inner.Calls);
    }

    [Fact]
    public void The_setting_is_a_part_of_what_made_a_number()
    {
        using var detector = new ThrottledDetector(_inner, new ThrottleSettings(5, GateByMotion: true));

        Assert.Equal("1/5ps/gated", detector.Identity.Version);
    }

    private List<Detection> Detect(ThrottledDetector detector, double seconds, int vehicleAt)
    {
        var buffer = _pool.Rent();
        Array.Fill(buffer, (byte)90);
        for (var y = 20; y < 30; y++) buffer.AsSpan(((y * 64) + vehicleAt) * 3, 12 * 3).Fill(220);
        using var frame = new AnonymizedFrame(_pool, buffer, 64, 48, 0, At(seconds));
        var detections = new List<Detection>();
        _inner.VehicleAt = vehicleAt;
        Assert.True(detector.IsDue(frame.EventTime));
        detector.Detect(frame, detections);
        return detections;
    }

    private static DateTimeOffset At(double seconds) => DateTimeOffset.UnixEpoch.AddSeconds(seconds);

    private sealed class CountingDetector : IVehicleDetector
    {
        public DetectorIdentity Identity { get; } = new("test", "1", new ScoreBands(0.1f, 0.3f, 0.3f), false);

        public int Calls { get; private set; }

        public int VehicleAt { get; set; }

        public void Detect(AnonymizedFrame frame, List<Detection> detections)
        {
            Calls++;
            detections.Clear();
            detections.Add(new Detection(new Box(VehicleAt, 20, 12, 10), 0.9f, VehicleClass.Unclassified));
        }

        public void Dispose()
        {
        }
    }
}
