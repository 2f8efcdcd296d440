using System.Text.Json;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Scoring;

namespace TrafficFlow.Node.Score;

/// <summary>The score as one JSON object. Shares are 0..1; a figure that cannot be formed is null.</summary>
public static class ScoreJson
{
    internal static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(IReadOnlyList<RecordingScore> scores, double toleranceSeconds, double segmentSeconds) => JsonSerializer.Serialize(
        new
        {
            tolerance_s = toleranceSeconds,
            pairs = scores.Select(s => new
            {
                truth = s.Pair.TruthFile,
                counted = s.Pair.CountedFile,
                gates = s.Score.Gates.Select(g => Figures(g.Tally, s.Score.Seconds, g.Gate.Value, g.Direction)),
                total = Figures(s.Score.Total, s.Score.Seconds),
                missed = s.Score.Missed.Select(m => Row(m.Gate.Value, m.Direction, m.TimeSeconds, m.Class?.Name())),
                extra = s.Score.Extra.Select(e => Row(e.Gate.Value, e.Direction, e.TimeSeconds, e.Class.Name())),
            }),
            classes = Confusion.OfClasses(scores.Select(s => s.Score)).Select(Row),
            sizes = Confusion.OfSizes(scores.Select(s => s.Score)).Select(Row),
            colours = Confusion.OfColours(scores.Select(s => s.Score)).Select(Row),
            movements = Confusion.OfMovements(scores.Select(s => s.Score)).Select(Row),
            by_class = Breakdown.ByClass([.. scores.Select(s => s.Score)]).Select(Row),
            by_movement = Breakdown.ByMovement([.. scores.Select(s => s.Score)]).Select(Row),
            by_lighting = Breakdown.ByLighting([.. scores.Select(s => s.Score)]).Select(Row),
            by_scene = Breakdown.ByScene([.. scores.Select(s => s.Score)]).Select(Row),
            mape_percent = Round(CountScore.MeanAbsolutePercentError(scores.Select(s => s.Score))),
            segments = Row(SegmentScore.Of(scores.Select(s => s.Score), segmentSeconds)),
            speed = SpeedErrors.Of(scores.Select(s => s.Score)) is { } speed
                ? new
                {
                    vehicles = speed.Pairs.Count,
                    mean_error_kmh = Round(speed.MeanKmh),
                    mean_absolute_error_kmh = Round(speed.MeanAbsoluteKmh),
                    sigma_kmh = Round(speed.SigmaKmh),
                    max_error_kmh = Round(speed.MaxKmh),
                }
                : null,
            total = Figures(
                scores.Aggregate(Tally.Empty, (sum, s) => sum + s.Score.Total), scores.Sum(s => s.Score.Seconds)),
        },
        Format);

    private static Dictionary<string, object?> Figures(Tally t, double seconds, string? gate = null, CrossingDirection? direction = null)
    {
        var figures = new Dictionary<string, object?>();
        if (gate is not null)
        {
            figures["gate"] = gate;
            figures["direction"] = Name(direction!.Value);
        }

        figures["true"] = t.True;
        figures["counted"] = t.Counted;
        figures["matched"] = t.Matched;
        figures["missed"] = t.Missed;
        figures["extra"] = t.Extra;
        figures["set_aside"] = t.SetAside;
        figures["precision"] = Round(t.Precision);
        figures["recall"] = Round(t.Recall);
        figures["signed_error_percent"] = Round(t.SignedErrorPercent);
        figures["geh"] = Round(t.Geh(seconds));
        figures["mean_time_shift_s"] = Round(t.MeanShiftSeconds);
        figures["mean_time_error_s"] = Round(t.MeanErrorSeconds);
        figures["max_time_error_s"] = t.Matched == 0 ? null : Round(t.MaxErrorSeconds);
        figures["seconds"] = Round(seconds);
        return figures;
    }

    private static object Row(string gate, CrossingDirection direction, double time, string? vehicleClass) =>
        new { gate, direction = Name(direction), time_s = Round(time), @class = vehicleClass };

    private static Dictionary<string, object?> Row(Breakdown b)
    {
        var row = new Dictionary<string, object?> { ["name"] = b.Name };
        foreach (var (key, value) in Figures(b.Tally, b.Seconds)) row[key] = value;
        return row;
    }

    private static object Row(SegmentScore s) => new
    {
        segment_s = s.LengthSeconds,
        count = s.Segments.Count,
        exact_share = Round(s.ExactShare),
        mean_error = Round(s.MeanError),
        mean_absolute_error = Round(s.MeanAbsoluteError),
        rms_error = Round(s.RootMeanSquareError),
        mape_percent = Round(s.MeanAbsolutePercentError),
        geh_below_5_share = Round(s.AcceptableShare),
    };

    private static object Row(Confusion c) => new { @true = c.True, counted = c.Counted, vehicles = c.Vehicles };

    private static string Name(CrossingDirection direction) => direction == CrossingDirection.Forward ? "forward" : "backward";

    private static double? Round(double? value) => value is { } v ? Math.Round(v, 4) : null;
}
