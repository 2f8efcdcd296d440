using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Cameras;
using Xunit;

namespace TrafficFlow.Actors.Tests.Cameras;

public sealed class RecentDetectionsTests
{
    private static readonly DateTimeOffset s_begin = new(2026, 4, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ScoreBands s_scores = new(0.1f, 0.5f, 0.5f);
    private static readonly CameraSetup s_camera = new(new CameraId("cam1"), "", new FrameFormat(640, 360, 10), "default", [], [], []);

    private readonly RecentDetections _recent = new();

    [Fact]
    public void The_last_minutes_are_kept_as_they_were_found()
    {
        // One list, filled again and again, as the detector's is.
        var found = new List<Detection>();
        for (var i = 0; i <= 4000; i++)
        {
            found.Clear();
            found.Add(new Detection(new Box(i, 0, 10, 10), 0.9f, VehicleClass.PassengerCar));
            _recent.Add(s_camera, s_scores, s_begin.AddSeconds(i / 10.0), found);
        }

        var seen = _recent.Of(s_camera.Id)!;
        Assert.Equal(s_scores, seen.Scores);
        Assert.Equal((s_begin.AddSeconds(400) - RecentDetections.Kept, s_begin.AddSeconds(400)), (seen.Frames[0].Time, seen.Frames[^1].Time));
        Assert.All(seen.Frames, f => Assert.Equal((f.Time - s_begin).TotalSeconds * 10, f.Detections.Single().Box.X, 0.5));
        Assert.Null(_recent.Of(new CameraId("cam2")));
    }

    [Fact]
    public void However_fast_and_full_pictures_are_memory_is_bounded()
    {
        List<Detection> crowd = [.. Enumerable.Range(0, 500).Select(i => new Detection(new Box(i, 0, 10, 10), 0.9f, VehicleClass.PassengerCar))];
        for (var i = 0; i < 500; i++) _recent.Add(s_camera, s_scores, s_begin.AddSeconds(i / 100.0), crowd);
        Assert.InRange(_recent.Of(s_camera.Id)!.Frames.Sum(f => f.Detections.Count), 1, 100_000);

        for (var i = 0; i < 20_000; i++) _recent.Add(s_camera, s_scores, s_begin.AddSeconds(10 + (i / 100.0)), []);
        Assert.InRange(_recent.Of(s_camera.Id)!.Frames.Count, 1, 9_000);
    }

    [Fact]
    public void A_clock_that_was_set_back_another_detector_and_another_size_begin_anew()
    {
        _recent.Add(s_camera, s_scores, s_begin, []);
        _recent.Add(s_camera, s_scores, s_begin.AddSeconds(1), []);
        Assert.Equal(2, _recent.Of(s_camera.Id)!.Frames.Count);

        _recent.Add(s_camera, s_scores, s_begin, []);
        Assert.Single(_recent.Of(s_camera.Id)!.Frames);
        _recent.Add(s_camera, s_scores with { High = 0.6f }, s_begin.AddSeconds(1), []);
        Assert.Single(_recent.Of(s_camera.Id)!.Frames);
        _recent.Add(s_camera with { Frame = new FrameFormat(320, 180, 10) }, s_scores with { High = 0.6f }, s_begin.AddSeconds(2), []);
        Assert.Single(_recent.Of(s_camera.Id)!.Frames);
    }
}
