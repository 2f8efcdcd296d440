using Microsoft.AspNetCore.Components;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Pages.Periods;

namespace TrafficFlow.Web.Pages.Reports.Drawing;

/// <summary>How each approach was watched, from left to right. Pure.</summary>
public static class CoverageStrip
{
    private const double Width = 680;
    private const double Left = 120;
    private const double Right = 8;
    private const double Row = 20;
    private const string Whole = "#2f8f5b";

    public static MarkupString Of(CoverageFigures coverage, Func<ApproachId, string> nameOf, ReportTexts texts, TimeZoneInfo zone)
    {
        var svg = new SvgDrawing(Width, (coverage.Approaches.Count * Row) + 34, $"{texts.CoverageTitle}: {string.Join("; ", coverage.Approaches.Select(a => $"{nameOf(a.Approach)} {Figures.Watched(a.Share)}"))}");
        var width = (Width - Left - Right) / Math.Max(1, coverage.Steps.Count);
        for (var row = 0; row < coverage.Approaches.Count; row++)
        {
            var (approach, y) = (coverage.Approaches[row], (row * Row) + 2);
            svg.Text(0, y + 12, nameOf(approach.Approach), size: 9);
            // Neighbours of one look are drawn as one: thin lines between them would look like gaps.
            for (var from = 0; from < approach.Cells.Count;)
            {
                var look = Look(approach.Cells[from]);
                var to = from + 1;
                while (to < approach.Cells.Count && Look(approach.Cells[to]) == look) to++;
                if (look is null) svg.Hatch(Left + (from * width), y, (to - from) * width, Row - 4);
                else svg.Rectangle(Left + (from * width), y, (to - from) * width, Row - 4, look);
                from = to;
            }
        }

        var below = (coverage.Approaches.Count * Row) + 2;
        foreach (var (step, name) in StepAxis.Of(coverage.Steps, zone))
        {
            svg.Stroke(Left + (step * width), below - 3, Left + (step * width), below + 1, SvgDrawing.Quiet);
            var x = Left + (step * width) + 1;
            if (x < Width - 34) svg.Text(x, below + 9, name, size: 8, colour: SvgDrawing.Quiet);
            else svg.Text(Width, below + 9, name, "end", 8, SvgDrawing.Quiet);
        }

        var legend = below + 26;
        svg.Rectangle(Left, legend - 7, 10, 8, Whole).Text(Left + 14, legend, texts.Complete, size: 8);
        svg.Rectangle(Left + 110, legend - 7, 10, 8, SvgDrawing.Lower).Text(Left + 124, legend, texts.Partial, size: 8);
        svg.Rectangle(Left + 220, legend - 7, 10, 8, SvgDrawing.Degraded).Text(Left + 234, legend, texts.Degraded, size: 8);
        svg.Hatch(Left + 330, legend - 7, 10, 8).Text(Left + 344, legend, $"{texts.Blind}, {texts.NoBin}", size: 8);
        return svg.ToMarkup();
    }

    /// <returns>A colour; null for what is hatched.</returns>
    private static string? Look(CoverageCell cell) => cell.Quality switch
    {
        WatchQuality.Complete => Whole,
        WatchQuality.Partial => SvgDrawing.Lower,
        WatchQuality.Degraded => SvgDrawing.Degraded,
        _ => null,
    };
}
