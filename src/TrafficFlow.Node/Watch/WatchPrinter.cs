using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;
using TrafficFlow.Actors.Cameras;
using TrafficFlow.Actors.Serialization;
using TrafficFlow.Actors.Topics;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Scene;

namespace TrafficFlow.Node.Watch;

/// <summary>Prints messages of topics: a line for people, an object a line for programs.</summary>
internal static class WatchPrinter
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Print(IWireMessage message, bool asJson)
    {
        switch (message)
        {
            case FlowBinClosed closed:
                Print(closed.Bin, closed.Cursor, asJson);
                break;
            case FlowBinsOpen open:
                foreach (var bin in open.Bins) Print(bin, null, asJson);
                break;
            case CameraStatus status:
                Print(status, asJson);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(message), message, "no topic carries this");
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
                },
                Layout));
            return;
        }

        var streams = bin.Rows.GroupBy(r => r.Movement).OrderBy(g => g.Key).Select(g => $"{g.Key} {g.Sum(r => r.Sums.Count)}");
        var counts = bin.Quality == BinQuality.Blind && bin.Rows.IsEmpty ? "missing" : bin.Rows.IsEmpty ? "0 vehicles" : string.Join(", ", streams);
        var state = bin.IsClosed ? $"revision {bin.Revision}, cursor {cursor}" : "open";
        AnsiConsole.MarkupLineInterpolated(
            $"{bin.Key.Start:yyyy-MM-dd HH:mm} {bin.Key.Duration.Minutes,2} min  [bold]{bin.Key.Approach}[/]  {counts}  [dim]observed {bin.ObservedSeconds:0} s, {bin.Quality.ToString().ToLowerInvariant()}, {state}[/]");
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
                    Scene = status.Scene.Name(),
                    status.SceneReason,
                },
                Layout));
            return;
        }

        AnsiConsole.MarkupLineInterpolated(
            $"[bold]{status.Camera}[/] {status.State.ToString().ToLowerInvariant()} {status.Reason} scene {status.Scene.Name()} {status.SceneReason} [dim]{status.FramesPerSecond:0.0} frames/s, {status.Frames} frames, {status.Dropped} dropped, {status.Reconnects} reconnects[/]");
    }
}
