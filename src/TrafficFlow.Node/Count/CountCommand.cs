using System.CommandLine;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Texts;
using TrafficFlow.Node.Count.Siteless;
using TrafficFlow.Node.Count.Videos;
using TrafficFlow.Node.Settings;
using TrafficFlow.Node.Settings.Sites;

namespace TrafficFlow.Node.Count;

/// <summary>`trafficflow count`: a whole video file, no frame dropped. Needs no cluster and no database.</summary>
public static class CountCommand
{
    public static Command Create()
    {
        var video = new Argument<string[]>("VIDEO")
        {
            Description = "The video file to count; several, a folder or a pattern are one recording, in the natural order of their names. Or a synthetic camera: synthetic:north?seconds=60 (also east, south, west), or a view of `trafficflow street`.",
            Arity = ArgumentArity.OneOrMore,
        };
        var site = new Option<string?>("--site")
        {
            Description = "The site file: where masks and gates lie. Without one, gates are proposed from the tracks of the vehicles in the video and written to DIR/site.conf.",
            HelpName = "FILE",
        };
        var camera = new Option<string?>("--camera") { Description = "Which camera of the site took the video. Not needed where the site has one.", HelpName = "ID" };
        var folder = new Option<string>("--out")
        {
            Description = "Folder for crossings.csv, flows.csv, evidence.jsonl, summary.json and processing.json, with --bins for bins.csv, where gates tell entries and exits for turning.csv, .svg and .png, without --site also for site.conf and gates.png; made when absent.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "out",
        };
        var start = new Option<string?>("--start")
        {
            Description = "When the first frame was taken, for example 2026-11-28T07:00+09:00; without an offset in the site's time zone. Or from-name: the files' names tell it (20261128_070000), each its own.",
            HelpName = "TIME",
        };
        var timeZone = new Option<string?>("--time-zone") { Description = "IANA name of the time zone, for example Asia/Tokyo; only without --site, whose file tells it.", HelpName = "NAME" };
        var bins = new Option<string?>("--bins")
        {
            Description = $"Also write bins.csv: counts by approach, movement and class for each {BinsOption.Values}; aligned to the wall clock with --start.",
            HelpName = "LENGTH",
        };
        var form = CsvFormOption.Create();
        var film = new Option<string?>("--video") { Description = "Also write a film: the anonymized picture with boxes, track numbers, gates and running counts.", HelpName = "FILE.mp4" };
        var detector = new Option<string?>("--detector") { Description = "A name from trafficflow.detectors: vehicles (our own network, the default), motion, or one of your own with --config; instead of the site's.", HelpName = "NAME" };
        var model = new Option<string?>("--model") { Description = "An ONNX model file instead of the built-in network: YOLOv5 to v12, YOLO26, YOLOX, NanoDet-Plus, RT-DETR, D-FINE, RF-DETR or plain boxes; recognised, tried at the start, and refused with the reason if it cannot be read.", HelpName = "FILE.onnx" };
        var classifier = new Option<string?>("--classifier")
        {
            Description = "A second ONNX model, with COCO's classes, that looks again at what was found: tells cars, lorries, buses and motorcycles apart.",
            HelpName = "FILE.onnx",
        };
        var threshold = new Option<float?>("--threshold") { Description = "Score from which a detection is sure, with --model.", HelpName = "X" };
        var config = new Option<string?>("--config") { Description = "Node settings whose detectors may be named.", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "Print summary.json instead of a table." };
        var command = new Verb(
            "count",
            "Counts the vehicles of a video file at gates: those of a site file, or gates that it proposes itself.",
            "trafficflow count street.mp4",
            "trafficflow count street.mp4 --site street.conf --out street",
            "trafficflow count recordings/2026-11-28 --site street.conf --start from-name --bins 15min --out street",
            "trafficflow count street.mp4 --site street.conf --model yolox_nano.onnx --video street/counted.mp4")
        {
            video, site, camera, folder, start, timeZone, bins, form, film, detector, model, classifier, threshold, config, json,
        };
        command.Details =
        [
            "A vehicle crosses a gate when the bottom centre of its box passes the line: time_s is that moment, for arriving and departing vehicles alike.",
            "",
            "Exit codes: 0 the whole video was read; 3 it was read to its end, but parts are damaged; 1 it ends too early, or could not be counted. With 3",
            "and 1 what was counted is written, and summary.json lists the seconds concerned (video_faults).",
        ];
        command.SetAction((p, cancellation) =>
        {
            var options = new CountOptions(
                p.GetRequiredValue(video), p.GetValue(folder)!, p.GetValue(film), p.GetValue(json), p.GetValue(start), BinsOption.Parse(p.GetValue(bins)))
            {
                Form = CsvFormOption.Read(p.GetValue(form)),
            };
            var sources = VideoFiles.Expand(options.Videos);
            SandboxNotice.Tell(sources);
            if (p.GetValue(site) is not { } file)
            {
                if (p.GetValue(camera) is not null) throw new UsageException("--camera names one of a site's cameras: give its --site too, or leave it out");
                var known = SiteSettings.LoadDetectors(p.GetValue(config));
                var bare = new CameraSetup(new CameraId("cam1"), "", default, CameraSection.DefaultDetector, [], [], []);
                var (detectors, chosen) = Detector(known, bare, p.GetValue(detector), p.GetValue(model), p.GetValue(threshold));
                var name = chosen.Detector == CameraSection.DefaultDetector ? detectors.Default : chosen.Detector;
                if (p.GetValue(classifier) is { } look) detectors = GivenModel.AsClassifier(detectors, name, look);
                // What stands in the settings is not said once more.
                var isKnown = p.GetValue(config) is not null && p.GetValue(model) is null && p.GetValue(classifier) is null;
                var zone = RecordingStart.ZoneOf(p.GetValue(timeZone), options.Start);
                return new SitelessCount(detectors, name, p.GetValue(config), isKnown, options).RunAsync(RecordingStart.Of(sources, options.Start, zone), zone, cancellation);
            }

            if (p.GetValue(timeZone) is not null) throw new UsageException("--time-zone is for videos without a site file: the site's own stands in it");

            var settings = SiteSettings.Load(file, p.GetValue(config));
            var recording = RecordingStart.Of(sources, options.Start, settings.Site.TimeZone);
            var setup = Choose(settings.Site, p.GetValue(camera)) with { Source = sources[0] };
            var (catalog, named) = Detector(
                settings.Detectors, setup, p.GetValue(detector), p.GetValue(model), p.GetValue(threshold));
            if (p.GetValue(classifier) is { } second) catalog = GivenModel.AsClassifier(catalog, named.Detector, second);
            return new CountJob(settings.Site, named, recording, catalog, options).RunAsync(cancellation);
        });
        return command;
    }

    private static CameraSetup Choose(Site site, string? id)
    {
        var known = string.Join(", ", site.Cameras.Select(c => c.Id));
        if (id is null) return site.Cameras.Count == 1 ? site.Cameras[0] : throw new UsageException($"the site has several cameras: name one with --camera ({known})");
        return site.FindCamera(new CameraId(id)) ?? throw new UsageException($"the site has no camera \"{id}\": choose one of {known}");
    }

    private static (DetectorCatalog Catalog, CameraSetup Camera) Detector(
        DetectorCatalog catalog, CameraSetup camera, string? detector, string? model, float? threshold)
    {
        if (detector is not null && model is not null) throw new UsageException("--detector and --model exclude each other: give one");
        if (threshold is not null && model is null) throw new UsageException("--threshold goes with --model; a detector's threshold stands in the settings");
        if (threshold is <= 0 or >= 1 || float.IsNaN(threshold ?? 0.5f)) throw new UsageException("--threshold lies between 0 and 1");
        if (model is null)
        {
            var chosen = camera with { Detector = detector ?? camera.Detector };
            catalog.Resolve(chosen.Detector);
            return (catalog, chosen);
        }

        var (with, name) = GivenModel.AsDetector(catalog, model, threshold);
        return (with, camera with { Detector = name });
    }
}

/// <summary>What the command line asks of a count.</summary>
/// <param name="Videos">Files, folders and patterns, as given.</param>
/// <param name="Folder">Where the results go.</param>
/// <param name="Film">Annotated film to write, or null.</param>
/// <param name="Start">When the recording began, as given, or null.</param>
/// <param name="Bins">Length of the flow bins to write, or null.</param>
public sealed record CountOptions(IReadOnlyList<string> Videos, string Folder, string? Film, bool AsJson, string? Start = null, BinDuration? Bins = null)
{
    /// <summary>Of the tables that are written.</summary>
    public CsvForm Form { get; init; } = CsvForm.Comma;
}
