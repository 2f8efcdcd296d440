using TrafficFlow.Core;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Detectors;
using TrafficFlow.Node.Settings;
using TrafficFlow.Synthetic;
using TrafficFlow.Vision.Ffmpeg;

namespace TrafficFlow.SystemTests.Accuracy;

/// <summary>One light and traffic of the synthetic junction.</summary>
internal sealed record SyntheticScene(string Name, string Light, string Traffic, int Seed)
{
    public string Options(double seconds) => FormattableString.Invariant($"?seed={Seed}&light={Light}&traffic={Traffic}&seconds={seconds}");
}

/// <summary>
/// What the four synthetic cameras detect, camera by camera, as the product would: painted pictures, detector, nothing else. Kept in a
/// folder where one is given, so that tracking and fusion can be tried again without painting.
/// </summary>
internal sealed class SyntheticObservations(Site site, DetectorCatalog detectors, string? folder)
{
    public static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    /// <returns>For each camera the detections of each frame.</returns>
    public async Task<IReadOnlyList<Recording>> DetectAsync(SyntheticScene scene, double seconds, CancellationToken cancellation) =>
        await Task.WhenAll(site.Cameras.Select(camera => Task.Run(() => DetectAsync(camera, scene, seconds, cancellation), cancellation)));

    private async Task<Recording> DetectAsync(CameraSetup camera, SyntheticScene scene, double seconds, CancellationToken cancellation)
    {
        var file = folder is null ? null : Path.Combine(folder, FormattableString.Invariant($"{scene.Name}-{scene.Seed}-{seconds}-{camera.Detector}{(detectors.Resolve(camera.Detector).Classifier is { } second ? "+" + second : "")}-{camera.Id}.bin"));
        if (file is not null && File.Exists(file)) return Recording.Read(file);
        var setup = camera with { Source = camera.Source + scene.Options(seconds) };
        var one = site with { Cameras = [setup] };
        using var factory = new VehicleDetectorFactory([new SiteSettings("synthetic", one, detectors)]);
        using var detector = factory.Create(setup);
        var recording = new Recording(detector.Identity.Scores, []);
        await using var reader = await new FrameReaderFactory(Start, FfmpegTimeouts.Default, TimeProvider.System).OpenAsync(setup, cancellation);
        var found = new List<Detection>();
        while (await reader.ReadAsync(cancellation) is { } frame)
        {
            using (frame)
            {
                detector.Detect(frame, found);
                recording.Frames.Add((frame.EventTime, [.. found]));
            }
        }

        if (file is not null) recording.Write(file);
        return recording;
    }

    /// <summary>The tracks of all cameras in order of time.</summary>
    /// <param name="spoil">Whether camera and frame get lost on the way to the tracker, and how much its time is off, seconds.</param>
    public IEnumerable<CameraObservation> Track(IReadOnlyList<Recording> recordings, Func<int, int, (bool IsLost, double Late)> spoil)
    {
        var pipelines = site.Cameras.Zip(recordings, (camera, r) => (Pipeline: new CameraPipeline(camera, r.Scores, site: site), r.Frames)).ToList();
        var output = new PipelineOutput();
        var observations = new List<CameraObservation>();
        for (var f = 0; f < recordings[0].Frames.Count; f++)
        {
            observations.Clear();
            for (var c = 0; c < pipelines.Count; c++)
            {
                var ((pipeline, frames), (isLost, late)) = (pipelines[c], spoil(c, f));
                if (isLost) continue;
                var time = frames[f].Time.AddSeconds(late);
                pipeline.Process(time, frames[f].Detections, output);
                observations.Add(CameraObservation.Of(pipeline.Camera.Id, time, output));
            }

            foreach (var observation in observations.OrderBy(s => s.Time)) yield return observation;
        }
    }
}
