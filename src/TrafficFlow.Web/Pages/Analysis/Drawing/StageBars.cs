using System.Globalization;
using Microsoft.AspNetCore.Components;
using TrafficFlow.Core.Signals;
using TrafficFlow.Web.Pages.Reports.Drawing;

namespace TrafficFlow.Web.Pages.Analysis.Drawing;

/// <summary>Cycles of several plans to one scale, each as its stages. Pure.</summary>
internal static class StageBars
{
    private const double Width = 680;
    private const double Left = 108;
    private const double Right = 44;
    private const double Row = 24;
    private const string Between = "#b9c4c9";

    private static readonly string[] s_colours = ["#1f7a4d", "#0e6a83", "#6b5b95", "#8a5300", "#3f6f2a", "#7a3e5d", "#4a5d6b", "#2f5fa8"];

    public static MarkupString Of(StudyView view, IReadOnlyList<(string Name, TimingPlan Plan)> plans)
    {
        var words = view.Words;
        var longest = Math.Max(1, plans.Max(p => p.Plan.CycleSeconds));
        var stages = plans[0].Plan.Stages.Select(s => s.Name).ToList();
        var legend = (stages.Count + 3) / 4 * 13;
        var svg = new SvgDrawing(Width, (plans.Count * Row) + 22 + legend, string.Join("; ", plans.Select(p => $"{p.Name} {p.Plan.CycleSeconds.ToString("0.#", CultureInfo.InvariantCulture)} {words.Seconds}: {string.Join(", ", p.Plan.Stages.Select(s => $"{s.Name} {s.GreenSeconds.ToString("0.#", CultureInfo.InvariantCulture)} {words.Seconds}"))}")));
        for (var i = 0; i < plans.Count; i++)
        {
            var y = i * Row;
            svg.Text(0, y + 14, plans[i].Name, size: 8.5);
            var at = 0.0;
            for (var s = 0; s < plans[i].Plan.Stages.Length; s++)
            {
                var stage = plans[i].Plan.Stages[s];
                svg.Rectangle(X(at), y + 3, X(stage.GreenSeconds) - Left, Row - 8, s_colours[s % s_colours.Length]);
                if (X(stage.GreenSeconds) - Left > 16) svg.Text(X(at + (stage.GreenSeconds / 2)), y + 14.2, stage.GreenSeconds.ToString("0.#", CultureInfo.InvariantCulture), "middle", 8, "#ffffff");
                svg.Rectangle(X(at + stage.GreenSeconds), y + 3, X(stage.AmberSeconds + stage.AllRedSeconds) - Left, Row - 8, Between);
                at += stage.SplitSeconds;
            }

            svg.Text(X(at) + 4, y + 14, $"{at.ToString("0.#", CultureInfo.InvariantCulture)} {words.Seconds}", size: 8.5);
        }

        var below = plans.Count * Row;
        var step = longest <= 130 ? 10 : 20;
        for (var second = 0; second <= longest; second += step) svg.Stroke(X(second), below - 2, X(second), below + 1, SvgDrawing.Quiet).Text(X(second), below + 10, second.ToString(CultureInfo.InvariantCulture), "middle", 8, SvgDrawing.Quiet);
        for (var s = 0; s < stages.Count; s++)
        {
            var (x, y) = (Left + (s % 4 * 135), below + 24 + (s / 4 * 13));
            svg.Rectangle(x, y - 7, 10, 8, s_colours[s % s_colours.Length]).Text(x + 14, y, CycleDiagram.Fit(stages[s], 26), size: 8);
        }

        return svg.ToMarkup();

        double X(double second) => Left + (second / longest * (Width - Left - Right));
    }
}
