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
using TrafficFlow.Vision.Throttling;

namespace TrafficFlow.Node.Mark;

/// <summary>A clip as it is shown for marking: every frame anonymized and coarsened, in memory only, and the slit-scan of each gate.</summary>
internal sealed class MarkedClip : IDisposable
{
    /// <summary>Of the pictures of a clip that has a process of its own.</summary>
    public const long MostBytesAlone = 600L * 1024 * 1024;

    /// <summary>Frames a second that a network looks at: whom to coarsen between two of them is known from both sides.</summary>
    private const double MostLooks = 15;

    private readonly List<byte[]> _frames = [];
    private readonly List<double> _times = [];
    private readonly List<SlitScan> _scans;
    private readonly long _mostBytes;
    private long _bytes;

    private MarkedClip(CameraSetup camera, long mostBytes) =>
        (Camera, _mostBytes, _scans) = (camera, mostBytes, [.. camera.Gates.Select(g => new SlitScan(g, camera.Frame.Width, camera.Frame.Height))]);

    public CameraSetup Camera { get; }

    /// <summary>Why the clip ends before its end; null where it does not.</summary>
    public string? Damage { get; private set; }

    public int Frames => _frames.Count;

    /// <summary>Seconds of each frame from the start of the clip.</summary>
    public IReadOnlyList<double> Times => _times;

    public byte[]? Frame(int index) => index >= 0 && index < _frames.Count ? _frames[index] : null;

    public SlitScan? Scan(string gate) => _scans.FirstOrDefault(s => s.Gate.Id.Value == gate);

    /// <param name="mostBytes">Of its pictures together.</param>
    /// <param name="quiet">Inside a node; null for a process of its own.</param>
    /// <exception cref="JobFailedException">The clip cannot be read, or is too long to be held.</exception>
    public static async Task<MarkedClip> ReadAsync(Site site, CameraSetup camera, DetectorCatalog catalog, CancellationToken cancellation, long mostBytes = MostBytesAlone, QuietJob? quiet = null)
    {
        IReadOnlyList<SiteSettings> sites = [new SiteSettings("", site with { Cameras = [camera] }, catalog)];
        using var detectors = quiet?.Detectors(sites) ?? new VehicleDetectorFactory(sites);
        var chosen = catalog.Resolve(camera.Detector);
        // Motion compares each frame with the one before.
        using var detector = chosen.Kind == DetectorKind.Motion || chosen.Throttle is not null || camera.Frame.FramesPerSecond <= MostLooks
            ? detectors.Create(camera)
            : ThrottledDetector.Around(detectors.Create(camera), new ThrottleSettings(MostLooks, GateByMotion: false));
        var factory = new FrameReaderFactory(Recording.UndatedStart, FfmpegTimeouts.Default, TimeProvider.System);
        return await ReadAsync(camera, detector, factory, cancellation, mostBytes, quiet);
    }

    /// <inheritdoc cref="ReadAsync(Site, CameraSetup, DetectorCatalog, CancellationToken, long, QuietJob)"/>
    internal static async Task<MarkedClip> ReadAsync(
        CameraSetup camera, IVehicleDetector detector, FrameReaderFactory factory, CancellationToken cancellation, long mostBytes = MostBytesAlone, QuietJob? quiet = null)
    {
        await BackgroundLesson.TeachAsync(detector, camera, factory, cancellation);
        await using var reader = await factory.OpenAsync(camera, cancellation);
        var clip = new MarkedClip(camera, mostBytes);
        await using var renderer = new LookaheadRenderer(await factory.OpenAsync(camera, cancellation), detector.Identity, camera.Frame, clip.Take);
        var pictures = new RenderingBeside(renderer, cancellation);
        try
        {
            await CountProgress.RunAsync("reading", reader.ExpectedFrames, TimeProvider.System, tick => clip.DetectAsync(reader, detector, pictures, tick, quiet, cancellation), quiet);
        }
        catch (FrameSourceException e)
        {
            // Counting goes as far: so the truth can too.
            clip.Damage = e.Message;
        }
        finally
        {
            // In any case: it must not read on while its renderer is disposed of.
            await pictures.FinishAsync();
        }

        if (clip._frames.Count > 0) return clip;
        throw new JobFailedException(clip.Damage ?? $"{camera.Source} holds no picture");
    }

    public void Dispose()
    {
        foreach (var scan in _scans) scan.Dispose();
    }

    private async Task DetectAsync(IFrameReader reader, IVehicleDetector detector, RenderingBeside pictures, ProgressTick tick, QuietJob? quiet, CancellationToken cancellation)
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
                var isDue = detector.IsDue(time);
                if (isDue) detector.Detect(frame, detections);
                // Tracks cover the vehicles and riders that this frame's detections missed.
                if (isDue) pipeline.Process(time, detections, output);
                await pictures.AddAsync(time, isDue ? detections : null, output, cancellation);
            }

            tick(++frames, (time - Recording.UndatedStart).TotalSeconds);
            if (quiet is not null) await quiet.RestAsync(cancellation);
        }
    }

    private void Take(ShownPicture picture, DateTimeOffset time, PipelineOutput output)
    {
        _times.Add((time - Recording.UndatedStart).TotalSeconds);
        _frames.Add(picture.ToJpeg());
        foreach (var scan in _scans) scan.Add(picture);
        _bytes += _frames[^1].Length;
        if (_bytes > _mostBytes)
            throw new JobFailedException($"the clip is too long to be marked at once: more than {_times[^1] / 60:0} minutes do not fit; cut it, for example: ffmpeg -i IN.mp4 -t {(_mostBytes < MostBytesAlone ? 300 : 600)} -c copy OUT.mp4");
    }
}
