using TrafficFlow.Core;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Recordings;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Count;
using TrafficFlow.Node.Count.Film;
using TrafficFlow.Node.Count.Siteless;
using TrafficFlow.Node.Detectors;
using TrafficFlow.Node.Settings;
using TrafficFlow.Synthetic;
using TrafficFlow.Vision.Annotation;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Privacy;

namespace TrafficFlow.Node.Mark;

/// <summary>A clip as it is shown for marking: every frame anonymized and coarsened, in memory only, and the slit-scan of each gate.</summary>
internal sealed class MarkedClip : IDisposable
{
    private const long MostBytes = 600L * 1024 * 1024;

    private readonly List<byte[]> _frames = [];
    private readonly List<double> _times = [];
    private readonly List<SlitScan> _scans;
    private long _bytes;

    private MarkedClip(CameraSetup camera) =>
        (Camera, _scans) = (camera, [.. camera.Gates.Select(g => new SlitScan(g, camera.Frame.Width, camera.Frame.Height))]);

    public CameraSetup Camera { get; }

    /// <summary>Why the clip ends before its end; null where it does not.</summary>
    public string? Damage { get; private set; }

    public int Frames => _frames.Count;

    /// <summary>Seconds of each frame from the start of the clip.</summary>
    public IReadOnlyList<double> Times => _times;

    public byte[]? Frame(int index) => index >= 0 && index < _frames.Count ? _frames[index] : null;

    public SlitScan? Scan(string gate) => _scans.FirstOrDefault(s => s.Gate.Id.Value == gate);

    /// <exception cref="JobFailedException">The clip cannot be read, or is too long to be held.</exception>
    public static async Task<MarkedClip> ReadAsync(Site site, CameraSetup camera, DetectorCatalog catalog, CancellationToken cancellation)
    {
        SandboxNotice.Tell(camera.Source);
        using var detectors = new VehicleDetectorFactory([new SiteSettings("", site with { Cameras = [camera] }, catalog)]);
        using var detector = detectors.Create(camera);
        var factory = new FrameReaderFactory(Recording.UndatedStart, FfmpegTimeouts.Default, TimeProvider.System);
        return await ReadAsync(camera, detector, factory, cancellation);
    }

    /// <inheritdoc cref="ReadAsync(Site, CameraSetup, DetectorCatalog, CancellationToken)"/>
    internal static async Task<MarkedClip> ReadAsync(CameraSetup camera, IVehicleDetector detector, FrameReaderFactory factory, CancellationToken cancellation)
    {
        await BackgroundLesson.TeachAsync(detector, camera, factory, cancellation);
        await using var reader = await factory.OpenAsync(camera, cancellation);
        var clip = new MarkedClip(camera);
        await using var renderer = new LookaheadRenderer(await factory.OpenAsync(camera, cancellation), detector.Identity, camera.Frame, clip.Take);
        try
        {
            await CountProgress.RunAsync("reading", reader.ExpectedFrames, TimeProvider.System, tick => clip.DetectAsync(reader, detector, renderer, tick, cancellation));
        }
        catch (FrameSourceException e)
        {
            // Counting goes as far: so the truth can too.
            clip.Damage = e.Message;
        }

        await renderer.FinishAsync(cancellation);
        if (clip._frames.Count > 0) return clip;
        throw new JobFailedException(clip.Damage ?? $"{camera.Source} holds no picture");
    }

    public void Dispose()
    {
        foreach (var scan in _scans) scan.Dispose();
    }

    private async Task DetectAsync(IFrameReader reader, IVehicleDetector detector, LookaheadRenderer renderer, ProgressTick tick, CancellationToken cancellation)
    {
        var pipeline = new CameraPipeline(Camera, detector.Identity.Scores);
        var output = new PipelineOutput();
        var detections = new List<Detection>();
        var frames = 0L;
        while (await reader.ReadAsync(cancellation) is { } frame)
        {
            var time = frame.EventTime;
            using (frame)
            {
                detector.Detect(frame, detections);
                // Tracks cover the vehicles and riders that this frame's detections missed.
                pipeline.Process(frame.EventTime, detections, output);
                await renderer.AddAsync(frame.EventTime, detections, output, cancellation);
            }

            tick(++frames, (time - Recording.UndatedStart).TotalSeconds);
        }
    }

    private void Take(ShownPicture picture, DateTimeOffset time, PipelineOutput output)
    {
        _times.Add((time - Recording.UndatedStart).TotalSeconds);
        _frames.Add(picture.ToJpeg());
        foreach (var scan in _scans) scan.Add(picture);
        _bytes += _frames[^1].Length;
        if (_bytes > MostBytes)
            throw new JobFailedException($"the clip is too long to be marked at once: more than {_times[^1] / 60:0} minutes do not fit; cut it, for example: ffmpeg -i IN.mp4 -t 600 -c copy OUT.mp4");
    }
}
