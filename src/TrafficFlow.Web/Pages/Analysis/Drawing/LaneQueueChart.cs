using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;
using TrafficFlow.Analysis.Queues;
using TrafficFlow.Core.Flow;
using TrafficFlow.Web.Pages.Reports.Drawing;

namespace TrafficFlow.Web.Pages.Analysis.Drawing;

/// <summary>The queue of each cycle, one row for each lane of one approach. Pure.</summary>
internal static class LaneQueueChart
{
    private const double Width = 680;
    private const double Left = 62;
    private const double Right = 6;
    private const double Row = 62;
    private const double Between = 12;

    public static MarkupString Of(StudyView view, string approach, IReadOnlyList<LaneCycleQueue> queues, Interval span)
    {
        var words = view.Words;
        var lanes = queues.Select(q => q.Lane).Distinct().Order().ToList();
        var axis = ValueAxis.Of(queues.Max(q => Math.Max(q.BackMetres?.Value ?? 0, q.IsBeyondSight && double.IsFinite(q.BackMetres?.High ?? 0) ? q.BackMetres?.High ?? 0 : 0)), 3);
        var svg = new SvgDrawing(Width, (lanes.Count * (Row + Between)) + 32, $"{words.QueueChart}: {approach}; {string.Join("; ", lanes.Select(l => $"{StudyWords.With(words.LaneNumber, l)} {Longest(queues, l)}"))}");
        svg.Text(0, 8, $"{approach}, m", size: 8.5, colour: SvgDrawing.Quiet);
        for (var i = 0; i < lanes.Count; i++) Lane(svg, words, lanes[i], [.. queues.Where(q => q.Lane == lanes[i])], span, axis, 20 + (i * (Row + Between)));
        var bottom = 20 + (lanes.Count * (Row + Between)) - Between;
        foreach (var (at, name) in TimeAxis.Of(span, view.Zone))
        {
            svg.Stroke(X(at, span), bottom, X(at, span), bottom + 3, SvgDrawing.Quiet).Text(X(at, span), bottom + 12, name, X(at, span) > Width - 20 ? "end" : "middle", 8, SvgDrawing.Quiet);
        }

        return svg.ToMarkup();
    }

    private static void Lane(SvgDrawing svg, StudyWords words, int lane, IReadOnlyList<LaneCycleQueue> queues, Interval span, ValueAxis axis, double top)
    {
        var bottom = top + Row;
        svg.Text(0, top + (Row / 2), StudyWords.With(words.LaneNumber, lane), size: 8.5);
        foreach (var value in axis.Lines) svg.Stroke(Left, Y(value), Width - Right, Y(value), SvgDrawing.Line).Text(Left - 4, Y(value) + 3, value.ToString("0", CultureInfo.InvariantCulture), "end", 7.5, SvgDrawing.Quiet);
        var (seen, beyond, whiskers, marks, unknown) = (new StringBuilder(), new StringBuilder(), new StringBuilder(), new StringBuilder(), new StringBuilder());
        foreach (var queue in queues)
        {
            var x = X(queue.GreenBegin, span);
            if (x < Left || x > Width - Right) continue;
            if (queue.BackMetres is not { } back || !double.IsFinite(back.Value))
            {
                unknown.Append(CultureInfo.InvariantCulture, $"M{x - 1.5:0.#} {bottom - 3:0.#}L{x + 1.5:0.#} {bottom:0.#}M{x - 1.5:0.#} {bottom:0.#}L{x + 1.5:0.#} {bottom - 3:0.#}");
                continue;
            }

            (queue.IsBeyondSight ? beyond : seen).Append(CultureInfo.InvariantCulture, $"M{x:0.#} {bottom:0.#}V{Y(back.Value):0.#}");
            if (!queue.IsBeyondSight) continue;
            marks.Append(CultureInfo.InvariantCulture, $"M{x - 2.2:0.#} {Y(back.Value):0.#}h4.4l-2.2 -4z");
            if (double.IsFinite(back.Low) && double.IsFinite(back.High)) whiskers.Append(CultureInfo.InvariantCulture, $"M{x:0.#} {Y(Math.Max(0, back.Low)):0.#}V{Y(Math.Min(axis.Top, back.High)):0.#}");
        }

        svg.Path(seen.ToString(), SvgDrawing.Volume, 1.3).Path(beyond.ToString(), SvgDrawing.Before, 1.3).Path(whiskers.ToString(), SvgDrawing.Ink, 0.5).Area(marks.ToString(), SvgDrawing.Before).Path(unknown.ToString(), SvgDrawing.Missing, 0.8);

        double Y(double value) => bottom - (value / axis.Top * Row);
    }

    private static string Longest(IReadOnlyList<LaneCycleQueue> queues, int lane) =>
        queues.Where(q => q.Lane == lane && q.BackMetres is not null).MaxBy(q => q.BackMetres!.Value.Value) is { } longest ? StudyView.Metres(longest.BackMetres, longest.IsBeyondSight) : StudyView.Dash;

    private static double X(DateTimeOffset at, Interval span) => Left + ((at - span.From) / span.Length * (Width - Left - Right));
}
