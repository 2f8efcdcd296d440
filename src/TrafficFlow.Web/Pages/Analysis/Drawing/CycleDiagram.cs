using System.Globalization;
using Microsoft.AspNetCore.Components;
using TrafficFlow.Analysis.Signals;
using TrafficFlow.Web.Pages.Reports.Drawing;

namespace TrafficFlow.Web.Pages.Analysis.Drawing;

/// <summary>Greens of one plan over one cycle, a row for each group of movements. Pure.</summary>
internal static class CycleDiagram
{
    public const string Green = "#2f8f5b";
    public const string Amber = "#e0a92e";
    public const string Red = "#d9a2a9";

    internal const double Width = 680;
    internal const double Left = 178;
    internal const double Right = 10;

    private const double Row = 21;
    private const double AmberSeconds = 3;

    public static MarkupString Of(StudyView view, InferredPlan plan, string title)
    {
        var (words, cycle) = (view.Words, plan.CycleSeconds.Value);
        var svg = new SvgDrawing(Width, (plan.Groups.Length * Row) + 16, $"{title}: {string.Join("; ", plan.Groups.Select(g => $"{view.NameOf(g.Approach, g.Movements)} {StudyView.Figure(g.GreenSeconds)} {words.Seconds}"))}");
        for (var i = 0; i < plan.Groups.Length; i++)
        {
            var (group, y) = (plan.Groups[i], i * Row);
            svg.Text(0, y + 13, Fit(view.NameOf(group.Approach, group.Movements), 40), size: 8.5);
            if (group is not { BeginSeconds: { } begin, GreenSeconds: { } green })
            {
                svg.Hatch(Left, y + 4, Width - Left - Right, Row - 9);
                continue;
            }

            svg.Rectangle(Left, y + 7, Width - Left - Right, Row - 15, Red);
            var from = Math.Max(0, Place(begin.Value, plan));
            Band(svg, from, Math.Min(green.Value, cycle), cycle, y + 4, Row - 9, Green);
            Band(svg, Within(from + green.Value, cycle), Math.Min(AmberSeconds, Math.Max(0, cycle - green.Value)), cycle, y + 4, Row - 9, Amber);
            Whisker(svg, from, begin.Margin, cycle, y + (Row / 2) - 0.5);
            Whisker(svg, Within(from + green.Value, cycle), green.Margin, cycle, y + (Row / 2) - 0.5);
            // Where it has room: green that goes on over the cycle's end is named at its longer part.
            var (at, length) = from + green.Value <= cycle ? (from, green.Value) : cycle - from >= from + green.Value - cycle ? (from, cycle - from) : (0, from + green.Value - cycle);
            if (length / cycle * (Width - Left - Right) > 46) svg.Text(X(at + (length / 2), cycle), y + 13.5, $"{StudyView.Number(green.Value)} {words.Seconds}", "middle", 8, "#ffffff");
        }

        Axis(svg, cycle, plan.Groups.Length * Row, words);
        return svg.ToMarkup();
    }

    /// <summary>Where the cycle is cut: the begin of its first stage.</summary>
    public static double Zero(InferredPlan plan) => plan.Stages.IsEmpty ? plan.Groups.Select(g => g.BeginSeconds?.Value).FirstOrDefault(b => b is not null) ?? 0 : plan.Stages[0].BeginSeconds.Value;

    /// <summary>From there on; what begins within half a second before it begins with it, by all that can be told, and is slightly negative instead of a whole cycle late.</summary>
    public static double Place(double second, InferredPlan plan) => Within(second - Zero(plan) + 0.5, plan.CycleSeconds.Value) - 0.5;

    public static double Within(double second, double cycle) => cycle > 0 ? second - (Math.Floor(second / cycle) * cycle) : 0;

    internal static double X(double second, double cycle) => Left + (second / cycle * (Width - Left - Right));

    /// <summary>In two parts where it goes on over the cycle's end.</summary>
    internal static void Band(SvgDrawing svg, double from, double length, double cycle, double y, double height, string colour)
    {
        var first = Math.Min(length, cycle - from);
        if (first > 0) svg.Rectangle(X(from, cycle), y, X(first, cycle) - Left, height, colour);
        if (length > first + 1e-9) svg.Rectangle(Left, y, X(length - first, cycle) - Left, height, colour);
    }

    internal static void Axis(SvgDrawing svg, double cycle, double y, StudyWords words)
    {
        var step = cycle <= 60 ? 5 : cycle <= 130 ? 10 : 20;
        for (var second = 0; second <= cycle + 0.01; second += step)
        {
            svg.Stroke(X(second, cycle), y, X(second, cycle), y + 3, SvgDrawing.Quiet).Text(X(second, cycle), y + 12, second.ToString(CultureInfo.InvariantCulture), "middle", 8, SvgDrawing.Quiet);
        }

        svg.Text(Left - 12, y + 12, words.Seconds, "end", 8, SvgDrawing.Quiet);
    }

    /// <summary>Names are of any length, drawings are not; the whole name stands in the table below.</summary>
    internal static string Fit(string name, int most)
    {
        // A letter of Japanese is as wide as two.
        var width = 0;
        for (var i = 0; i < name.Length; i++)
        {
            width += name[i] > 0x2E7F ? 2 : 1;
            if (width > most) return name[..i].TrimEnd() + "…";
        }

        return name;
    }

    private static void Whisker(SvgDrawing svg, double at, double margin, double cycle, double y)
    {
        if (!double.IsFinite(margin) || margin <= 0) return;
        var (from, to) = (Math.Max(Left, X(at - margin, cycle)), Math.Min(Width - Right, X(at + margin, cycle)));
        svg.Stroke(from, y, to, y, SvgDrawing.Ink, 0.9).Stroke(from, y - 3, from, y + 3, SvgDrawing.Ink, 0.9).Stroke(to, y - 3, to, y + 3, SvgDrawing.Ink, 0.9);
    }
}
