using System.CommandLine;
using TrafficFlow.Node.Calibrate;
using TrafficFlow.Node.Settings;
using TrafficFlow.Synthetic;
using TrafficFlow.Vision.Ffmpeg;

namespace TrafficFlow.Node.Mark;

/// <summary>`trafficflow mark`: a person marks what passes the gates of a clip, and `score` then measures a count against it.</summary>
public static class MarkCommand
{
    public static Command Create()
    {
        var video = new Argument<string>("VIDEO") { Description = "The clip: some minutes are enough. Or synthetic:north?seconds=60 with hocon/sites/demo.conf." };
        var site = new Option<string>("--site") { Description = "The site file: where masks and gates lie.", HelpName = "FILE", Required = true };
        var camera = new Option<string?>("--camera") { Description = "Which camera of the site took the clip. Not needed where the site has one.", HelpName = "ID" };
        var target = new Option<string>("--out")
        {
            Description = "The truth file to write; marks that it holds already are taken up again.",
            HelpName = "FILE.csv",
            DefaultValueFactory = _ => "truth.csv",
        };
        var detector = new Option<string?>("--detector") { Description = "What finds persons and vehicles to coarsen in the pictures; instead of the site's.", HelpName = "NAME" };
        var model = new Option<string?>("--model") { Description = "An ONNX model file for the same; its layout is recognised.", HelpName = "FILE.onnx" };
        var config = new Option<string?>("--config") { Description = "Node settings whose detectors may be named.", HelpName = "FILE" };
        var port = new Option<int>("--port") { Description = "Port on 127.0.0.1; 0 takes a free one.", HelpName = "PORT", DefaultValueFactory = _ => 0 };
        var noBrowser = new Option<bool>("--no-browser") { Description = "Print the address only." };
        var command = new Verb(
            "mark",
            "Lets you mark what really passed the gates, in a browser on this machine: the truth for `trafficflow score`.",
            "trafficflow mark street.mp4 --site street.conf --out truth.csv",
            "trafficflow score --truth truth.csv --counted street/crossings.csv")
        {
            video, site, camera, target, detector, model, config, port, noBrowser,
        };
        command.Details =
        [
            "The page shows each gate as a slit-scan: time to the right, the gate from its beginning (top) to its end (bottom). A click on a passing",
            "vehicle marks it. Keys: arrows one frame (with shift a second), space plays, Tab next gate, Enter marks, 1-6 class, d direction,",
            "o optional, Delete removes, u undoes, s saves. Every change is saved at once. Ctrl+C here, or the page's button, ends it.",
            "All pictures are anonymized and served to this machine only; the address is new each time, and lets in the first browser that opens it.",
        ];
        command.SetAction((p, cancellation) =>
        {
            var (clip, file, number) = (p.GetRequiredValue(video), p.GetValue(target)!, p.GetValue(port));
            if (number is < 0 or > 65535) throw new UsageException("--port lies between 0 and 65535");
            if (Directory.Exists(file)) throw new UsageException($"--out {file} is a folder: name a file in it");
            if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && !Directory.Exists(folder)) throw new UsageException($"--out: there is no folder {folder}");
            var settings = SiteSettings.Load(p.GetRequiredValue(site), p.GetValue(config));
            var chosen = CalibrateDetector.Choose(settings.Site, p.GetValue(camera));
            if (chosen.Gates.Count == 0) throw new UsageException($"camera {chosen.Id} has no gates: draw them in the site file first");
            var (catalog, setup) = CalibrateDetector.Name(settings.Detectors, chosen, p.GetValue(detector), p.GetValue(model));
            return new MarkJob(settings.Site, setup with { Source = Source(clip) }, catalog, Path.GetFullPath(file), number, !p.GetValue(noBrowser)).RunAsync(cancellation);
        });
        return command;
    }

    private static string Source(string video)
    {
        if (video.Contains("://", StringComparison.Ordinal)) throw new UsageException($"{VideoSource.Redact(video)} is a camera and has no end: record some minutes and mark those");
        if (!SyntheticSource.IsSynthetic(video)) return Path.GetFullPath(video);
        return SyntheticSource.Parse(video).Seconds is not null ? video : throw new UsageException($"{video} has no end: say how long, for example {video}?seconds=60");
    }
}
