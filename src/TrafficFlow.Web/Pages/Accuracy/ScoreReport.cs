using System.Text.Json;

namespace TrafficFlow.Web.Pages.Accuracy;

/// <summary>Counted against true. A figure that cannot be formed is null.</summary>
public sealed record ScoreFigures(string Name, long True, long Counted, long Missed, long Extra, double? Precision, double? Recall, double? SignedErrorPercent, double? Geh);

/// <param name="SegmentSeconds">Length of the pieces of time that are compared.</param>
/// <param name="ExactShare">Of the pieces that were counted to the last vehicle, 0 to 1.</param>
/// <param name="GehBelow5Share">The same of those with a GEH below 5.</param>
public sealed record ScoreSegments(double SegmentSeconds, long Count, double? ExactShare, double? MeanAbsoluteError, double? GehBelow5Share);

/// <param name="Vehicles">Of whom both speeds are known.</param>
public sealed record ScoreSpeed(long Vehicles, double? MeanErrorKmh, double? MeanAbsoluteErrorKmh, double? MaxErrorKmh);

/// <summary>What `trafficflow score --json` has written. Pure.</summary>
/// <param name="Name">Of its file, without its ending.</param>
/// <param name="Clips">Total of each pair of files, by the name of the counted one.</param>
public sealed record ScoreReport(
    string Name, DateTimeOffset WrittenAt, ScoreFigures Total, IReadOnlyList<ScoreFigures> Clips, IReadOnlyList<ScoreFigures> ByMovement, IReadOnlyList<ScoreFigures> ByClass, IReadOnlyList<ScoreFigures> ByLighting,
    ScoreSegments? Segments, ScoreSpeed? Speed)
{
    private const int MostRows = 1_000;

    /// <returns>Null where it is no score.</returns>
    public static ScoreReport? Parse(string name, DateTimeOffset writtenAt, ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return new ScoreReport(
                name, writtenAt, Figures(root.GetProperty("total"), ""),
                [.. root.GetProperty("pairs").EnumerateArray().Take(MostRows).Select(p => Figures(p.GetProperty("total"), Path.GetFileName(p.GetProperty("counted").GetString() ?? "")))],
                Rows(root, "by_movement"), Rows(root, "by_class"), Rows(root, "by_lighting"), SegmentsOf(root), SpeedOf(root));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }

    private static IReadOnlyList<ScoreFigures> Rows(JsonElement root, string name) =>
        root.TryGetProperty(name, out var rows) ? [.. rows.EnumerateArray().Take(MostRows).Select(r => Figures(r, r.GetProperty("name").GetString() ?? ""))] : [];

    private static ScoreFigures Figures(JsonElement row, string name) => new(
        name, row.GetProperty("true").GetInt64(), row.GetProperty("counted").GetInt64(), row.GetProperty("missed").GetInt64(), row.GetProperty("extra").GetInt64(),
        Number(row, "precision"), Number(row, "recall"), Number(row, "signed_error_percent"), Number(row, "geh"));

    private static ScoreSegments? SegmentsOf(JsonElement root) => root.TryGetProperty("segments", out var s) && s.ValueKind == JsonValueKind.Object
        ? new ScoreSegments(s.GetProperty("segment_s").GetDouble(), s.GetProperty("count").GetInt64(), Number(s, "exact_share"), Number(s, "mean_absolute_error"), Number(s, "geh_below_5_share"))
        : null;

    private static ScoreSpeed? SpeedOf(JsonElement root) => root.TryGetProperty("speed", out var s) && s.ValueKind == JsonValueKind.Object
        ? new ScoreSpeed(s.GetProperty("vehicles").GetInt64(), Number(s, "mean_error_kmh"), Number(s, "mean_absolute_error_kmh"), Number(s, "max_error_kmh"))
        : null;

    private static double? Number(JsonElement row, string name) => row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
