using System.Globalization;
using System.Text.Json.Nodes;
using TrafficFlow.Core.Frames;

namespace TrafficFlow.Node.Count;

/// <summary>How the faults of a video are told: in summary.json, and as lines for people.</summary>
internal static class FaultReport
{
    /// <summary>Pictures of these were there and cannot be trusted: the count goes through, and the exit code says so.</summary>
    public static bool IsDoubtful(CountTally tally) => tally.Faults.Any(f => f.Kind == VideoFaultKind.Damaged);

    /// <summary>Seconds that were watched, in damaged pictures.</summary>
    public static double DegradedSeconds(CountTally tally) => tally.Faults.Where(f => f.Kind == VideoFaultKind.Damaged).Sum(f => (f.To - f.From).TotalSeconds);

    public static JsonArray ToJson(CountTally tally) => new([.. tally.Faults.Select(fault => (JsonNode)new JsonObject
    {
        ["from_s"] = Math.Round(fault.From.TotalSeconds, 2),
        ["to_s"] = Math.Round(fault.To.TotalSeconds, 2),
        ["kind"] = Name(fault.Kind),
        ["crossings"] = Within(tally, fault),
        ["reason"] = fault.Reason,
    })]);

    public static IEnumerable<string> Warnings(CountTally tally) => tally.Faults.Select(fault => string.Create(
        CultureInfo.InvariantCulture,
        $"{fault.From.TotalSeconds:0.0} to {fault.To.TotalSeconds:0.0} s: {fault.Reason}{(fault.Kind == VideoFaultKind.Damaged ? Doubt(Within(tally, fault)) : "")}"));

    private static string Doubt(int crossings) => $"; {crossings} of the counted crossings lie there, and others may be missing";

    private static int Within(CountTally tally, VideoFault fault) => tally.Crossings.Count(c => IsWithin(tally.Seconds(c.Time), fault));

    private static bool IsWithin(double seconds, VideoFault fault) => seconds >= fault.From.TotalSeconds && seconds < fault.To.TotalSeconds;

    private static string Name(VideoFaultKind kind) => kind switch
    {
        VideoFaultKind.Damaged => "damaged",
        VideoFaultKind.Pause => "pause",
        VideoFaultKind.ClockSet => "clock-set",
        VideoFaultKind.Cut => "cut",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "a fault that nobody named"),
    };
}
