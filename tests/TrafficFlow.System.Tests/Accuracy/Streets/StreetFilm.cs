using System.Text.Json;
using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Detectors;
using TrafficFlow.Node.Settings;
using TrafficFlow.Vision;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Synthetic;
using TrafficFlow.Vision.Synthetic.Views;

namespace TrafficFlow.SystemTests.Accuracy.Streets;

/// <summary>What is known of one film: its camera, what really passed, and what a detector found in each picture. Can be kept on disk.</summary>
internal sealed record StreetFilm(StreetCase Case, CameraSetup Camera, IReadOnlyList<StreetCrossing> Truth, Recording Found)
{
    private static readonly JsonSerializerOptions s_layout = new() { WriteIndented = false };

    /// <summary>Paints the whole film and looks at each picture, as `count` does.</summary>
    public static async Task<StreetFilm> DetectAsync(StreetCase street, DetectorCatalog detectors, CancellationToken cancellation)
    {
        var source = SyntheticSource.Parse(street.Source);
        var view = source.View((double)street.Frame.Width / street.Frame.Height);
        var site = StreetSite.Of(view, street.Source, street.Frame);
        var camera = site.Cameras[0];
        using var factory = new VehicleDetectorFactory([new SiteSettings("", site, detectors)]);
        using var detector = factory.Create(camera);
        var found = new Recording(detector.Identity.Scores, []);
        await using var reader = await new FrameReaderFactory(CountedFrom, FfmpegPatience.Default, TimeProvider.System).OpenAsync(camera, cancellation);
        var detections = new List<Detection>();
        while (await reader.ReadAsync(cancellation) is { } frame)
        {
            using (frame)
            {
                if (!detector.IsDue(frame.EventTime)) continue;
                detector.Detect(frame, detections);
                found.Frames.Add((frame.EventTime, [.. detections]));
            }
        }

        return new StreetFilm(street, camera, StreetTruth.Of(source, view, street.Frame), found);
    }

    public static DateTimeOffset CountedFrom => DateTimeOffset.UnixEpoch;

    public void Keep(string folder)
    {
        Directory.CreateDirectory(folder);
        Found.Write(Path.Combine(folder, Case.Name + ".found"));
        var kept = new Kept(
            Case, [.. Camera.Gates.Select(g => new KeptGate(g.Id.Value, g.From.X, g.From.Y, g.To.X, g.To.Y))],
            [.. Camera.Ground.Select(g => new KeptPoint(g.Image.X, g.Image.Y, g.EastMetres, g.NorthMetres))], Camera.Lens?.K1 ?? 0, Truth);
        var file = Path.Combine(folder, Case.Name + ".street.json");
        File.WriteAllText(file + ".part", JsonSerializer.Serialize(kept, s_layout));
        File.Move(file + ".part", file, overwrite: true);
    }

    /// <summary>Those that are kept in a folder, in order of their names.</summary>
    public static IEnumerable<string> KeptIn(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*.street.json").Select(f => Path.GetFileName(f)[..^".street.json".Length]).Order(StringComparer.Ordinal)
        : [];

    public static StreetFilm Read(string folder, string name)
    {
        var kept = JsonSerializer.Deserialize<Kept>(File.ReadAllText(Path.Combine(folder, name + ".street.json")), s_layout)
            ?? throw new FormatException($"{name} in {folder} holds nothing");
        var frame = kept.Case.Frame;
        var lens = new LensDistortion(kept.K1, 0, (double)frame.Width / frame.Height);
        List<GroundReference> ground = [.. kept.Ground.Select(g => new GroundReference(new(g.X, g.Y), g.East, g.North))];
        var camera = new CameraSetup(
            new CameraId(StreetSite.Camera), kept.Case.Source, frame, "default", [],
            [.. kept.Gates.Select(g => new Gate(new GateId(g.Id), new(g.FromX, g.FromY), new(g.ToX, g.ToY)))], ground)
        {
            Lens = kept.K1 == 0 ? null : lens,
            Plane = ground.Count < GroundPlaneFit.MinPoints ? null : GroundPlaneFit.Fit(ground, lens.Aspect, lens).Plane,
        };
        return new StreetFilm(kept.Case, camera, kept.Truth, Recording.Read(Path.Combine(folder, name + ".found")));
    }

    private sealed record Kept(StreetCase Case, IReadOnlyList<KeptGate> Gates, IReadOnlyList<KeptPoint> Ground, double K1, IReadOnlyList<StreetCrossing> Truth);

    private sealed record KeptGate(string Id, double FromX, double FromY, double ToX, double ToY);

    private sealed record KeptPoint(double X, double Y, double East, double North);
}
