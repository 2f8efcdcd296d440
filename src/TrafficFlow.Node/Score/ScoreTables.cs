using System.Globalization;
using Spectre.Console;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Scoring;

namespace TrafficFlow.Node.Score;

/// <summary>The score as tables for people.</summary>
public static class ScoreTables
{
    public static void Write(IAnsiConsole console, IReadOnlyList<RecordingScore> scores, double segmentSeconds)
    {
        // Redirected output is read by people and by grep: a row must not be folded.
        if (!console.Profile.Out.IsTerminal) console.Profile.Width = 200;
        console.Write(Figures(scores));
        IReadOnlyList<CountScore> all = [.. scores.Select(s => s.Score)];
        WriteBreakdown(console, "class", Breakdown.ByClass(all));
        WriteBreakdown(console, "movement", Breakdown.ByMovement(all));
        WriteBreakdown(console, "lighting", Breakdown.ByLighting(all));
        WriteBreakdown(console, "scene", Breakdown.ByScene(all));
        WriteConfusion(console, "class", Confusion.OfClasses(all));
        WriteConfusion(console, "size", Confusion.OfSizes(all));
        WriteConfusion(console, "colour", Confusion.OfColours(all));
        WriteConfusion(console, "movement", Confusion.OfMovements(all));
        console.WriteLine(Told(SegmentScore.Of(all, segmentSeconds), CountScore.MeanAbsolutePercentError(all)));
        if (SpeedErrors.Of(all) is { } speed) console.WriteLine(Told(speed));
        foreach (var score in scores) WriteErrors(console, score);
        if (scores.Any(s => s.Score.Total.SetAside > 0))
        {
            console.WriteLine("aside: counted crossings of optional vehicles, neither right nor wrong.");
        }
    }

    private static string Told(SegmentScore s, double? gatesPercent) => string.Create(
        CultureInfo.InvariantCulture,
        $"segments of {s.LengthSeconds:0.#} s and gate: {s.Segments.Count}; exact {Number(100 * s.ExactShare, "0.0")} %, error mean {Number(s.MeanError, "+0.00;-0.00;0.00")} mean |e| {Number(s.MeanAbsoluteError, "0.00")} rms {Number(s.RootMeanSquareError, "0.00")} vehicles, MAPE {Number(s.MeanAbsolutePercentError, "0.0")} %, GEH < 5 in {Number(100 * s.AcceptableShare, "0.0")} %; MAPE of gates {Number(gatesPercent, "0.0")} %");

    private static string Told(SpeedErrors s) => string.Create(
        CultureInfo.InvariantCulture,
        $"speed of {s.Pairs.Count} vehicles: error mean {s.MeanKmh:+0.00;-0.00;0.00}, mean |e| {s.MeanAbsoluteKmh:0.00}, sigma {s.SigmaKmh:0.00}, max |e| {s.MaxKmh:0.00} km/h");

    private static void WriteBreakdown(IAnsiConsole console, string what, IReadOnlyList<Breakdown> rows)
    {
        if (rows.Count == 0) return;
        var table = NewTable(what);
        foreach (var row in rows) table.AddRow([new Text(row.Name), .. Cells(row.Tally, row.Seconds).Select(c => new Text(c))]);
        console.Write(table);
    }

    private static Table Figures(IReadOnlyList<RecordingScore> scores)
    {
        var table = NewTable("recording", "gate", "direction");
        foreach (var (pair, score) in scores.Select(s => (s.Name, s.Score)))
        {
            foreach (var gate in score.Gates) Add(table, pair, gate.Gate.Value, Name(gate.Direction), gate.Tally, score.Seconds);
            if (score.Gates.Count != 1) Add(table, pair, "all", "", score.Total, score.Seconds);
        }

        if (scores.Count > 1)
        {
            table.AddEmptyRow();
            Add(table, "total", "", "", scores.Aggregate(Tally.Empty, (sum, s) => sum + s.Score.Total), scores.Sum(s => s.Score.Seconds));
        }

        return table;
    }

    private static Table NewTable(params string[] names)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns(names);
        foreach (var figure in new[]
        {
            "true", "counted", "matched", "missed", "extra", "aside", "precision", "recall", "error %", "GEH", "mean |s|", "max |s|",
        })
        {
            table.AddColumn(new TableColumn(figure).RightAligned());
        }

        return table;
    }

    private static void Add(Table table, string recording, string gate, string direction, Tally t, double seconds)
    {
        table.AddRow([.. new[] { recording, gate, direction }.Concat(Cells(t, seconds)).Select(c => new Text(c))]);
    }

    private static string[] Cells(Tally t, double seconds) =>
    [
        Whole(t.True), Whole(t.Counted), Whole(t.Matched), Whole(t.Missed), Whole(t.Extra),
        Whole(t.SetAside), Number(t.Precision, "0.000"), Number(t.Recall, "0.000"), Number(t.SignedErrorPercent, "+0.0;-0.0;0.0"),
        Number(t.Geh(seconds), "0.00"), Number(t.MeanErrorSeconds, "0.00"),
        Number(t.Matched == 0 ? null : t.MaxErrorSeconds, "0.00"),
    ];

    private static void WriteConfusion(IAnsiConsole console, string what, IReadOnlyList<Confusion> confusion)
    {
        if (confusion.Count == 0) return;
        var counted = confusion.Select(c => c.Counted).Distinct().OrderBy(c => c == Confusion.Missed).ThenBy(c => c, StringComparer.Ordinal);
        var table = new Table().Border(TableBorder.Simple).AddColumn($"true {what}");
        foreach (var name in counted) table.AddColumn(new TableColumn(name == Confusion.Missed ? name : $"as {name}").RightAligned());
        foreach (var truth in confusion.GroupBy(c => c.True))
        {
            var vehicles = truth.ToDictionary(c => c.Counted, c => c.Vehicles);
            table.AddRow([truth.Key, .. counted.Select(c => vehicles.TryGetValue(c, out var n) ? Whole(n) : "·")]);
        }

        console.Write(table);
    }

    private static void WriteErrors(IAnsiConsole console, RecordingScore score)
    {
        var rows = score.Score.Missed
            .Select(m => (Error: "missed", m.Gate, m.Direction, m.TimeSeconds, Class: m.Class?.Name() ?? ""))
            .Concat(score.Score.Extra.Select(e => (Error: "extra", e.Gate, e.Direction, e.TimeSeconds, Class: e.Class.Name())))
            .OrderBy(r => r.TimeSeconds)
            .ToList();
        if (rows.Count == 0) return;
        var table = new Table().Border(TableBorder.Simple).AddColumns(score.Name, "gate", "direction");
        table.AddColumn(new TableColumn("time s").RightAligned()).AddColumn("class");
        foreach (var r in rows)
        {
            table.AddRow(new Text(r.Error), new Text(r.Gate.Value), new Text(Name(r.Direction)), new Text(Number(r.TimeSeconds, "0.00")),
                new Text(r.Class));
        }

        console.Write(table);
    }

    private static string Name(CrossingDirection direction) => direction == CrossingDirection.Forward ? "forward" : "backward";

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
