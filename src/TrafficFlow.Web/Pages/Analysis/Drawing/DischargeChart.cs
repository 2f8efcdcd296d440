using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;
using TrafficFlow.Analysis.Signals;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Web.Pages.Reports.Drawing;

namespace TrafficFlow.Web.Pages.Analysis.Drawing;

/// <summary>Vehicles by second of the cycle, a row for each group, under the green that was told of it. Pure.</summary>
internal static class DischargeChart
{
    private const double Row = 48;
    private const double Head = 10;

    public static MarkupString Of(StudyView view, InferredPlan plan, IReadOnlyList<CycleProfile> profiles, string title)
    {
        var (words, cycle, zero) = (view.Words, plan.CycleSeconds.Value, CycleDiagram.Zero(plan));
        var svg = new SvgDrawing(CycleDiagram.Width, (profiles.Count * Row) + 20, $"{title}: {string.Join("; ", profiles.Select(p => $"{NameOf(p)} {p.PerSecond.Sum()} {words.Vehicles}"))}");
        for (var i = 0; i < profiles.Count; i++)
        {
            var (profile, top, bottom) = (profiles[i], i * Row, (i * Row) + Row - 4);
            var most = Math.Max(1, profile.PerSecond.DefaultIfEmpty(0).Max());
            svg.Text(0, top + 20, CycleDiagram.Fit(NameOf(profile), 40), size: 8.5);
            svg.Text(0, top + 32, StudyWords.With(words.Most, most), size: 7.5, colour: SvgDrawing.Quiet);
            if (plan.Groups[profile.Group] is { BeginSeconds: { } begin, GreenSeconds: { } green })
                CycleDiagram.Band(svg, Math.Max(0, CycleDiagram.Place(begin.Value, plan)), Math.Min(green.Value, cycle), cycle, top + Head - 4, bottom - top - Head + 4, "#d6ece0");
            var bars = new StringBuilder();
            var width = (CycleDiagram.X(1, cycle) - CycleDiagram.Left) * 0.8;
            for (var second = 0; second < profile.PerSecond.Length; second++)
            {
                if (profile.PerSecond[second] <= 0) continue;
                var (x, height) = (CycleDiagram.X(CycleDiagram.Within(second - zero, cycle), cycle), (bottom - top - Head) * profile.PerSecond[second] / most);
                bars.Append(CultureInfo.InvariantCulture, $"M{x:0.#} {bottom:0.#}h{width:0.##}v{-height:0.#}h{-width:0.##}z");
            }

            svg.Area(bars.ToString(), SvgDrawing.Volume).Stroke(CycleDiagram.Left, bottom, CycleDiagram.Width - CycleDiagram.Right, bottom, SvgDrawing.Quiet);
        }

        CycleDiagram.Axis(svg, cycle, profiles.Count * Row, words);
        return svg.ToMarkup();

        string NameOf(CycleProfile profile) => view.NameOf(plan.Groups[profile.Group].Approach, plan.Groups[profile.Group].Movements);
    }
}
