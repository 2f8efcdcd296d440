using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using TrafficFlow.Core.Scoring.Mot;

namespace TrafficFlow.Node.Score;

/// <summary>The scores of tracks, a row each and one for all together, as a table for people and as JSON for programs.</summary>
public sealed class TrackScores
{
    private const string Combined = "COMBINED";

    private readonly double? _ignoreAbove;

    /// <param name="ignoreAbove">Boxes whose centre lies above this row of pixels are left out on both sides.</param>
    public TrackScores(IReadOnlyList<TrackPair> pairs, double? ignoreAbove)
    {
        _ignoreAbove = ignoreAbove;
        var rows = pairs.Select(p => (p.Name, MotScore.Of(MotSequence.Of(
            MotFiles.ReadTracks(p.TruthFile), MotFiles.ReadTracks(p.TracksFile), ignoreAbove ?? double.NegativeInfinity)))).ToList();
        if (rows.Count > 1) rows.Add((Combined, MotScore.Combine([.. rows.Select(r => r.Item2)])));
        Rows = rows;
    }

    public IReadOnlyList<(string Name, MotScore Score)> Rows { get; }

    public void WriteTable(IAnsiConsole console)
    {
        // Redirected output is read by people and by grep: a row must not be folded.
        if (!console.Profile.Out.IsTerminal) console.Profile.Width = 240;
        var table = new Table().Border(TableBorder.Simple).AddColumn("sequence");
        foreach (var figure in Figures(Rows[0].Score).Keys) table.AddColumn(new TableColumn(figure).RightAligned());
        foreach (var (name, score) in Rows) table.AddRow([new Text(name), .. Figures(score).Values.Select(v => new Text(Shown(v)))]);
        console.Write(table);
        console.WriteLine("HOTA, Det*, Ass*, LocA: means over overlaps of 0.05 to 0.95; the others at an overlap of 0.5. Classes are not looked at.");
    }

    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            ignore_above_px = _ignoreAbove,
            sequences = Rows.Where(r => Rows.Count == 1 || r.Name != Combined).Select(r => Json(r.Name, r.Score)),
            combined = Json(null, Rows[^1].Score),
        },
        ScoreJson.Format);

    private static Dictionary<string, object?> Json(string? name, MotScore score)
    {
        var json = new Dictionary<string, object?>();
        if (name is not null) json["sequence"] = name;
        foreach (var (key, value) in Figures(score)) json[key] = value is double d ? Math.Round(d, 6) : value;
        json["alphas"] = score.Hota.Alphas.Select(a => new Dictionary<string, double>
        {
            ["alpha"] = Math.Round(a.Alpha, 2),
            ["HOTA"] = Math.Round(a.Hota, 6),
            ["DetA"] = Math.Round(a.DetA, 6),
            ["AssA"] = Math.Round(a.AssA, 6),
        });
        return json;
    }

    /// <summary>Under the names that the field has for them.</summary>
    private static Dictionary<string, object> Figures(MotScore s) => new()
    {
        ["HOTA"] = s.Hota.Hota,
        ["DetA"] = s.Hota.DetA,
        ["AssA"] = s.Hota.AssA,
        ["DetRe"] = s.Hota.DetRe,
        ["DetPr"] = s.Hota.DetPr,
        ["AssRe"] = s.Hota.AssRe,
        ["AssPr"] = s.Hota.AssPr,
        ["LocA"] = s.Hota.LocA,
        ["MOTA"] = s.Clear.Mota,
        ["MOTP"] = s.Clear.Motp,
        ["IDF1"] = s.Identity.F1,
        ["IDP"] = s.Identity.Precision,
        ["IDR"] = s.Identity.Recall,
        ["IDSW"] = s.Clear.Switches,
        ["FP"] = s.Clear.Extra,
        ["FN"] = s.Clear.Missed,
        ["MT"] = s.Clear.MostlyTracked,
        ["PT"] = s.Clear.PartlyTracked,
        ["ML"] = s.Clear.MostlyLost,
        ["Frag"] = s.Clear.Fragments,
        ["boxes"] = s.Boxes,
        ["found"] = s.FoundBoxes,
        ["tracks"] = s.Tracks,
        ["found tracks"] = s.FoundTracks,
    };

    private static string Shown(object value) => value is double d
        ? d.ToString("0.0000", CultureInfo.InvariantCulture)
        : Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
