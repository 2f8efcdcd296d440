using TrafficFlow.Core;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Detectors;
using TrafficFlow.Node.Settings;
using TrafficFlow.Vision;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Scene;

namespace TrafficFlow.Node.Count;

/// <summary>Counts one file. What was counted before a failure is written too, marked as incomplete.</summary>
/// <param name="ready">A detector that is made and taught already; null makes the camera's.</param>
/// <param name="spent">Time that a first look at the same video took.</param>
public sealed class CountJob(
    Site site, CameraSetup camera, DetectorCatalog catalog, CountOptions options, IVehicleDetector? ready = null, TimeSpan spent = default)
{
    private readonly CountTally _tally = new();
    private readonly TimeProvider _time = TimeProvider.System;

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var results = new CountResults(options.Folder);
        var factory = new FrameReaderFactory(CountTally.Start, FfmpegPatience.Default, _time);
        using var detectors = new VehicleDetectorFactory(ready is null ? [new SiteSettings("", site with { Cameras = [camera] }, catalog)] : []);
        using var detector = ready ?? detectors.Create(camera);
        FrameSourceException? failure = null;
        var rate = 0.0;
        var began = _time.GetTimestamp();
        try
        {
            await BackgroundLesson.TeachAsync(detector, camera, factory, cancellation);
            await using var reader = await factory.OpenAsync(camera, cancellation);
            rate = BackgroundLesson.RateOf(reader, camera);
            began = _time.GetTimestamp();
            using var film = options.Film is { } path ? new AnnotatedFilm(path, camera, rate) : null;
            await CountProgress.RunAsync(
                "counting", reader.ExpectedFrames, _time, tick => CountAsync(reader, detector, film, frames => tick(frames, frames / rate), cancellation));
            if (film is not null) await film.CloseAsync();
        }
        catch (FrameSourceException e)
        {
            failure = e;
        }
        catch (IOException e)
        {
            throw new JobFailedException(e.Message, e);
        }

        if (failure is not null && _tally.Frames == 0) throw new JobFailedException(failure.Message, failure);
        var summary = new CountSummary(Path.GetFileName(options.Video), site, camera, detector.Identity, rate, _tally, failure?.Message);
        var speed = new ProcessingSpeed(_tally.Frames, summary.Seconds, _time.GetElapsedTime(began) + spent);
        results.Write(_tally, summary, speed);
        if (options.AsJson) Console.WriteLine(summary.ToJson());
        else CountTable.Write(summary, options.Folder);
        await (options.AsJson ? Console.Error : Console.Out).WriteLineAsync($"Processed at {speed}.");
        if (failure is null) return ExitCodes.Done;
        throw new JobFailedException($"{failure.Message}; what was counted up to there is in {options.Folder}", failure);
    }

    private async Task CountAsync(
        IFrameReader reader, IVehicleDetector detector, AnnotatedFilm? film, Action<long> tick, CancellationToken cancellation)
    {
        var pipeline = new CameraPipeline(camera, detector.Identity.Scores);
        var output = new PipelineOutput();
        var detections = new List<Detection>();
        using var scene = new SceneWatch(camera, store: null);
        try
        {
            while (await reader.ReadAsync(cancellation) is { } frame)
            {
                using (frame)
                {
                    if (detector.IsDue(frame.EventTime))
                    {
                        detector.Detect(frame, detections);
                        pipeline.Process(frame.EventTime, detections, output);
                        film?.Add(frame, detections, output);
                    }
                    else
                    {
                        output.ClearEvents();
                        film?.Hold();
                    }

                    _tally.Scene.Add(CountTally.Seconds(frame.EventTime), scene.Look(frame));
                }

                _tally.Add(output, frames: 1);
                tick(_tally.Frames);
            }
        }
        finally
        {
            pipeline.Finish(output);
            _tally.Add(output, frames: 0);
        }
    }
}
