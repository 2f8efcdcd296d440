using TrafficFlow.Core;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tracking;
using TrafficFlow.Node.Count.Siteless;
using TrafficFlow.Node.Detectors;
using TrafficFlow.Node.Settings;
using TrafficFlow.Synthetic;
using TrafficFlow.Vision.Ffmpeg;

namespace TrafficFlow.SystemTests.Accuracy;

/// <summary>What one picture showed.</summary>
internal delegate void FrameSeen(double seconds, AnonymizedFrame frame, IReadOnlyList<Detection> detections, PipelineOutput output);

/// <summary>A whole video counted in this process by the product's own parts.</summary>
internal sealed class CountedVideo
{
    public List<Crossing> Crossings { get; } = [];

    /// <summary>Every track that was confirmed, as it stood at its end.</summary>
    public Dictionary<long, TrackView> Tracks { get; } = [];

    public static double Seconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;

    public static async Task<CountedVideo> RunAsync(CameraSetup camera, CountingSetting setting, FrameSeen? seen, CancellationToken cancellation)
    {
        var setup = camera with { Detector = "default" };
        var site = new Site(new SiteId("accuracy"), "", TimeZoneInfo.Utc, [], [setup], "");
        using var factory = new VehicleDetectorFactory([new SiteSettings("", site, setting.Catalog())]);
        using var detector = factory.Create(setup);
        var readers = new FrameReaderFactory(DateTimeOffset.UnixEpoch, FfmpegTimeouts.Default, TimeProvider.System);
        await BackgroundLesson.TeachAsync(detector, setup, readers, cancellation);
        await using var reader = await readers.OpenAsync(setup, cancellation);
        var video = new CountedVideo();
        var pipeline = new CameraPipeline(setup, detector.Identity.Scores);
        var (output, detections) = (new PipelineOutput(), new List<Detection>());
        while (await reader.ReadAsync(cancellation) is { } frame)
        {
            using (frame)
            {
                detector.Detect(frame, detections);
                pipeline.Process(frame.EventTime, detections, output);
                video.Take(output);
                seen?.Invoke(Seconds(frame.EventTime), frame, detections, output);
            }
        }

        pipeline.Finish(output);
        video.Take(output);
        return video;
    }

    /// <summary>The track that a box of the picture belongs to; null where none overlaps it well.</summary>
    public static long? TrackAt(PipelineOutput output, in Box box, float least)
    {
        var (number, best) = ((long?)null, least);
        foreach (var track in output.Tracks)
        {
            var overlap = track.Box.IntersectionOverUnion(box);
            if (overlap > best) (number, best) = (track.Number, overlap);
        }

        return number;
    }

    private void Take(PipelineOutput output)
    {
        Crossings.AddRange(output.Crossings);
        foreach (var track in output.Tracks) Tracks[track.Number] = track;
    }
}
