using System.Text.Json;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Detectors;
using TrafficFlow.Node.Settings;
using TrafficFlow.Synthetic;
using TrafficFlow.Synthetic.Views;
using TrafficFlow.Vision.Ffmpeg;

namespace TrafficFlow.SystemTests.Accuracy.Streets;

/// <summary>What is known of one film: its camera, what really passed, and what a detector found in each picture. Can be kept on disk.</summary>
internal sealed record StreetFilm(StreetCase Case, CameraSetup Camera, IReadOnlyList<StreetCrossing> Truth, Recording Found)
{
    private const string Ending = ".case.json";

    /// <summary>Paints the whole film and looks at each picture, as `count` does.</summary>
    public static async Task<StreetFilm> DetectAsync(StreetCase street, DetectorCatalog detectors, CancellationToken cancellation)
    {
        var (source, view) = ViewOf(street);
        var site = StreetSite.Of(view, street.Source, street.Frame);
        var camera = site.Cameras[0];
        using var factory = new VehicleDetectorFactory([new SiteSettings("", site, detectors)]);
        using var detector = factory.Create(camera);
        var found = new Recording(detector.Identity.Scores, []);
        await using var reader = await new FrameReaderFactory(CountedFrom, FfmpegTimeouts.Default, TimeProvider.System).OpenAsync(camera, cancellation);
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

    /// <summary>Only what a detector found is kept: the rest follows from the case.</summary>
    public void Keep(string folder)
    {
        Directory.CreateDirectory(folder);
        Found.Write(Path.Combine(folder, Case.Name + ".found"));
        var file = Path.Combine(folder, Case.Name + Ending);
        File.WriteAllText(file + ".part", JsonSerializer.Serialize(Case));
        File.Move(file + ".part", file, overwrite: true);
    }

    /// <summary>Those that are kept in a folder, in order of their names.</summary>
    public static IEnumerable<string> KeptIn(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "*" + Ending).Select(f => Path.GetFileName(f)[..^Ending.Length]).Order(StringComparer.Ordinal)
        : [];

    public static StreetFilm Read(string folder, string name)
    {
        var street = JsonSerializer.Deserialize<StreetCase>(File.ReadAllText(Path.Combine(folder, name + Ending)))
            ?? throw new FormatException($"{name} in {folder} holds nothing");
        var (source, view) = ViewOf(street);
        return new StreetFilm(street, StreetSite.Of(view, street.Source, street.Frame).Cameras[0], StreetTruth.Of(source, view, street.Frame), Recording.Read(Path.Combine(folder, name + ".found")));
    }

    private static (SyntheticSource Source, StreetView View) ViewOf(StreetCase street)
    {
        var source = SyntheticSource.Parse(street.Source);
        return (source, source.View((double)street.Frame.Width / street.Frame.Height));
    }
}
