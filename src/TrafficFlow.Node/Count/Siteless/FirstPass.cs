using TrafficFlow.Core;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Privacy;
using TrafficFlow.Core.Proposal;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Count.Videos;
using TrafficFlow.Vision.Privacy;

namespace TrafficFlow.Node.Count.Siteless;

/// <summary>
/// The first look at a video without a site file: finds where vehicles go. It looks at the first ten minutes; where nothing moves in them,
/// at ten more, up to an hour. What the detector found is kept, so that nothing is detected twice.
/// </summary>
internal sealed class FirstPass(CameraSetup camera, IVehicleDetector detector, TimeProvider time) : IDisposable
{
    private const double WindowSeconds = 600;
    private const int MostWindows = 6;
    private const double SampleSeconds = 0.5;

    private readonly List<Detection[]?> _detections = [];
    private readonly PathRecorder _recorder = new(camera.Frame, ProposalSettings.Default);
    private readonly PrivacyWatch _privacy = new(detector.Identity, camera.Frame);
    private readonly Queue<AnonymizedFrame> _samples = new();
    private DateTimeOffset _nextSample;

    /// <summary>For each frame that was read; null where the detector's settings spare the look.</summary>
    public IReadOnlyList<Detection[]?> Detections => _detections;

    public SceneAverage Scene { get; } = new();

    /// <summary>What is coarse in the samples of the scene.</summary>
    public CoarseningRecord Coarsened => _privacy.Record;

    public SiteProposal Proposal { get; private set; } = new([], [], []);

    public double Seconds { get; private set; }

    /// <summary>The video goes on behind what was looked at.</summary>
    public bool IsPart { get; private set; }

    /// <exception cref="FrameSourceException">No file holds a frame.</exception>
    public async Task RunAsync(RecordingSurvey survey, DateTimeOffset zero, CancellationToken cancellation)
    {
        await using (var lesson = new RecordingReader(survey, zero, camera, time)) await BackgroundLesson.TeachAsync(detector, camera, lesson, cancellation);
        await using var reader = new RecordingReader(survey, zero, camera, time);
        await CountProgress.RunAsync(
            "looking for streams",
            reader.ExpectedFrames is { } all ? Math.Min(all, (long)(WindowSeconds * camera.Frame.FramesPerSecond)) : null,
            time,
            tick => DetectAsync(reader, zero, tick, cancellation));
        TakeSamples(DateTimeOffset.MaxValue);
        Seconds = reader.SecondsRead;
        // The one file of a damaged recording is told here only where nothing at all could be read.
        if (_detections.Count == 0 && reader.Reports.Select(r => r.Failure).OfType<FrameSourceException>().FirstOrDefault() is { } failure) throw failure;
    }

    /// <summary>Looks at a camera, or at the beginning of a file, for so many seconds of event time.</summary>
    /// <exception cref="FrameSourceException">It gives no frame.</exception>
    public async Task WatchAsync(IFrameReader reader, double seconds, ProgressTick tick, CancellationToken cancellation)
    {
        var pipeline = new CameraPipeline(camera with { Gates = [] }, detector.Identity.Scores);
        var (output, found) = (new PipelineOutput(), new List<Detection>());
        DateTimeOffset? zero = null;
        while (Seconds < seconds)
        {
            try
            {
                if (await reader.ReadAsync(cancellation) is not { } frame) break;
                using var read = frame;
                zero ??= frame.EventTime;
                Look(frame, zero.Value, pipeline, output, found);
                Seconds = (frame.EventTime - zero.Value).TotalSeconds;
                tick(_detections.Count, Seconds);
            }
            catch (FrameSourceException) when (_detections.Count > 0)
            {
                break; // what was seen until then is a look too
            }
        }

        Proposal = SiteProposer.Propose(_recorder.Paths(), camera.Frame);
        TakeSamples(DateTimeOffset.MaxValue);
    }

    public void Dispose()
    {
        foreach (var sample in _samples) sample.Dispose();
        Scene.Dispose();
    }

    private async Task DetectAsync(RecordingReader reader, DateTimeOffset zero, ProgressTick tick, CancellationToken cancellation)
    {
        var pipeline = new CameraPipeline(camera with { Gates = [] }, detector.Identity.Scores);
        var (output, found) = (new PipelineOutput(), new List<Detection>());
        var windows = 1;
        while (await reader.ReadAsync(cancellation) is { } frame)
        {
            using var read = frame;
            if (reader.IsAfterGap) pipeline.Finish(output);
            Look(frame, zero, pipeline, output, found);
            tick(_detections.Count, reader.SecondsRead);
            if (reader.SecondsRead < windows * WindowSeconds) continue;
            Proposal = SiteProposer.Propose(_recorder.Paths(), camera.Frame);
            IsPart = Proposal.Gates.Count > 0 || windows++ >= MostWindows;
            if (IsPart) return;
        }

        Proposal = SiteProposer.Propose(_recorder.Paths(), camera.Frame);
    }

    private void Look(AnonymizedFrame frame, DateTimeOffset zero, CameraPipeline pipeline, PipelineOutput output, List<Detection> found)
    {
        if (!detector.IsDue(frame.EventTime))
        {
            _detections.Add(null);
        }
        else
        {
            detector.Detect(frame, found);
            pipeline.Process(frame.EventTime, found, output);
            _privacy.Observe(frame.EventTime, found, output.Tracks, output.Riders);
            _recorder.Add((frame.EventTime - zero).TotalSeconds, output, found);
            _detections.Add([.. found]);
            if (frame.EventTime >= _nextSample)
            {
                _nextSample = frame.EventTime + TimeSpan.FromSeconds(SampleSeconds);
                _samples.Enqueue(frame.Lend());
            }
        }

        TakeSamples(frame.EventTime - _privacy.Horizon);
    }

    /// <summary>A sample waits until it is known who was seen in the next seconds.</summary>
    private void TakeSamples(DateTimeOffset upTo)
    {
        while (_samples.Count > 0 && _samples.Peek().EventTime <= upTo)
        {
            using var sample = _samples.Dequeue();
            Scene.Add(sample, _privacy.At(sample.EventTime));
        }
    }
}
