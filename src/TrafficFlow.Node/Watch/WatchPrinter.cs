using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Scene;
using TrafficFlow.Server.Topics;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Node.Watch;

/// <summary>Prints messages of topics: a line for people, an object a line for programs.</summary>
internal static class WatchPrinter
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Print(TopicMessage message, bool asJson)
    {
        switch (message.Message)
        {
            case FlowBinClosed closed:
                Print(closed.Bin, closed.Cursor, asJson);
                break;
            case FlowBinsOpen open:
                foreach (var bin in open.Bins) Print(bin, null, asJson);
                break;
            case JourneyEnded ended:
                Print(ended, message.Place, asJson);
                break;
            case CameraStatus status:
                Print(status, asJson);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(message), message.Message, "no topic carries this");
        }
    }

    private static void Print(FlowBin bin, long? cursor, bool asJson)
    {
        if (asJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(
                new
                {
                    Cursor = cursor,
                    Site = bin.Key.Site.Value,
                    Approach = bin.Key.Approach.Value,
                    Minutes = bin.Key.Duration.Minutes,
                    Start = bin.Key.Start,
                    bin.End,
                    Closed = bin.IsClosed,
                    bin.Revision,
                    Quality = bin.Quality.ToString().ToLowerInvariant(),
                    ObservedSeconds = Math.Round(bin.ObservedSeconds, 3),
                    bin.SiteHash,
                    Rows = bin.Rows.Select(r => new { Movement = r.Movement.Name, Class = r.Class.Name(), r.Sums.Count }),
                    Queue = bin.Queue is { } queue
                        ? new
                        {
                            MeanMetres = Math.Round(queue.MeanMetres ?? 0, 1),
                            MaxMetres = Math.Round(queue.MaxMetres, 1),
                            MeanVehicles = Math.Round(queue.MeanVehicles ?? 0, 1),
                            queue.MaxVehicles,
                        }
                        : null,
                },
                Layout));
            return;
        }

        var streams = bin.Rows.GroupBy(r => r.Movement).OrderBy(g => g.Key).Select(g => $"{g.Key} {g.Sum(r => r.Sums.Count)}");
        var counts = bin.Quality == BinQuality.Blind && bin.Rows.IsEmpty ? "missing" : bin.Rows.IsEmpty ? "0 vehicles" : string.Join(", ", streams);
        if (bin.Queue is { } back) counts += string.Create(CultureInfo.InvariantCulture, $"; queue {back.MeanMetres:0} m, at most {back.MaxMetres:0} m");
        var state = bin.IsClosed ? $"revision {bin.Revision}, cursor {cursor}" : "open";
        AnsiConsole.MarkupLineInterpolated(
            $"{bin.Key.Start:yyyy-MM-dd HH:mm} {bin.Key.Duration.Minutes,2} min  [bold]{bin.Key.Approach}[/]  {counts}  [dim]observed {bin.ObservedSeconds:0} s, {bin.Quality.ToString().ToLowerInvariant()}, {state}[/]");
    }

    private static void Print(JourneyEnded ended, TopicPlace? place, bool asJson)
    {
        var j = ended.Journey;
        if (asJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(
                new
                {
                    Cursor = place?.ToString(),
                    Site = ended.Site.Value,
                    j.Number,
                    Approach = j.Approach?.Value,
                    Exit = j.Exit?.Value,
                    j.EnteredAt,
                    j.LeftAt,
                    Class = j.Class.Name(),
                    ClassConfidence = Math.Round(j.ClassConfidence, 2),
                    Size = j.Class == VehicleClass.Unclassified ? null : j.Size.ToString().ToLowerInvariant(),
                    Colour = j.Colour == VehicleColour.Unknown ? null : j.Colour.Name(),
                    ColourConfidence = Math.Round(j.ColourConfidence, 2),
                    j.FirstSeenAt,
                    EnterSpeedKmh = Rounded(j.EnterSpeedKmh),
                    LeaveSpeedKmh = Rounded(j.LeaveSpeedKmh),
                    SpeedErrorKmh = Rounded(j.SpeedErrorKmh),
                    DistanceMetres = Math.Round(j.DistanceMetres, 1),
                    j.Stops,
                    StoppedSeconds = Math.Round(j.StoppedSeconds, 1),
                    DelaySeconds = Math.Round(j.DelaySeconds, 1),
                    j.Cameras,
                    ended.Provenance.SiteHash,
                    Detector = ended.Provenance.DetectorName,
                    ended.Provenance.DetectorVersion,
                    ended.Provenance.Calibration,
                },
                Layout));
            return;
        }

        var speed = (j.EnterSpeedKmh ?? j.LeaveSpeedKmh) is { } kmh ? $"{kmh:0} km/h ± {j.SpeedErrorKmh ?? 0:0.0}" : "speed unknown";
        AnsiConsole.MarkupLineInterpolated(
            $"{j.EnteredAt ?? j.LeftAt:yyyy-MM-dd HH:mm:ss}  [bold]{j.Approach?.Value ?? "unknown"} to {j.Exit?.Value ?? "unknown"}[/]  {j.Class.Name()} {j.Colour.Name()}  {speed}, {j.Stops} stops, {j.DelaySeconds:0} s lost  [dim]{j.Cameras} cameras[/]");

        static double? Rounded(double? value) => value is { } v ? Math.Round(v, 1) : null;
    }

    private static void Print(CameraStatus status, bool asJson)
    {
        if (asJson)
        {
            Console.WriteLine(JsonSerializer.Serialize(
                new
                {
                    Site = status.Site.Value,
                    Camera = status.Camera.Value,
                    State = status.State.ToString().ToLowerInvariant(),
                    status.Reason,
                    status.Frames,
                    status.Dropped,
                    FramesPerSecond = Math.Round(status.FramesPerSecond, 2),
                    status.Reconnects,
                    status.LastFrame,
                    Scene = status.Junction is null ? status.Scene.Name() : null,
                    status.SceneReason,
                    status.Junction,
                },
                Layout));
            return;
        }

        var seen = status.Junction is { } j ? $"{j.Whole} journeys, {j.Lost} only entered, {j.Appeared} only left, {j.Inside} inside {j.Explain()}" : $"scene {status.Scene.Name()} {status.SceneReason}";
        AnsiConsole.MarkupLineInterpolated(
            $"[bold]{status.Camera}[/] {status.State.ToString().ToLowerInvariant()} {status.Reason} {seen} [dim]{status.FramesPerSecond:0.0} frames/s, {status.Frames} frames, {status.Dropped} dropped, {status.Reconnects} reconnects[/]");
    }
}
