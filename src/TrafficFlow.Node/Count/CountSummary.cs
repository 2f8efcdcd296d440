using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Recordings;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Count.Videos;

namespace TrafficFlow.Node.Count;

/// <summary>What `summary.json` holds: what was counted, by which detector, and the totals. Nothing in it differs from run to run.</summary>
/// <param name="FramesPerSecond">Of the first file.</param>
/// <param name="Span">From the first frame to the end of the last file.</param>
/// <param name="Watched">The part of it that could be read.</param>
internal sealed record CountSummary(
    Site Site, CameraSetup Camera, Recording Recording, DetectorIdentity Detector, double FramesPerSecond, CountTally Tally,
    IReadOnlyList<FileReport> Files, Interval Span, IntervalSet Watched)
{
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>How ffmpeg was less confined than it should be; null where it was not.</summary>
    public string? DecoderNote { get; init; }

    public double Seconds => Files.Sum(f => f.Seconds);

    /// <summary>Why files could not be read to their end; null when all were.</summary>
    public string? Failure => Files.Any(f => f.Failure is not null) ? string.Join("; ", Files.Select(f => f.Failure?.Message).OfType<string>()) : null;

    public Provenance Provenance => new(Site.Hash, Detector.Name, Detector.Version, Camera.Plane?.Version ?? Provenance.NoCalibration);

    public int Count(GateId gate, CrossingDirection direction) => Tally.Crossings.Count(c => c.Gate == gate && c.Direction == direction);

    /// <summary>In the site's time, to the hundredth of a second; empty where nobody tells when the recording was taken.</summary>
    public string ClockTime(DateTimeOffset time, string format = "yyyy-MM-dd'T'HH:mm:ss.ffzzz")
    {
        if (Recording.Start is null) return "";
        var hundredth = new DateTimeOffset((long)Math.Round(time.Ticks / 1e5) * 100_000, time.Offset);
        return TimeZoneInfo.ConvertTime(hundredth, Site.TimeZone).ToString(format, CultureInfo.InvariantCulture);
    }

    public string ToJson()
    {
        var gates = new JsonObject();
        foreach (var gate in Camera.Gates)
        {
            gates[gate.Id.Value] = new JsonObject
            {
                ["forward"] = Classes(gate.Id, CrossingDirection.Forward),
                ["backward"] = Classes(gate.Id, CrossingDirection.Backward),
            };
        }

        var (files, name) = (Recording.Files, Recording.Files[0].Name);
        var summary = new JsonObject
        {
            ["video"] = files.Count == 1 ? name : $"{name} and {files.Count - 1} more",
            ["start"] = Recording.Start is null ? null : ClockTime(Recording.Zero),
            ["frames"] = Tally.Frames,
            ["seconds"] = Math.Round(Seconds, 3),
            ["fps"] = Math.Round(FramesPerSecond, 3),
            ["detector"] = Detector.Name,
            ["detector_version"] = Detector.Version,
            ["camera"] = Camera.Id.Value,
            ["site"] = Site.Id.Value,
            ["site_hash"] = Site.Hash,
            ["complete"] = Failure is null,
            ["degraded_seconds"] = Math.Round(FaultReport.DegradedSeconds(Tally), 2),
            ["video_faults"] = FaultReport.ToJson(Tally),
            ["gates"] = gates,
            ["scene"] = Tally.Scene.ToJson(),
            ["files"] = new JsonArray([.. Files.Select(File)]),
            ["pictures"] = new JsonArray([.. Tally.Pictures.Select(p => p.ToJson())]),
        };
        if (Detector.Note is not null) summary["detector_note"] = Detector.Note;
        if (DecoderNote is not null) summary["decoder_note"] = DecoderNote;
        if (Failure is not null) summary["failure"] = Failure;
        return summary.ToJsonString(Layout);
    }

    private JsonObject Classes(GateId gate, CrossingDirection direction)
    {
        var classes = new JsonObject();
        foreach (var group in Tally.Crossings.Where(c => c.Gate == gate && c.Direction == direction).GroupBy(c => c.Class).OrderBy(g => g.Key))
            classes[group.Key.Name()] = group.Count();
        return classes;
    }

    private JsonObject File(FileReport report)
    {
        var file = new JsonObject
        {
            ["file"] = report.Name,
            ["start"] = Recording.Start is null ? null : ClockTime(report.Start),
            ["start_s"] = Math.Round(Tally.Seconds(report.Start), 3),
            ["seconds"] = Math.Round(report.Seconds, 3),
            ["frames"] = report.Frames,
            ["complete"] = report.Failure is null,
        };
        if (report.Repeated > 0) file["repeated_frames"] = report.Repeated;
        if (report.Failure is { } failure) file["failure"] = failure.Message;
        return file;
    }
}
