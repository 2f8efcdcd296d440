using TrafficFlow.Core;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Proposal;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vision;
using TrafficFlow.Vision.Annotation;

namespace TrafficFlow.Node.Count;

/// <summary>
/// The first look at a video without a site file: finds where vehicles go. It looks at the first ten minutes; where nothing moves in them,
/// at ten more, up to an hour. What the detector found is kept, so that nothing is detected twice.
/// </summary>
internal sealed class FirstLook(CameraSetup camera, IVehicleDetector detector, TimeProvider time) : IDisposable
{
    private const double WindowSeconds = 600;
    private const int MostWindows = 6;
    private const double SampleSeconds = 0.5;

    private readonly List<Detection[]?> _detections = [];
    private readonly PathRecorder _recorder = new(camera.Frame, ProposalSettings.Default);

    /// <summary>For each frame that was read; null where the detector's settings spare the look.</summary>
    public IReadOnlyList<Detection[]?> Detections => _detections;

    public SceneAverage Scene { get; } = new();

    public SiteProposal Proposal { get; private set; } = new([], [], []);

    public double Seconds { get; private set; }

    /// <summary>The video goes on behind what was looked at.</summary>
    public bool IsPart { get; private set; }

    /// <exception cref="FrameSourceException">The video cannot be opened, or has no frame.</exception>
    public async Task RunAsync(FrameReaderFactory factory, CancellationToken cancellation)
    {
        await BackgroundLesson.TeachAsync(detector, camera, factory, cancellation);
        await using var reader = await factory.OpenAsync(camera, cancellation);
        var rate = BackgroundLesson.RateOf(reader, camera);
        var most = (long)(WindowSeconds * MostWindows * rate);
        await CountProgress.RunAsync(
            "looking for streams",
            reader.ExpectedFrames is { } all ? Math.Min(all, (long)(WindowSeconds * rate)) : null,
            time,
            tick => LookAsync(reader, rate, most, tick, cancellation));
        Seconds = _detections.Count / rate;
    }

    public void Dispose() => Scene.Dispose();

    private async Task LookAsync(IFrameReader reader, double rate, long most, ProgressTick tick, CancellationToken cancellation)
    {
        var pipeline = new CameraPipeline(camera with { Gates = [] }, detector.Identity.Scores);
        var (output, found) = (new PipelineOutput(), new List<Detection>());
        var window = (long)(WindowSeconds * rate);
        var sample = Math.Max(1, (long)(SampleSeconds * rate));
        var nextSample = 0L;
        try
        {
            while (await reader.ReadAsync(cancellation) is { } frame)
            {
                using (frame)
                {
                    if (!detector.IsDue(frame.EventTime))
                    {
                        _detections.Add(null);
                    }
                    else
                    {
                        detector.Detect(frame, found);
                        pipeline.Process(frame.EventTime, found, output);
                        if (frame.Index >= nextSample)
                        {
                            Scene.Add(frame, found, output);
                            nextSample = frame.Index + sample;
                        }

                        _recorder.Add((frame.EventTime - CountTally.Start).TotalSeconds, output);
                        _detections.Add([.. found]);
                    }
                }

                tick(_detections.Count, _detections.Count / rate);
                if (_detections.Count % window != 0) continue;
                Proposal = SiteProposer.Propose(_recorder.Paths(), camera.Frame);
                IsPart = Proposal.Gates.Count > 0 || _detections.Count >= most;
                if (IsPart) return;
            }
        }
        catch (FrameSourceException) when (_detections.Count > 0)
        {
            // A damaged file is told when it is counted, with the frame that was reached.
        }

        Proposal = SiteProposer.Propose(_recorder.Paths(), camera.Frame);
    }
}
