using TrafficFlow.Core;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Scoring;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Score;
using TrafficFlow.Node.Settings;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Accuracy;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Throttling;

namespace TrafficFlow.Benchmarks.Cameras;

/// <summary>How well a setting counts on the clips with truth, and how many inferences it takes.</summary>
internal sealed record SettingAccuracy(Tally Tally, long Frames, long Inferences)
{
    /// <param name="fps">Frames a second at most; null: as the site files have it.</param>
    public static async Task<SettingAccuracy> MeasureAsync(
        Func<CameraSetup, IVehicleDetector> inner, IReadOnlyList<string> clips, double? fps, ThrottleSettings throttle, CancellationToken cancellation)
    {
        var (tally, frames, inferences) = (Tally.Empty, 0L, 0L);
        foreach (var clip in clips)
        {
            var site = SiteSettings.Load(RepositoryFiles.Shared($"data/sites/{clip}.conf")).Site;
            var camera = site.Cameras[0] with { Source = RepositoryFiles.Shared($"data/clips/{clip}.mp4") };
            if (fps is { } rate) camera = camera with { Frame = camera.Frame with { FramesPerSecond = Math.Min(rate, camera.Frame.FramesPerSecond) } };
            using var detector = ThrottledDetector.Around(inner(camera), throttle);
            var (counted, read) = await CountAsync(camera, detector, cancellation);
            frames += read;
            inferences += detector.Inferences;
            var score = Scorer.Score(CrossingFiles.ReadTruth(RepositoryFiles.Shared($"data/truth/{clip}.csv")), counted, ClipAccuracy.ToleranceOf(clip));
            tally = score.Gates.Aggregate(tally, (sum, gate) => sum + gate.Tally);
        }

        return new SettingAccuracy(tally, frames, inferences);
    }

    private static async Task<(List<CountedCrossing> Crossings, long Frames)> CountAsync(CameraSetup camera, IVehicleDetector detector, CancellationToken cancellation)
    {
        var start = DateTimeOffset.UnixEpoch;
        var readers = new FrameReaderFactory(start, FfmpegTimeouts.Default, TimeProvider.System);
        var pipeline = new CameraPipeline(camera, detector.Identity.Scores);
        var (output, detections, crossings, frames) = (new PipelineOutput(), new List<Detection>(), new List<CountedCrossing>(), 0L);
        await using var reader = await readers.OpenAsync(camera, cancellation);
        while (await reader.ReadAsync(cancellation) is { } frame)
        {
            using (frame)
            {
                frames++;
                if (!detector.IsDue(frame.EventTime)) continue;
                detector.Detect(frame, detections);
                pipeline.Process(frame.EventTime, detections, output);
            }

            Take();
        }

        pipeline.Finish(output);
        Take();
        return (crossings, frames);

        void Take() => crossings.AddRange(output.Crossings.Select(c => new CountedCrossing(c.Gate, c.Direction, (c.Time - start).TotalSeconds, c.Class, c.Size)));
    }
}
