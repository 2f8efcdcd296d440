using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using TrafficFlow.Node.Topics;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Node.Watch;

/// <summary>Prints bins, journeys, incidents and cameras: a line for people, an object a line for programs.</summary>
internal static class WatchPrinter
{
    // Of TopicValues, what people are shown.
    private sealed record Journey(
        string? Approach, string? Exit, DateTimeOffset? EnteredAt, DateTimeOffset? LeftAt, string Class, string? Colour, double? EnterSpeedKmh,
        double? LeaveSpeedKmh, double? SpeedErrorKmh, int Stops, double DelaySeconds, int Cameras, string? Id);

    private sealed record Incident(
        string Id, string Kind, string State, string Area, string? Approach, double? MetresFromGate, double? LateralMetres, DateTimeOffset BeganAt, DateTimeOffset? EndedAt,
        double Confidence, int Passed, double? Expected, bool Late);

    internal sealed record Camera(
        [property: System.Text.Json.Serialization.JsonPropertyName("camera")] string Id, string State, string Reason, long Frames, long Dropped, double FramesPerSecond,
        int Reconnects, string? Scene, string SceneReason, JunctionHealth? Junction);

    public static void Print(string topic, JsonElement value, bool asJson)
    {
        if (asJson) Console.WriteLine(JsonSerializer.Serialize(value, TopicLine.Layout));
        else if (TopicNames.ParseFlow(topic) is not null) Print(Read<WatchedBin>(value));
        else if (TopicNames.ParseJourneys(topic) is not null) Print(Read<Journey>(value));
        else if (TopicNames.ParseIncidents(topic) is not null) Print(Read<Incident>(value));
        else Print(Read<Camera>(value));
    }

    internal static T Read<T>(JsonElement value) => value.Deserialize<T>(TopicLine.Layout)!;

    private static void Print(WatchedBin bin)
    {
        var counts = bin.QueueInWords is { Length: > 0 } queue ? $"{bin.Counts}; queue {queue}" : bin.Counts;
        var state = bin.Closed ? $"revision {bin.Revision}, cursor {bin.Cursor}" : "open";
        var doubt = bin.Doubt is { Length: > 0 } why ? $" ({why})" : "";
        AnsiConsole.MarkupLineInterpolated(
            $"{bin.Start:yyyy-MM-dd HH:mm zzz} {bin.Minutes,2} min  [bold]{bin.Approach}[/]  {counts}  [dim]observed {bin.ObservedSeconds:0} s, {bin.Quality}{doubt}, {state}[/]");
    }

    private static void Print(Journey j)
    {
        var speed = (j.EnterSpeedKmh ?? j.LeaveSpeedKmh) is { } kmh ? $"{kmh:0} km/h ± {j.SpeedErrorKmh ?? 0:0.0}" : "speed unknown";
        AnsiConsole.MarkupLineInterpolated(
            $"{j.EnteredAt ?? j.LeftAt:yyyy-MM-dd HH:mm:ss zzz}  [bold]{j.Approach ?? "unknown"} to {j.Exit ?? "unknown"}[/]  {j.Class} {j.Colour}  {speed}, {j.Stops} stops, {j.DelaySeconds:0} s lost  [dim]{j.Cameras} cameras, {j.Id}[/]");
    }

    private static void Print(Incident i)
    {
        var where = i.MetresFromGate is { } metres ? $"{i.Area} {i.Approach}, {metres:0} m from the gate, {Math.Abs(i.LateralMetres ?? 0):0.0} m {(i.LateralMetres < 0 ? "left" : "right")} of its middle" : $"{i.Area} {i.Approach}";
        var passed = i.Expected is { } expected ? $"{i.Passed} vehicles instead of {expected:0}" : $"{i.Passed} went past";
        var end = i.EndedAt is { } ended ? $" at {ended:HH:mm:ss}" : "";
        AnsiConsole.MarkupLineInterpolated(
            $"{i.BeganAt:yyyy-MM-dd HH:mm:ss zzz}  [bold]{i.Kind}[/] {i.State}{end}  {where}  confidence {i.Confidence:0.00}, {passed}{(i.Late ? ", told late" : "")}  [dim]{i.Id}[/]");
    }

    private static void Print(Camera camera)
    {
        var seen = camera.Junction is { } j ? $"{j.Whole} journeys, {j.Lost} only entered, {j.Appeared} only left, {j.Inside} inside {j.Explain()}" : $"scene {camera.Scene} {camera.SceneReason}";
        AnsiConsole.MarkupLineInterpolated(
            $"[bold]{camera.Id}[/] {camera.State} {camera.Reason} {seen} [dim]{camera.FramesPerSecond:0.0} frames/s, {camera.Frames} frames, {camera.Dropped} dropped, {camera.Reconnects} reconnects[/]");
    }
}
