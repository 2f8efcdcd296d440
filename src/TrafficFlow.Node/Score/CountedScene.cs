using System.Text.Json;
using System.Text.Json.Nodes;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Scoring;

namespace TrafficFlow.Node.Score;

/// <summary>When a count was marked as degraded: from the summary.json that `count` writes beside its crossings.csv.</summary>
internal static class CountedScene
{
    private static readonly string[] s_degraded = [.. Enum.GetValues<SceneState>().Where(s => new SceneVerdict(s).IsDegraded).Select(s => s.Name())];

    /// <summary>Empty where there is no such file, or none of ours: a count may come from elsewhere.</summary>
    public static IReadOnlyList<DegradedTime> Beside(string countedFile)
    {
        var file = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(countedFile))!, "summary.json");
        try
        {
            return File.Exists(file) && JsonNode.Parse(File.ReadAllText(file)) is JsonObject summary && summary["scene"] is JsonArray scene ? [.. scene.SelectMany(Read)] : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static IEnumerable<DegradedTime> Read(JsonNode? part) =>
        part is JsonObject o && Number(o["from_s"]) is { } from && Number(o["to_s"]) is { } to && o["kind"] is JsonValue value && value.TryGetValue(out string? kind) && s_degraded.Contains(kind)
            ? [new DegradedTime(from, to, kind)]
            : [];

    private static double? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue(out double number) ? number : null;
}
