using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;
using TrafficFlow.Core.Flow;
using TrafficFlow.Web.Pages.Periods;

namespace TrafficFlow.Web.Pages.Reports.Drawing;

/// <summary>One measure of several approaches over time: lines that break where nothing was measured. Pure.</summary>
public static class LineChart
{
    private const double Width = 680;
    private const double Left = 40;
    private const double Right = 8;
    private const double Top = 16;
    private const double Height = 120;

    private static readonly string[] Colours = ["#0072b2", "#d55e00", "#00795a", "#a84a86", "#8a6d00", "#2f8fc4", "#7a3e00", "#555f66"];

    /// <param name="unit">Of the values, with what is measured.</param>
    /// <param name="lines">By step; null where nothing was measured.</param>
    public static MarkupString Of(IReadOnlyList<Interval> steps, string unit, IReadOnlyList<(string Name, IReadOnlyList<double?> Values)> lines, TimeZoneInfo zone)
    {
        var axis = ValueAxis.Of(lines.SelectMany(l => l.Values).Max() ?? 1);
        var rows = (lines.Count + 3) / 4;
        var label = $"{unit}: {string.Join("; ", lines.Select(l => l.Values.Any(v => v is not null) ? string.Create(CultureInfo.InvariantCulture, $"{l.Name} {l.Values.Min():0.0}–{l.Values.Max():0.0}") : $"{l.Name} –"))}";
        var svg = new SvgDrawing(Width, Top + Height + 18 + (rows * 13), label);
        var (width, bottom) = ((Width - Left - Right) / Math.Max(1, steps.Count), Top + Height);
        svg.Text(0, 9, unit, size: 8.5, colour: SvgDrawing.Quiet);
        foreach (var value in axis.Lines) svg.Stroke(Left, Y(value), Width - Right, Y(value), SvgDrawing.Line).Text(Left - 4, Y(value) + 3, Figures.Grouped(value), "end", 8, SvgDrawing.Quiet);
        foreach (var (step, name) in StepAxis.Of(steps, zone)) svg.Text(Left + (step * width), bottom + 10, name, size: 8, colour: SvgDrawing.Quiet);
        for (var i = 0; i < lines.Count; i++)
        {
            var path = new StringBuilder();
            for (var step = 0; step < steps.Count; step++)
            {
                // A level for as long as the step is: measures of steps, not of instants.
                if (lines[i].Values[step] is not { } value) continue;
                var isFollowing = step > 0 && lines[i].Values[step - 1] is not null;
                path.Append(CultureInfo.InvariantCulture, $"{(isFollowing ? 'L' : 'M')}{Left + (step * width):0.##} {Y(value):0.##}L{Left + ((step + 1) * width):0.##} {Y(value):0.##}");
            }

            svg.Path(path.ToString(), Colours[i % Colours.Length], 1.2 + (i / Colours.Length));
            var (x, y) = (Left + (i % 4 * 155), bottom + 24 + (i / 4 * 13));
            svg.Stroke(x, y - 3, x + 12, y - 3, Colours[i % Colours.Length], 2).Text(x + 16, y, lines[i].Name, size: 8);
        }

        return svg.ToMarkup();

        double Y(double value) => bottom - (value / axis.Top * Height);
    }
}
