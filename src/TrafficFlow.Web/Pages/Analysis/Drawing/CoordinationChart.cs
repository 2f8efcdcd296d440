using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Web.Pages.Reports.Drawing;

namespace TrafficFlow.Web.Pages.Analysis.Drawing;

/// <summary>The Purdue coordination diagram: when vehicles came, over the time and over the cycle. Pure.</summary>
internal static class CoordinationChart
{
    private const double Width = 680;
    private const double Left = 40;
    private const double Right = 8;
    private const double Top = 14;
    private const double Height = 130;

    public static MarkupString Of(StudyView view, CoordinationPlot plot, string label)
    {
        var svg = new SvgDrawing(Width, Top + Height + 16, label);
        var (cycle, bottom) = (plot.CycleSeconds, Top + Height);
        svg.Text(0, 8, view.Words.SecondOfCycle, size: 8, colour: SvgDrawing.Quiet);
        var (begin, end) = (CycleDiagram.Within(plot.GreenBegin, cycle), plot.GreenEnd - plot.GreenBegin >= cycle ? cycle : CycleDiagram.Within(plot.GreenEnd, cycle));
        if (end >= begin && end > 0) Band(begin, end);
        else
        {
            Band(begin, cycle);
            Band(0, end);
        }

        var step = cycle <= 60 ? 10 : cycle <= 130 ? 20 : 30;
        for (var second = 0; second <= cycle + 0.01; second += step)
            svg.Stroke(Left, Y(second), Width - Right, Y(second), SvgDrawing.Line, 0.4).Text(Left - 4, Y(second) + 3, second.ToString(CultureInfo.InvariantCulture), "end", 8, SvgDrawing.Quiet);
        var dots = new StringBuilder();
        foreach (var (at, second) in plot.Points)
        {
            var (x, y) = (X(at), Y(CycleDiagram.Within(second, cycle)));
            if (x >= Left && x <= Width - Right) dots.Append(CultureInfo.InvariantCulture, $"M{x - 0.7:0.#} {y - 0.7:0.#}h1.4v1.4h-1.4z");
        }

        svg.Area(dots.ToString(), SvgDrawing.Ink);
        foreach (var (at, name) in TimeAxis.Of(plot.Span, view.Zone)) svg.Stroke(X(at), bottom, X(at), bottom + 3, SvgDrawing.Quiet).Text(X(at), bottom + 12, name, X(at) > Width - 20 ? "end" : "middle", 8, SvgDrawing.Quiet);
        return svg.ToMarkup();

        void Band(double from, double to) => svg.Rectangle(Left, Y(to), Width - Left - Right, Y(from) - Y(to), "#d6ece0");

        double X(DateTimeOffset at) => Left + (plot.Span.IsEmpty ? 0 : (at - plot.Span.From) / plot.Span.Length * (Width - Left - Right));

        double Y(double second) => bottom - (cycle > 0 ? second / cycle * Height : 0);
    }
}
