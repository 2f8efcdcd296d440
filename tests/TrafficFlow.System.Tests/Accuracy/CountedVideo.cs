using TrafficFlow.Core;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tracking;
using TrafficFlow.Node.Detectors;
using TrafficFlow.Node.Settings;
using TrafficFlow.Vision;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Onnx;

namespace TrafficFlow.SystemTests.Accuracy;

/// <summary>Which models count: the setting whose accuracy is told.</summary>
/// <param name="Classifier">The model of the second looks; null for none.</param>
internal sealed record CountingSetting(string Model, string? Classifier)
{
    /// <summary>The best that the shared models give.</summary>
    public static CountingSetting Best(Func<string, string> shared) =>
        new(shared("models/pvb_2004_256x448.onnx"), shared("models/nanodet_plus_m_384x640.onnx"));

    public DetectorCatalog Catalog()
    {
        var detectors = new Dictionary<string, DetectorSettings>
        {
            ["first"] = new("first", DetectorKind.Onnx, new OnnxModelSettings("first", Model), Classifier is null ? null : "second"),
        };
        if (Classifier is not null) detectors["second"] = new("second", DetectorKind.Onnx, new OnnxModelSettings("second", Classifier));
        return new DetectorCatalog("first", detectors);
    }
}

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
        await using var reader = await new FrameReaderFactory(DateTimeOffset.UnixEpoch, FfmpegPatience.Default, TimeProvider.System).OpenAsync(setup, cancellation);
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
