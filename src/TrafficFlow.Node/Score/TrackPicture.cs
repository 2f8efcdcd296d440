using ScottPlot;
using TrafficFlow.Core.Scoring.Mot;

namespace TrafficFlow.Node.Score;

/// <summary>The scores of tracks as a picture: figures as bars for each sequence, and HOTA over the overlap that a match must have.</summary>
internal static class TrackPicture
{
    private static readonly (string Name, Func<MotScore, double> Of)[] Figures =
    [
        ("HOTA", s => s.Hota.Hota), ("DetA", s => s.Hota.DetA), ("AssA", s => s.Hota.AssA), ("MOTA", s => s.Clear.Mota), ("IDF1", s => s.Identity.F1),
    ];

    public static void Save(TrackScores scores, string path)
    {
        var figure = new Multiplot();
        figure.AddPlots(2);
        DrawBars(figure.GetPlot(0), scores.Rows);
        DrawOverlaps(figure.GetPlot(1), scores.Rows[^1]);
        PictureFile.Save(figure, path, Math.Clamp(420 + (70 * scores.Rows.Count), 700, 2400), 900);
    }

    private static void DrawBars(Plot plot, IReadOnlyList<(string Name, MotScore Score)> rows)
    {
        var palette = new ScottPlot.Palettes.Category10();
        for (var f = 0; f < Figures.Length; f++)
        {
            var bars = plot.Add.Bars(
                [.. rows.Select((_, r) => (r * (Figures.Length + 1.0)) + f)], [.. rows.Select(r => Figures[f].Of(r.Score))]);
            bars.Color = palette.GetColor(f);
            bars.LegendText = Figures[f].Name;
            foreach (var bar in bars.Bars) bar.Label = bar.Value.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture);
            bars.ValueLabelStyle.FontSize = 10;
        }

        plot.Axes.Bottom.SetTicks(
            [.. rows.Select((_, r) => (r * (Figures.Length + 1.0)) + ((Figures.Length - 1) / 2.0))], [.. rows.Select(r => r.Name)]);
        plot.Axes.SetLimitsY(Math.Min(0, rows.Min(r => r.Score.Clear.Mota)) * 1.1, 1.1);
        plot.Title("tracks against their truth");
        plot.ShowLegend(Edge.Right);
    }

    private static void DrawOverlaps(Plot plot, (string Name, MotScore Score) row)
    {
        var alphas = row.Score.Hota.Alphas;
        foreach (var (name, of) in new (string, Func<HotaAtAlpha, double>)[] { ("HOTA", a => a.Hota), ("DetA", a => a.DetA), ("AssA", a => a.AssA), ("LocA", a => a.LocA) })
        {
            var line = plot.Add.Scatter(alphas.Select(a => a.Alpha).ToArray(), alphas.Select(of).ToArray());
            line.LegendText = name;
            line.LineWidth = 2;
        }

        plot.Axes.SetLimits(0, 1, 0, 1.05);
        plot.XLabel("overlap that a match must have");
        plot.Title(row.Name);
        plot.ShowLegend(Edge.Right);
    }
}
