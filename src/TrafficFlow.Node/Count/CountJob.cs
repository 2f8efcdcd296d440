using TrafficFlow.Core;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Recordings;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Count.Film;
using TrafficFlow.Node.Count.Siteless;
using TrafficFlow.Node.Count.Videos;
using TrafficFlow.Node.Detectors;
using TrafficFlow.Node.Settings;
using TrafficFlow.Vision.Scene;

namespace TrafficFlow.Node.Count;

/// <summary>
/// Counts one recording. A file that fails is told, and the others are counted; what was counted before a failure is written too, marked as
/// incomplete.
/// </summary>
/// <param name="camera">Which took the recording.</param>
/// <param name="ready">A detector that is made and taught already; null makes the camera's.</param>
/// <param name="spent">Time that a first look at the same video took.</param>
public sealed class CountJob(
    Site site, CameraSetup camera, Recording recording, DetectorCatalog catalog, CountOptions options, IVehicleDetector? ready = null, TimeSpan spent = default)
{
    private const int ShownFailures = 5;

    private readonly CountTally _tally = new(recording.Zero);
    private readonly TimeProvider _time = TimeProvider.System;

    /// <summary>Pictures that were written before.</summary>
    public IReadOnlyList<WrittenPictures> Drawn { get; init; } = [];

    /// <summary>Inside a node, where nothing is told but files and the exit code; null for a process of its own.</summary>
    internal QuietJob? Quiet { get; init; }

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var results = new CountResults(options.Folder, options.Form);
        var survey = await SurveyAsync(results, cancellation);
        IReadOnlyList<SiteSettings> sites = ready is null ? [new SiteSettings("", site with { Cameras = [camera] }, catalog)] : [];
        using var detectors = Quiet?.Detectors(sites) ?? new VehicleDetectorFactory(sites);
        using var detector = ready ?? detectors.Create(camera);
        await using (var lesson = new RecordingReader(survey, recording.Zero, camera, _time)) await BackgroundLesson.TeachAsync(detector, camera, lesson, cancellation);
        await using var reader = new RecordingReader(survey, recording.Zero, camera, _time);
        var began = _time.GetTimestamp();
        _tally.Pictures.AddRange(Drawn);
        try
        {
            await CountProgress.RunAsync("counting", reader.ExpectedFrames, _time, tick => CountAsync(reader, survey, detector, tick, cancellation), Quiet);
        }
        catch (IOException e)
        {
            throw new JobFailedException(e.Message, e);
        }

        _tally.Take(reader.Faults);
        foreach (var (name, streams) in Quiet is null ? reader.WithSeveralStreams : [])
            await Console.Error.WriteLineAsync($"{name} holds {streams} streams of pictures: the first was counted.");
        var failures = reader.Reports.Where(r => r.Failure is not null).ToList();
        if (_tally.Frames == 0 && failures.Count > 0) throw new JobFailedException(failures[0].Failure!.Message, failures[0].Failure);
        var summary = new CountSummary(site, camera, recording, detector.Identity, reader.FramesPerSecond, _tally, reader.Reports, reader.Span, reader.Watched)
        {
            DecoderNote = SandboxNotice.For(recording.Files.Select(f => f.Source)),
        };
        var speed = new ProcessingSpeed(_tally.Frames, summary.Seconds, _time.GetElapsedTime(began) + spent);
        results.Write(summary, options.Bins, speed);
        if (Quiet is null) await TellAsync(summary, speed);
        if (failures.Count == 0) return ReportDoubts();
        var told = string.Join(Environment.NewLine, failures.Take(ShownFailures).Select(f => f.Failure!.Message));
        throw new JobFailedException(recording.Files.Count == 1
            ? $"{told}; what was counted up to there is in {options.Folder}"
            : $"{failures.Count} of {recording.Files.Count} files could not be read to their end; what was counted is in {options.Folder}, and the time of what was not shows as missing:{Environment.NewLine}{told}{(failures.Count > ShownFailures ? $"{Environment.NewLine}and {failures.Count - ShownFailures} more: see summary.json" : "")}");
    }

    /// <summary>A video that cannot be counted leaves no folder behind.</summary>
    private async Task<RecordingSurvey> SurveyAsync(CountResults results, CancellationToken cancellation)
    {
        try
        {
            return await RecordingSurvey.TakeAsync(recording, cancellation);
        }
        catch
        {
            results.Abandon();
            throw;
        }
    }

    private async Task TellAsync(CountSummary summary, ProcessingSpeed speed)
    {
        if (options.AsJson) Console.WriteLine(summary.ToJson());
        else CountTable.Write(summary, options.Folder);
        await (options.AsJson ? Console.Error : Console.Out).WriteLineAsync($"Processed at {speed}.");
    }

    private int ReportDoubts()
    {
        if (!FaultReport.IsDoubtful(_tally)) return ExitCodes.Done;
        if (Quiet is not null) return ExitCodes.Doubtful;
        Console.Error.WriteLine(
            $"trafficflow: read to the end, but {FaultReport.DegradedSeconds(_tally):0.0} s of it are damaged: see video_faults in {Path.Combine(options.Folder, "summary.json")}");
        return ExitCodes.Doubtful;
    }

    private async Task CountAsync(RecordingReader reader, RecordingSurvey survey, IVehicleDetector detector, ProgressTick tick, CancellationToken cancellation)
    {
        var pipeline = new CameraPipeline(camera, detector.Identity.Scores);
        var output = new PipelineOutput();
        var detections = new List<Detection>();
        using var scene = new SceneWatch(camera, store: null);
        AnnotatedFilm? film = null;
        try
        {
            while (await reader.ReadAsync(cancellation) is { } frame)
            {
                using (frame)
                {
                    if (options.Film is { } path) film ??= new AnnotatedFilm(path, camera, reader.FramesPerSecond, new RecordingReader(survey, recording.Zero, camera, _time), detector.Identity);
                    if (reader.IsAfterGap) Finish(pipeline, output, film);
                    var isDue = detector.IsDue(frame.EventTime);
                    if (isDue)
                    {
                        detector.Detect(frame, detections);
                        pipeline.Process(frame.EventTime, detections, output, _tally.Frames);
                    }
                    else
                    {
                        output.ClearEvents();
                    }

                    if (film is not null) await film.AddAsync(frame.EventTime, isDue ? detections : null, output, cancellation);
                    _tally.See(frame.EventTime, scene.Observe(frame));
                }

                _tally.Add(output, frames: 1);
                tick(_tally.Frames, reader.SecondsRead);
                if (Quiet is { } quiet) await quiet.RestAsync(cancellation);
            }
        }
        finally
        {
            Finish(pipeline, output, film);
            if (film is not null)
            {
                // Of a damaged file it shows what was counted.
                if (!cancellation.IsCancellationRequested) _tally.Pictures.Add(await film.CloseAsync(cancellation));
                await film.DisposeAsync();
            }
        }
    }

    /// <summary>Nobody knows what became of the vehicles after this: what is pending is counted.</summary>
    private void Finish(CameraPipeline pipeline, PipelineOutput output, AnnotatedFilm? film)
    {
        pipeline.Finish(output);
        film?.AddCrossings(output.Crossings);
        _tally.Add(output, frames: 0);
    }
}
