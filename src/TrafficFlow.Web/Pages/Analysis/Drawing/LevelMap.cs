using System.Globalization;
using Microsoft.AspNetCore.Components;
using TrafficFlow.Analysis.Congestion;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Web.Pages.Reports.Drawing;

namespace TrafficFlow.Web.Pages.Analysis.Drawing;

/// <summary>Levels of congestion, days below each other and quarter hours of the day from left to right. Pure.</summary>
internal static class LevelMap
{
    private const double Width = 680;
    private const double Left = 92;
    private const double Right = 6;
    private const double Head = 15;
    private const double Gap = 6;

    private const string FreeColour = "#cfe8dc";
    private const string SlowColour = "#f0b64a";
    private const string CongestedColour = "#a3182d";
    private static readonly TimeSpan s_step = TimeSpan.FromMinutes(15);

    /// <param name="approaches">Below each other.</param>
    public static MarkupString Of(StudyView view, IReadOnlyList<ApproachStudy> approaches)
    {
        var words = view.Words;
        var cells = approaches.SelectMany(a => a.Levels).ToList();
        var days = cells.Select(c => view.Local(c.Span.From).Date).Distinct().Order().ToList();
        var (first, last) = cells.Count == 0 ? (0, 96) : (cells.Min(c => Column(view, c)), cells.Max(c => Column(view, c)) + 1);
        // On whole hours, so that the names below stand at begins of columns.
        (first, last) = (first / 4 * 4, (last + 3) / 4 * 4);
        var row = days.Count <= 1 ? 16.0 : 12;
        var block = Head + (days.Count * row) + Gap;
        var height = (approaches.Count * block) + 34;
        var svg = new SvgDrawing(Width, height, Label(view, approaches));
        var width = (Width - Left - Right) / Math.Max(1, last - first);
        for (var a = 0; a < approaches.Count; a++)
        {
            var top = a * block;
            svg.Text(0, top + 10, approaches[a].Name, size: 9);
            for (var d = 0; d < days.Count; d++)
            {
                var y = top + Head + (d * row);
                if (days.Count > 1) svg.Text(Left - 6, y + row - 3, words.Day(DateOnly.FromDateTime(days[d])), "end", 8, SvgDrawing.Quiet);
                Row(svg, view, [.. approaches[a].Levels.Where(c => view.Local(c.Span.From).Date == days[d])], first, last, y, width, row - 1.5);
            }
        }

        var below = approaches.Count * block;
        var hours = Math.Max(1, (last - first) / 4 / 12);
        for (var c = first; c <= last; c += 4 * hours)
        {
            var x = Left + ((c - first) * width);
            svg.Stroke(x, below - 5, x, below - 1, SvgDrawing.Quiet).Text(x, below + 8, string.Create(CultureInfo.InvariantCulture, $"{c / 4:00}:00"), c == last ? "end" : "middle", 8, SvgDrawing.Quiet);
        }

        Legend(svg, words, height - 5);
        return svg.ToMarkup();
    }

    private static void Row(SvgDrawing svg, StudyView view, IReadOnlyList<LevelCell> cells, int first, int last, double y, double width, double height)
    {
        // The hour that the clock shows twice: the worse of both.
        var levels = cells.GroupBy(c => Column(view, c)).ToDictionary(g => g.Key, g => g.Max(c => c.Level));
        for (var column = first; column < last; column++)
        {
            var x = Left + ((column - first) * width);
            if (ColourOf(levels.GetValueOrDefault(column)) is { } colour) svg.Rectangle(x, y, width - 0.4, height, colour);
            else svg.Hatch(x, y, width, height);
        }

        foreach (var cell in cells.Where(c => c.IsBeyondSight))
        {
            var (x, middle) = (Left + ((Column(view, cell) - first + 0.5) * width), y + (height / 2));
            svg.Area(Dot(x, middle, Math.Min(1.8, width / 3)), cell.Level == CongestionLevel.Congested ? "#ffffff" : SvgDrawing.Ink);
        }
    }

    private static void Legend(SvgDrawing svg, StudyWords words, double y)
    {
        var x = Left;
        foreach (var (name, colour) in new[] { (words.Free, FreeColour), (words.Slow, SlowColour), (words.Congested, CongestedColour), (words.UnknownLevel, null) })
        {
            if (colour is null) svg.Hatch(x, y - 7, 10, 8);
            else svg.Rectangle(x, y - 7, 10, 8, colour);
            svg.Text(x + 14, y, name, size: 8);
            x += 90;
        }

        svg.Area(Dot(x + 5, y - 3, 1.8), SvgDrawing.Ink).Text(x + 14, y, words.BeyondSightDot, size: 8);
    }

    /// <summary>A square of which a printer makes a dot.</summary>
    private static string Dot(double x, double y, double r) => string.Create(CultureInfo.InvariantCulture, $"M{x - r:0.##} {y:0.##}L{x:0.##} {y - r:0.##}L{x + r:0.##} {y:0.##}L{x:0.##} {y + r:0.##}Z");

    private static int Column(StudyView view, LevelCell cell) => (int)(view.Local(cell.Span.From).TimeOfDay / s_step);

    private static string? ColourOf(CongestionLevel level) => level switch
    {
        CongestionLevel.Free => FreeColour,
        CongestionLevel.Slow => SlowColour,
        CongestionLevel.Congested => CongestedColour,
        _ => null,
    };

    private static string Label(StudyView view, IReadOnlyList<ApproachStudy> approaches)
    {
        var words = view.Words;
        return $"{words.LevelsTitle}: {string.Join("; ", approaches.Select(a => $"{a.Name} {Of(a, CongestionLevel.Congested, words.Congested)}, {Of(a, CongestionLevel.Slow, words.Slow)}, {Of(a, CongestionLevel.Unknown, words.UnknownLevel)}"))}";

        string Of(ApproachStudy approach, CongestionLevel level, string name) => $"{name} {view.Length(approach.Levels.Where(l => l.Level == level).Aggregate(TimeSpan.Zero, (sum, l) => sum + l.Span.Length))}";
    }
}
