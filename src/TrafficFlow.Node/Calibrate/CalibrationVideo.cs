using TrafficFlow.Core;
using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Recordings;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Count;
using TrafficFlow.Node.Detectors;
using TrafficFlow.Node.Settings;
using TrafficFlow.Synthetic;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Privacy;

namespace TrafficFlow.Node.Calibrate;

/// <summary>The camera's video: a picture of it, and the vehicles that pass. Only anonymized frames leave it.</summary>
internal sealed class CalibrationVideo(Site site, CameraSetup camera, DetectorCatalog catalog, CalibrateOptions options)
{
    private const double LessonSeconds = 20;

    private bool _isNoticeGiven;

    /// <summary>Writes one picture; <paramref name="draw"/> adds to it.</summary>
    /// <exception cref="JobFailedException">The video has no such picture, or the file cannot be written.</exception>
    public async Task DrawAsync(string file, Action<ShownPicture> draw, CancellationToken cancellation)
    {
        var setup = Setup();
        using var detectors = new VehicleDetectorFactory([new SiteSettings("", site with { Cameras = [setup] }, catalog)]);
        using var detector = detectors.Create(setup);
        await using var reader = await OpenAsync(setup, cancellation);
        try
        {
            using var shown = new ShownPicture();
            await StillPicture.TakeAsync(reader, detector, setup.Frame, options.At, shown, cancellation);
            draw(shown);
            shown.SavePng(file);
        }
        catch (IOException e)
        {
            throw new JobFailedException(e.Message, e);
        }
    }

    /// <summary>Observations of vehicles that move: what a rough calibration takes its scale from.</summary>
    public async Task<IReadOnlyList<SeenVehicle>> VehiclesAsync(CancellationToken cancellation)
    {
        var setup = Setup() with { Plane = null, Gates = [] };
        using var detectors = new VehicleDetectorFactory([new SiteSettings("", site with { Cameras = [setup] }, catalog)]);
        using var detector = detectors.Create(setup);
        if (detector is ILearnsBackground learner)
        {
            await using var lesson = await OpenAsync(setup, cancellation);
            var rate = Rate(lesson);
            for (var i = 0; i < LessonSeconds * rate && await NextAsync(lesson, isNeeded: i == 0, cancellation) is { } frame; i++)
                using (frame) learner.Learn(frame, 1 / rate);
        }

        await using var reader = await OpenAsync(setup, cancellation);
        var pipeline = new CameraPipeline(setup, detector.Identity.Scores);
        var observations = new VehicleObservations(setup.Frame);
        var output = new PipelineOutput();
        var detections = new List<Detection>();
        await CountProgress.RunAsync("following vehicles", reader.ExpectedFrames, TimeProvider.System, async tick =>
        {
            var frames = 0L;
            while (await NextAsync(reader, isNeeded: frames == 0, cancellation) is { } frame)
            {
                using (frame)
                {
                    detector.Detect(frame, detections);
                    pipeline.Process(frame.EventTime, detections, output);
                    observations.Add(frame.EventTime, output.Tracks);
                }

                tick(++frames, frames / Rate(reader));
            }
        });
        return observations.All;
    }

    private CameraSetup Setup()
    {
        var source = options.Video is { } video ? (SyntheticSource.IsSynthetic(video) ? video : Path.GetFullPath(video)) : camera.Source;
        if (options.Video is null && !SyntheticSource.IsSynthetic(source) && VideoSource.Parse(source).IsLive && options.FromVehicles)
            throw new UsageException($"{camera.Id} is a camera and has no end: record some minutes of it and give that as VIDEO");
        if (SyntheticSource.IsSynthetic(source) && SyntheticSource.Parse(source).Seconds is null) source += $"{(source.Contains('?', StringComparison.Ordinal) ? '&' : '?')}seconds=120";
        return camera with { Source = source };
    }

    private async Task<IFrameReader> OpenAsync(CameraSetup setup, CancellationToken cancellation)
    {
        if (!_isNoticeGiven) SandboxNotice.Tell(setup.Source);
        _isNoticeGiven = true;
        return await new FrameReaderFactory(Recording.UndatedStart, FfmpegTimeouts.Default, TimeProvider.System).OpenAsync(setup, cancellation);
    }

    /// <summary>A file that is damaged further on is as good as one that ends there.</summary>
    internal static async Task<AnonymizedFrame?> NextAsync(IFrameReader reader, bool isNeeded, CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadAsync(cancellation);
        }
        catch (FrameSourceException) when (!isNeeded)
        {
            return null;
        }
    }

    private double Rate(IFrameReader reader) => reader is FfmpegFrameReader file ? file.FramesPerSecond : camera.Frame.FramesPerSecond;
}
