using System.CommandLine;
using System.Globalization;
using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;

namespace TrafficFlow.Node.Calibrate;

/// <summary>`trafficflow calibrate`: from places in a picture to metres on the road, and how well that is known.</summary>
public static class CalibrateCommand
{
    public static Command Create()
    {
        var video = new Argument<string?>("VIDEO")
        {
            Description = "A video of the camera, for the picture and for --vehicles. Default: the camera's source, where it is a file.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var site = new Option<string>("--site") { Description = "The site file.", HelpName = "FILE", Required = true };
        var camera = new Option<string?>("--camera") { Description = "Which camera of the site. Not needed where the site has one.", HelpName = "ID" };
        var points = new Option<string?>("--points")
        {
            Description = "Surveyed points as CSV with a header: x,y,east,north (fractions of the picture) or px_x,px_y,east,north (pixels of --size), metres. "
                + "Default: the site's own ground points.",
            HelpName = "FILE.csv",
        };
        var size = new Option<string?>("--size") { Description = "Size of the picture in which px_x,px_y were read. Default: the camera's frame.", HelpName = "WxH" };
        var lanes = new Option<string?>("--lanes")
        {
            Description = "Nothing surveyed: lines along the lanes, neighbours one lane width apart, as x1,y1,x2,y2;x1,y1,x2,y2 in fractions of the picture.",
            HelpName = "LINES",
        };
        var width = new Option<double?>("--lane-width") { Description = "Width of those lanes in metres.", HelpName = "M" };
        var vehicles = new Option<bool>("--vehicles") { Description = "Nothing surveyed: take the scale from the vehicles that pass in VIDEO, which are of ordinary size." };
        var view = new Option<double?>("--field-of-view") { Description = "With --lanes or --vehicles: the camera's horizontal field of view in degrees, from its data sheet.", HelpName = "DEGREES" };
        var ask = new Option<bool>("--ask") { Description = "Ask step by step, on a terminal, though the site file has ground points already." };
        var target = new Option<string?>("--out") { Description = "Write the site file with the ground points here.", HelpName = "FILE" };
        var write = new Option<bool>("--write") { Description = "Write the ground points into the site file itself." };
        var picture = new Option<string?>("--picture") { Description = "Write the anonymized picture with a grid of metres and the points.", HelpName = "FILE.png" };
        var at = new Option<double>("--at") { Description = "Second of VIDEO of that picture.", HelpName = "SECONDS", DefaultValueFactory = _ => 1 };
        var detector = new Option<string?>("--detector") { Description = "A name from trafficflow.detectors, for example vehicles (the default); instead of the site's.", HelpName = "NAME" };
        var model = new Option<string?>("--model") { Description = "An ONNX model file; its layout is recognised.", HelpName = "FILE.onnx" };
        var config = new Option<string?>("--config") { Description = "Node settings whose detectors may be named.", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "One JSON object on standard output, for programs." };
        var command = new Verb(
            "calibrate",
            "Computes where on the road places in the picture lie, tells the error, and draws it.",
            "trafficflow calibrate --site street.conf --camera cam1 --picture grid.png",
            "trafficflow calibrate street.mp4 --site street.conf --points survey.csv --picture grid.png --write",
            "trafficflow calibrate street.mp4 --site street.conf --lanes 0.30,0.9,0.45,0.4;0.55,0.9,0.52,0.4 --lane-width 3.25 --write",
            "trafficflow calibrate street.mp4 --site street.conf --vehicles --out measured.conf")
        {
            video, site, camera, points, size, lanes, width, vehicles, view, ask, target, write, picture, at, detector, model, config, json,
        };
        command.Details =
        [
            "Without ground points, --points, --lanes or --vehicles, and on a terminal, it asks step by step; --ask asks in any case.",
            "Survey 6 to 12 points on the road that are easy to see (ends of markings, corners of kerbs, manholes), near and far, left and right.",
        ];
        command.SetAction((p, cancellation) =>
        {
            if (p.GetValue(write) && p.GetValue(target) is not null) throw new UsageException("--write and --out exclude each other: give one");
            var settings = SiteSettings.Load(p.GetRequiredValue(site), p.GetValue(config));
            var setup = CalibrateDetector.Choose(settings.Site, p.GetValue(camera));
            var options = new CalibrateOptions
            {
                SiteFile = p.GetRequiredValue(site),
                Config = p.GetValue(config),
                Video = p.GetValue(video),
                PointsFile = p.GetValue(points),
                PointsSize = Size(p.GetValue(size), setup.Frame),
                Lanes = Lines(p.GetValue(lanes)),
                LaneWidth = Positive(p.GetValue(width), "--lane-width", 2, 6, "metres"),
                FromVehicles = p.GetValue(vehicles),
                FieldOfView = Positive(p.GetValue(view), "--field-of-view", 3, 150, "degrees"),
                Asks = p.GetValue(ask),
                Target = p.GetValue(write) ? p.GetRequiredValue(site) : p.GetValue(target),
                Picture = p.GetValue(picture),
                At = p.GetValue(at) is >= 0 and <= 86400 and var second ? second : throw new UsageException("--at is a second of the video, from 0 on"),
                AsJson = p.GetValue(json),
            };
            options.Check();
            var (catalog, named) = CalibrateDetector.Name(settings.Detectors, setup, p.GetValue(detector), p.GetValue(model));
            return new CalibrateJob(settings.Site, named, catalog, options).RunAsync(cancellation);
        });
        return command;
    }

    private static double? Positive(double? value, string option, double least, double most, string unit) =>
        value is null || (value >= least && value <= most) ? value : throw new UsageException(FormattableString.Invariant($"{option} lies between {least} and {most} {unit}"));

    private static (int Width, int Height) Size(string? text, FrameFormat frame)
    {
        if (text is null) return (frame.Width, frame.Height);
        var parts = text.Split('x', 'X');
        return parts.Length == 2 && int.TryParse(parts[0], CultureInfo.InvariantCulture, out var w) && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var h) && w > 0 && h > 0
            ? (w, h)
            : throw new UsageException($"--size \"{text}\" is no size: write width and height in pixels, for example 1920x1080");
    }

    private static IReadOnlyList<LaneLine> Lines(string? text)
    {
        if (text is null) return [];
        var lines = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Line).ToList();
        return lines.Count >= 2 ? lines : throw new UsageException("--lanes holds one line: give two or more, neighbours one lane width apart");
    }

    private static LaneLine Line(string text)
    {
        var numbers = text.Split(',').Select(n => double.TryParse(n, NumberStyles.Float, CultureInfo.InvariantCulture, out var x) && x is >= 0 and <= 1 ? x : double.NaN).ToList();
        if (numbers.Count != 4 || numbers.Any(double.IsNaN))
            throw new UsageException($"--lanes: \"{text}\" is no line: write x1,y1,x2,y2 in fractions of the picture, 0..1");
        return new LaneLine(new PicturePoint(numbers[0], numbers[1]), new PicturePoint(numbers[2], numbers[3]));
    }
}
