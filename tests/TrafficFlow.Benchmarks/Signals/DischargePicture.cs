using System.Globalization;
using System.Text;
using TrafficFlow.Analysis.Signals;

namespace TrafficFlow.Benchmarks.Signals;

/// <summary>
/// Crossings as dots, one cycle a row from the top down, each stream a column, its place in the cycle to the right; what was inferred as green is a band. Where the
/// inference is right, dots stand in the bands and their left edge is straight.
/// </summary>
internal static class DischargePicture
{
    private const int Column = 230;
    private const int Gap = 18;
    private const int Top = 60;
    private const double Row = 6;

    public static string Draw(Discharge discharge, InferredSignals told, string title)
    {
        var streams = discharge.Streams.Where(s => s.Crossings.Length >= 8).ToList();
        var svg = new StringBuilder();
        var y = (double)Top;
        foreach (var plan in told.Plans) y = Plan(svg, streams, plan, y) + 50;
        foreach (var varying in told.Varying) y = Varying(svg, streams, varying, y) + 50;
        foreach (var unknown in told.Unknown)
        {
            Text(svg, 10, y, $"{unknown.Span.From:HH:mm} to {unknown.Span.To:HH:mm}: {unknown.Reason}");
            y += 20;
        }

        var width = 20 + (streams.Count * (Column + Gap));
        return string.Create(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{y:0}\" font-family=\"sans-serif\" font-size=\"12\"><rect width=\"100%\" height=\"100%\" fill=\"white\"/><text x=\"10\" y=\"20\" font-size=\"16\">{title}</text>{svg}</svg>");
    }

    private static double Plan(StringBuilder svg, List<DischargeStream> streams, InferredPlan plan, double top)
    {
        var cycle = plan.CycleSeconds.Value;
        Text(svg, 10, top, $"{plan.Span.From:HH:mm:ss} to {plan.Span.To:HH:mm:ss}: cycle {plan.CycleSeconds} s, scatter of first vehicles {plan.ScatterSeconds:0.00} s; stages {string.Join(", ", plan.Stages.Select(s => $"{string.Join("+", s.Groups.Select(g => plan.Groups[g].Approach.Value))} {s.SplitSeconds.Value:0.0}±{s.SplitSeconds.Margin:0.0} s"))}");
        top += 36;
        var rows = Math.Ceiling((plan.Span.To - plan.Span.From).TotalSeconds / cycle) + 1;
        // Rows begin at the first stage's begin, so that no green is cut.
        var zero = plan.Stages.IsEmpty ? 0 : plan.Stages[0].BeginSeconds.Value - 3;
        for (var i = 0; i < streams.Count; i++)
        {
            var left = 10 + (i * (Column + Gap));
            var group = plan.Groups.FirstOrDefault(g => g.Approach == streams[i].Approach && g.Movements.Contains(streams[i].Movement));
            Text(svg, left, top - 6, $"{streams[i].Approach} {streams[i].Movement}");
            if (group is { BeginSeconds: { } begin, GreenSeconds: { } green }) Band(begin.Value - zero, green.Value);
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{left}\" y=\"{top}\" width=\"{Column}\" height=\"{rows * Row}\" fill=\"none\" stroke=\"#999\"/>");
            foreach (var time in streams[i].Crossings.Where(t => t >= plan.Span.From && t < plan.Span.To))
            {
                var since = (time - plan.Reference).TotalSeconds - zero;
                var n = Math.Floor(since / cycle);
                var row = n - Math.Floor(((plan.Span.From - plan.Reference).TotalSeconds - zero) / cycle);
                svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{left + (Column * (since - (n * cycle)) / cycle):0.0}\" cy=\"{top + (row * Row) + (Row / 2):0.0}\" r=\"2\" fill=\"#124\"/>");
            }

            void Band(double from, double length)
            {
                from -= Math.Floor(from / cycle) * cycle;
                var width = Math.Min(length, cycle - from);
                svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{left + (Column * from / cycle):0.0}\" y=\"{top}\" width=\"{Column * width / cycle:0.0}\" height=\"{rows * Row}\" fill=\"#9d9\"/>");
                if (length > width) svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{left}\" y=\"{top}\" width=\"{Column * (length - width) / cycle:0.0}\" height=\"{rows * Row}\" fill=\"#9d9\"/>");
            }
        }

        return top + (rows * Row);
    }

    /// <summary>Each row from one cycle's begin on, in seconds: rows are as long as the cycle was, and the next one's begin is a mark.</summary>
    private static double Varying(StringBuilder svg, List<DischargeStream> streams, VaryingSignals varying, double top)
    {
        var longest = varying.MeanCycleSeconds.Value * 1.5;
        Text(svg, 10, top, $"{varying.Span.From:HH:mm:ss} to {varying.Span.To:HH:mm:ss}: cycle varies, mean {varying.MeanCycleSeconds} s, standard deviation {varying.DeviationSeconds:0.0} s, {varying.CycleBegins.Length} cycles");
        foreach (var group in varying.Groups)
        {
            top += 14;
            Text(svg, 20, top, string.Create(CultureInfo.InvariantCulture, $"{group.Approach} {string.Join(", ", group.Movements)}: from {group.BeginShare:0.00} of the cycle for {group.MeanSeconds:0.0} s, standard deviation {group.DeviationSeconds:0.0} s ({group.Crossings} vehicles)"));
        }

        top += 36;
        for (var i = 0; i < streams.Count; i++)
        {
            var left = 10 + (i * (Column + Gap));
            Text(svg, left, top - 6, $"{streams[i].Approach} {streams[i].Movement}");
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{left}\" y=\"{top}\" width=\"{Column}\" height=\"{varying.CycleBegins.Length * Row}\" fill=\"none\" stroke=\"#999\"/>");
            for (var row = 0; row + 1 < varying.CycleBegins.Length; row++)
            {
                var (from, to) = (varying.CycleBegins[row], varying.CycleBegins[row + 1]);
                var y = top + (row * Row) + (Row / 2);
                svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{left + Math.Min(Column, Column * (to - from).TotalSeconds / longest):0.0}\" y=\"{y - (Row / 2):0.0}\" width=\"1.5\" height=\"{Row}\" fill=\"#c33\"/>");
                foreach (var time in streams[i].Crossings.Where(t => t >= from && t < to && (t - from).TotalSeconds < longest))
                    svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{left + (Column * (time - from).TotalSeconds / longest):0.0}\" cy=\"{y:0.0}\" r=\"2\" fill=\"#124\"/>");
            }
        }

        return top + (varying.CycleBegins.Length * Row);
    }

    private static void Text(StringBuilder svg, double x, double y, string text) =>
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x}\" y=\"{y}\">{System.Net.WebUtility.HtmlEncode(text)}</text>");
}
