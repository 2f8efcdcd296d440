using System.Globalization;
using Spectre.Console;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Scoring;

namespace TrafficFlow.Node.Score;

/// <summary>The score as tables for people.</summary>
public static class ScoreTables
{
    public static void Write(IAnsiConsole console, IReadOnlyList<RecordingScore> scores)
    {
        // Redirected output is read by people and by grep: a row must not be folded.
        if (!console.Profile.Out.IsTerminal) console.Profile.Width = 200;
        console.Write(Figures(scores));
        WriteConfusion(console, "class", Confusion.OfClasses(scores.Select(s => s.Score)));
        WriteConfusion(console, "size", Confusion.OfSizes(scores.Select(s => s.Score)));
        foreach (var score in scores) WriteErrors(console, score);
        if (scores.Any(s => s.Score.Total.SetAside > 0))
        {
            console.WriteLine("aside: counted crossings of optional vehicles, neither right nor wrong.");
        }
    }

    private static Table Figures(IReadOnlyList<RecordingScore> scores)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns("recording", "gate", "direction");
        foreach (var figure in new[]
        {
            "true", "counted", "matched", "missed", "extra", "aside", "precision", "recall", "error %", "GEH", "mean |s|", "max |s|",
        })
        {
            table.AddColumn(new TableColumn(figure).RightAligned());
        }

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

    private static void Add(Table table, string recording, string gate, string direction, Tally t, double seconds)
    {
        string[] cells =
        [
            recording, gate, direction, Whole(t.True), Whole(t.Counted), Whole(t.Matched), Whole(t.Missed), Whole(t.Extra),
            Whole(t.SetAside), Number(t.Precision, "0.000"), Number(t.Recall, "0.000"), Number(t.SignedErrorPercent, "+0.0;-0.0;0.0"),
            Number(t.Geh(seconds), "0.00"), Number(t.MeanErrorSeconds, "0.00"),
            Number(t.Matched == 0 ? null : t.MaxErrorSeconds, "0.00"),
        ];
        table.AddRow([.. cells.Select(c => new Text(c))]);
    }

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
