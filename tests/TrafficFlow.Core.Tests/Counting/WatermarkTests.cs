using CsCheck;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Tests.Support;
using TrafficFlow.Core.Tracking;
using Xunit;
using Found = TrafficFlow.Core.Detection.Detection;

namespace TrafficFlow.Core.Tests.Counting;

public sealed class WatermarkTests
{
    private static readonly double Hold = GateSettings.Default.HoldSeconds;

    /// <summary>
    /// The promise: a crossing of time T comes after a watermark beyond T, given at time N, only where the vehicle was last seen before
    /// the line at L with N - L of the hold or more: it stood across the line, or was hidden, for longer than the hold.
    /// </summary>
    [Fact]
    public void No_crossing_comes_after_its_watermark_unless_it_was_unclear_for_longer_than_the_hold() =>
        Gen.Select(Gen.Int, Gen.Int[2, 9], Gen.OneOf(Gen.Const(4.0), Gen.Const(10.0), Gen.Const(25.0))).Sample(
            (seed, vehicles, framesPerSecond) => Walk(seed, vehicles, framesPerSecond), iter: 150);

    private static void Walk(int seed, int vehicles, double framesPerSecond)
    {
        var random = new Random(seed);
        var camera = Film.Camera(framesPerSecond, Film.Across(200, "a"), Film.Gate("b", 100, 300, 500, 120), Film.Across(215, "c"));
        var tracker = new VehicleTracker(TrackerSettings.Default, Film.Scores, camera.Frame);
        var (counter, output) = (new GateCounter(camera, GateSettings.Default, Film.Scores.High), new PipelineOutput());
        var walkers = Enumerable.Range(0, vehicles).Select(_ => new Walker(random)).ToArray();
        var seen = new Dictionary<long, List<double>>();
        var watermarks = new List<(double Given, DateTimeOffset Through)>();
        var found = new List<Found>();

        for (var frame = 0; frame < 30 * framesPerSecond; frame++)
        {
            var now = frame / framesPerSecond;
            found.Clear();
            foreach (var walker in walkers)
            {
                if (walker.Step(1 / framesPerSecond) is { } box) found.Add(new Found(box, 0.9f, Detection.VehicleClass.Bus));
            }

            output.Crossings.Clear();
            output.Passages.Clear();
            tracker.Update(now, found);
            foreach (var track in tracker.Tracks)
            {
                if (!track.IsSeen) continue;
                if (!seen.TryGetValue(track.Number, out var times)) seen.Add(track.Number, times = []);
                times.Add(now);
            }

            var watermark = Film.At(counter.Count(now, tracker, Film.Origin, output));
            Check(output, seen, watermarks);
            Assert.True(watermarks.Count == 0 || watermark >= watermarks[^1].Through);
            Assert.True(watermark <= Film.At(now));
            watermarks.Add((now, watermark));
        }
    }

    private static void Check(
        PipelineOutput output, Dictionary<long, List<double>> seen, List<(double Given, DateTimeOffset Through)> watermarks)
    {
        Assert.Equal(output.Crossings.OrderBy(c => c.Time).Select(c => c.Time), output.Crossings.Select(c => c.Time));
        Assert.Equal(output.Passages.OrderBy(p => p.LeftAt).Select(p => p.LeftAt), output.Passages.Select(p => p.LeftAt));
        foreach (var (track, time) in output.Crossings.Select(c => (c.Track, c.Time)).Concat(output.Passages.Select(p => (p.Track, p.LeftAt))))
        {
            var broken = watermarks.FindIndex(w => w.Through > time);
            if (broken < 0) continue;
            var met = (time - Film.Origin).TotalSeconds;
            var before = seen[track].Where(t => t <= met + 1e-6).Max();
            Assert.True(
                watermarks[broken].Given - before >= Hold - 1e-6,
                $"track {track} met the line at {met}, seen before it at {before}, yet the watermark of {watermarks[broken]} lies after it");
        }
    }

    /// <summary>Wanders, stops, and hides, for up to eight seconds at a time.</summary>
    private sealed class Walker(Random random)
    {
        private double _x = random.Next(50, 590);
        private double _y = random.Next(50, 350);
        private double _vx;
        private double _vy;
        private double _change;
        private double _hidden;

        public Box? Step(double seconds)
        {
            if ((_change -= seconds) <= 0)
            {
                _change = random.NextDouble() * 8;
                var stands = random.Next(3) == 0;
                (_vx, _vy) = stands ? (0, 0) : (random.Next(-60, 61), random.Next(-60, 61));
                if (random.Next(3) == 0) _hidden = random.NextDouble() * 8;
            }

            _hidden -= seconds;
            _x = Math.Clamp(_x + (_vx * seconds), 30, 610);
            _y = Math.Clamp(_y + (_vy * seconds), 45, 355);
            return _hidden > 0 ? null : Film.Car(_x + random.Next(-2, 3), _y + random.Next(-2, 3)).Box;
        }
    }
}
