using TrafficFlow.Core.Files;
using TrafficFlow.Core.Recordings;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Count.Film;
using TrafficFlow.Node.Detectors;
using TrafficFlow.Node.Settings;
using TrafficFlow.Synthetic;
using TrafficFlow.Vision.Annotation;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Privacy;

namespace TrafficFlow.Node.Count.Siteless;

/// <summary>
/// Counts a video that nobody has set up: looks for the streams of vehicles first, writes them as a site file that can be edited and as a
/// picture, and counts at their gates.
/// </summary>
/// <param name="config">The node's settings, or null.</param>
/// <param name="isKnown">The detector stands in <paramref name="config"/>, and whoever counts again names that too.</param>
internal sealed class SitelessCount(DetectorCatalog catalog, string detectorName, string? config, bool isKnown, CountOptions options)
{
    private const int MostWidth = 640;
    private const double MostFramesPerSecond = 30;

    /// <param name="zone">In which the recording was taken, as far as anybody said.</param>
    public async Task<int> RunAsync(Recording recording, TimeZoneInfo zone, CancellationToken cancellation)
    {
        var (file, picture) = (Path.Combine(options.Folder, "site.conf"), Path.Combine(options.Folder, "gates.png"));
        if (File.Exists(file) && !ProposedSiteFile.IsUnedited(await File.ReadAllTextAsync(file, cancellation)))
            throw new UsageException($"{file} was edited, or is not from here, and would be overwritten: count with it (--site {file}), or choose another folder with --out");
        var survey = await RecordingSurvey.TakeAsync(recording, cancellation);
        var source = survey.FirstReadable.File.Source;
        var camera = new CameraSetup(new CameraId("cam1"), source, Format(survey.FirstReadable.Video), detectorName, [], [], []);
        _ = new CountResults(options.Folder, options.Form);
        var id = SettingName.Of(SyntheticSource.IsSynthetic(source) ? source : Path.GetFileNameWithoutExtension(source));
        var nowhere = new Site(new SiteId(id), id, zone, [], [camera], "");
        using var detectors = new VehicleDetectorFactory([new SiteSettings("", nowhere, catalog)]);
        using var detector = detectors.Create(camera);
        using var look = new FirstPass(camera, detector, TimeProvider.System);
        await Console.Error.WriteLineAsync("No site file: looking for streams of vehicles first.");
        var began = TimeProvider.System.GetTimestamp();
        await look.RunAsync(survey, recording.Zero, cancellation);
        var looked = TimeProvider.System.GetElapsedTime(began);
        if (look.Proposal.Gates.Count == 0)
        {
            throw new JobFailedException(
                $"{options.Videos[0]}: no vehicle was seen to drive along in {look.Seconds:0} s, so there is nothing to lay a gate across. Is it a fixed camera on a road? "
                + $"Take a longer video, {(catalog.Resolve(detectorName).Kind == DetectorKind.Motion ? "or leave --detector motion out: a network sees more" : "or another model (--model FILE.onnx)")}, or write the gates yourself (--site FILE)");
        }

        var written = SyntheticSource.IsSynthetic(source) ? source : Path.GetRelativePath(Path.GetFullPath(options.Folder), source);
        Save(file, picture, ProposedSiteFile.Write(id, Path.GetFileName(source), written, zone, camera, Used(), look.Proposal), look);
        var settings = SiteSettings.Load(file, config);
        var counted = settings.Site.Cameras[0] with { Source = source };
        var code = await new CountJob(settings.Site, counted, recording, settings.Detectors, options, new RememberedDetector(detector, look.Detections), looked)
        {
            Drawn = [new WrittenPictures(Path.GetFileName(picture), look.Coarsened)],
        }.RunAsync(cancellation);
        var say = options.AsJson ? Console.Error : Console.Out;
        if (look.IsPart) await say.WriteLineAsync($"The gates come from the first {look.Seconds / 60:0} minutes; the whole video was counted at them.");
        foreach (var gate in look.Proposal.Gates.Where(g => g.IsDoubtful)) await say.WriteLineAsync($"Doubtful: {gate.Gate.Id} ({gate.DoubtsInWords}).");
        await say.WriteLineAsync($"These gates were proposed from the tracks of the vehicles: look at {picture}, and edit them in {file}.");
        await say.WriteLineAsync($"Then count again: trafficflow count {string.Join(' ', options.Videos.Select(InShell))} --site {InShell(file)} --out {InShell(options.Folder)}{(options.Start is null ? "" : $" --start {InShell(options.Start)}")}{(options.Bins is { } bins ? $" --bins {bins.Minutes}min" : "")}{(config is null ? "" : $" --config {InShell(config)}")}");
        return code;
    }

    /// <summary>The detectors that the site file must name for the same count; what is not in a file is known everywhere.</summary>
    private IReadOnlyList<DetectorSettings> Used()
    {
        var first = catalog.Resolve(detectorName);
        if (isKnown || first is { Kind: not DetectorKind.Onnx, Classifier: null }) return [];
        return first.Classifier is { } second ? [first, catalog.Resolve(second)] : [first];
    }

    private static void Save(string file, string picture, string text, FirstPass look)
    {
        try
        {
            FileDraft.Write(file, text);
            using var shown = new ShownPicture();
            shown.Show(look.Scene);
            ProposalOverlay.Draw(shown, look.Proposal);
            shown.SavePng(picture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFailedException($"{file} cannot be written ({e.Message}): free some space, or choose another folder with --out", e);
        }
    }

    /// <summary>As an argument that can be copied to a shell.</summary>
    private static string InShell(string argument) =>
        argument.All(c => char.IsLetterOrDigit(c) || "_./:=@%+,-".Contains(c)) ? argument : $"'{argument.Replace("'", "'\\''")}'";

    /// <param name="video">Null: the source is synthetic.</param>
    public static FrameFormat Format(VideoFile? video)
    {
        if (video is null) return new FrameFormat(640, 360, 10);
        var width = Math.Min(MostWidth, video.Width);
        var height = (int)Math.Round((double)width * video.Height / video.Width / 2) * 2;
        // Rounded up: a file is never read faster than its own rate.
        var rate = Math.Min(MostFramesPerSecond, Math.Ceiling((video.FramesPerSecond ?? MostFramesPerSecond) * 1000) / 1000);
        return new FrameFormat(width, Math.Max(2, height), rate);
    }
}
