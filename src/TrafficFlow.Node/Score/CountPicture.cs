using System.Globalization;
using ScottPlot;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Scoring;

namespace TrafficFlow.Node.Score;

/// <summary>A count against its truth as a picture: bars for each gate, stretches of time as dots, what was taken for what, and speeds.</summary>
internal static class CountPicture
{
    public static void Save(IReadOnlyList<RecordingScore> scores, double segmentSeconds, string path)
    {
        IReadOnlyList<CountScore> all = [.. scores.Select(s => s.Score)];
        var drawings = new List<Action<Plot>>
        {
            plot => DrawGates(plot, scores),
            plot => DrawSegments(plot, SegmentScore.Of(all, segmentSeconds)),
        };
        Add("class", Confusion.OfClasses(all));
        Add("colour", Confusion.OfColours(all));
        if (SpeedErrors.Of(all) is { } speed) drawings.Add(plot => DrawSpeeds(plot, speed));
        var figure = new Multiplot();
        figure.AddPlots(drawings.Count);
        figure.Layout = new ScottPlot.MultiplotLayouts.Grid(rows: (drawings.Count + 1) / 2, columns: 2);
        for (var d = 0; d < drawings.Count; d++) drawings[d](figure.GetPlot(d));
        PictureFile.Save(figure, path, 1500, 600 * ((drawings.Count + 1) / 2));

        void Add(string what, IReadOnlyList<Confusion> confusion)
        {
            if (confusion.Count > 0) drawings.Add(plot => DrawConfusion(plot, what, confusion));
        }
    }

    private static void DrawGates(Plot plot, IReadOnlyList<RecordingScore> scores)
    {
        var gates = scores.SelectMany(s => s.Score.Gates.Select(g => (
            Name: $"{(scores.Count > 1 ? s.Name + " " : "")}{g.Gate}{(g.Direction == CrossingDirection.Backward ? " back" : "")}", g.Tally))).ToList();
        foreach (var (name, shift, of) in new (string, double, Func<Tally, int>)[] { ("true", -0.2, t => t.True), ("counted", 0.2, t => t.Counted) })
        {
            var bars = plot.Add.Bars([.. gates.Select((_, i) => i + shift)], [.. gates.Select(g => (double)of(g.Tally))]);
            bars.LegendText = name;
            foreach (var bar in bars.Bars) (bar.Size, bar.Label) = (0.38, Whole((int)bar.Value));
        }

        plot.Axes.Bottom.SetTicks([.. gates.Select((_, i) => (double)i)], [.. gates.Select(g => g.Name)]);
        if (gates.Count > 6)
        {
            plot.Axes.Bottom.TickLabelStyle.Rotation = 45;
            plot.Axes.Bottom.TickLabelStyle.Alignment = Alignment.MiddleLeft;
            plot.Axes.Bottom.MinimumSize = 130;
        }

        plot.Axes.SetLimitsY(0, 1.15 * Math.Max(1, gates.Select(g => Math.Max(g.Tally.True, g.Tally.Counted)).DefaultIfEmpty().Max()));
        plot.Title("vehicles at each gate");
        plot.ShowLegend(Alignment.UpperRight);
    }

    private static void DrawSegments(Plot plot, SegmentScore score)
    {
        // Counts are whole numbers: dots that fall together grow.
        foreach (var place in score.Segments.GroupBy(s => (s.True, s.Counted)))
        {
            var dot = plot.Add.Marker(place.Key.True, place.Key.Counted, MarkerShape.FilledCircle, (float)Math.Min(40, 5 + (4 * Math.Sqrt(place.Count()))));
            dot.Color = Colors.SteelBlue.WithAlpha(0.6);
        }

        DrawDiagonal(plot, score.Segments.Select(s => Math.Max(s.True, s.Counted)).DefaultIfEmpty().Max());
        plot.Title(string.Create(CultureInfo.InvariantCulture, $"stretches of {score.LengthSeconds:0.#} s at each gate"));
        plot.XLabel("true vehicles");
        plot.YLabel("counted vehicles");
    }

    private static void DrawSpeeds(Plot plot, SpeedErrors speed)
    {
        plot.Add.ScatterPoints(speed.Pairs.Select(p => p.True).ToArray(), speed.Pairs.Select(p => p.Counted).ToArray());
        DrawDiagonal(plot, speed.Pairs.Max(p => Math.Max(p.True, p.Counted)));
        plot.Title(string.Create(
            CultureInfo.InvariantCulture, $"speed: mean |e| {speed.MeanAbsoluteKmh:0.00}, sigma {speed.SigmaKmh:0.00}, max {speed.MaxKmh:0.00} km/h"));
        plot.XLabel("true km/h");
        plot.YLabel("counted km/h");
    }

    private static void DrawConfusion(Plot plot, string what, IReadOnlyList<Confusion> confusion)
    {
        var truth = confusion.Select(c => c.True).Distinct().ToList();
        var counted = confusion.Select(c => c.Counted).Distinct().OrderBy(c => c == Confusion.Missed).ThenBy(c => !truth.Contains(c)).ThenBy(truth.IndexOf).ToList();
        var shares = new double[truth.Count, counted.Count];
        foreach (var c in confusion)
        {
            var (row, column) = (truth.IndexOf(c.True), counted.IndexOf(c.Counted));
            shares[row, column] = (double)c.Vehicles / confusion.Where(o => o.True == c.True).Sum(o => o.Vehicles);
            var text = plot.Add.Text(Whole(c.Vehicles), column, truth.Count - 1 - row);
            text.LabelAlignment = Alignment.MiddleCenter;
            text.LabelFontSize = 16;
            text.LabelFontColor = shares[row, column] > 0.5 ? Colors.White : Colors.Black;
        }

        var map = plot.Add.Heatmap(shares);
        map.Colormap = new ScottPlot.Colormaps.Blues().Reversed();
        plot.MoveToBack(map);
        plot.Axes.Bottom.SetTicks([.. counted.Select((_, i) => (double)i)], [.. counted]);
        plot.Axes.Left.SetTicks([.. truth.Select((_, i) => (double)(truth.Count - 1 - i))], [.. truth]);
        plot.Axes.SetLimits(-0.5, counted.Count - 0.5, -0.5, truth.Count - 0.5);
        plot.Title($"true {what} (rows) counted as (columns)");
    }

    private static void DrawDiagonal(Plot plot, double largest)
    {
        var most = 1.1 * Math.Max(1, largest);
        var line = plot.Add.Line(0, 0, most, most);
        line.Color = Colors.Gray;
        plot.MoveToBack(line);
        plot.Axes.SetLimits(-0.05 * most, most, -0.05 * most, most);
    }

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);
}
