using System.Globalization;
using Microsoft.AspNetCore.Components;
using TrafficFlow.Core.Flow;
using TrafficFlow.Web.Pages.Counts;
using TrafficFlow.Web.Pages.Periods;

namespace TrafficFlow.Web.Pages.Reports.Drawing;

/// <summary>How many entered in each step, as columns: of one day, of each of some days below each other, or of many days. Pure.</summary>
public static class VolumeChart
{
    private const double Width = 680;
    private const double Left = 62;
    private const double Right = 8;
    private const double Above = 20;
    private const double Below = 18;
    private const double Legend = 18;

    /// <summary>One column.</summary>
    /// <param name="Count">What was counted, a lower bound where not all was watched; null where nobody watched.</param>
    /// <param name="Before">Of the earlier period; null where it was not watched whole.</param>
    private sealed record Column(Interval Step, int? Count, double Watched, bool IsDegraded, int? Before);

    /// <param name="byHour">Steps are hours; else days.</param>
    public static MarkupString Of(CountSeries series, WeekComparison week, bool byHour, ReportTexts texts, TimeZoneInfo zone)
    {
        var columns = series.Steps.Select((s, i) => new Column(s, CountOf(series, i), series.Watched[i], series.Degraded[i], BeforeOf(week, i))).ToList();
        var rows = byHour ? columns.GroupBy(c => TimeZoneInfo.ConvertTime(c.Step.From, zone).Date).Select(d => d.ToList()).ToList() : [columns];
        var axis = ValueAxis.Of(columns.Max(c => Math.Max(c.Count ?? 0, c.Before ?? 0)), rows.Count == 1 ? 4 : 2);
        var height = rows.Count == 1 ? 160 : rows.Count <= 4 ? 64 : 44;
        var svg = new SvgDrawing(Width, Above + (rows.Count * (height + Below)) + Legend, Label(columns, byHour, texts));
        svg.Text(0, 9, byHour ? texts.PerHour : texts.PerDay, size: 8.5, colour: SvgDrawing.Quiet);
        for (var i = 0; i < rows.Count; i++) Panel(svg, rows[i], Above + (i * (height + Below)), height, axis, zone, rows.Count > 1 ? DayName(rows[i][0].Step.From, texts, zone) : null);
        WriteLegend(svg, Above + (rows.Count * (height + Below)) + 10, texts, week);
        return svg.ToMarkup();
    }

    /// <summary>05-11 Mon, by the site's clock.</summary>
    public static string DayName(DateTimeOffset time, ReportTexts texts, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(time, zone);
        return string.Create(CultureInfo.InvariantCulture, $"{local:MM-dd} {texts.Weekdays[(int)local.DayOfWeek]}");
    }

    private static void Panel(SvgDrawing svg, List<Column> columns, double top, double height, ValueAxis axis, TimeZoneInfo zone, string? name)
    {
        var (width, bottom) = ((Width - Left - Right) / columns.Count, top + height);
        foreach (var value in axis.Lines)
        {
            svg.Stroke(Left, Y(value), Width - Right, Y(value), SvgDrawing.Line);
            if (name is null || value is 0 || value >= axis.Top) svg.Text(Left - 4, Y(value) + 3, Figures.Grouped(value), "end", 8, SvgDrawing.Quiet);
        }

        if (name is not null) svg.Text(0, top + (height / 2) + 3, name, size: 8.5);
        for (var i = 0; i < columns.Count; i++)
        {
            var (column, x) = (columns[i], Left + (i * width));
            var gap = Math.Min(2, width * 0.12);
            if (column.Count is not { } count)
            {
                svg.Hatch(x, top, width, height);
            }
            else if (count > 0)
            {
                var isWhole = column.Watched >= 0.99;
                svg.Rectangle(x + gap, Y(count), width - (2 * gap), bottom - Y(count), column.IsDegraded ? SvgDrawing.Degraded : isWhole ? SvgDrawing.Volume : SvgDrawing.Lower);
                if (!isWhole) svg.Path(Hatching.Over(x + gap, Y(count), width - (2 * gap), bottom - Y(count)), SvgDrawing.Volume, 0.8);
            }

            if (column.Before is { } before) svg.Stroke(x, Y(before), x + width, Y(before), SvgDrawing.Before, 1.4);
        }

        foreach (var (step, text) in StepAxis.Of([.. columns.Select(c => c.Step)], zone)) svg.Text(Left + (step * width), bottom + 10, text, size: 8, colour: SvgDrawing.Quiet);

        double Y(double value) => bottom - (value / axis.Top * height);
    }

    private static void WriteLegend(SvgDrawing svg, double y, ReportTexts texts, WeekComparison week)
    {
        svg.Rectangle(Left, y - 7, 10, 8, SvgDrawing.Volume).Text(Left + 14, y, texts.LegendWhole, size: 8);
        svg.Rectangle(Left + 125, y - 7, 10, 8, SvgDrawing.Lower).Path(Hatching.Over(Left + 125, y - 7, 10, 8), SvgDrawing.Volume, 0.8).Text(Left + 139, y, texts.LegendPart, size: 8);
        svg.Hatch(Left + 270, y - 7, 10, 8).Text(Left + 284, y, texts.LegendMissing, size: 8);
        svg.Rectangle(Left + 375, y - 7, 10, 8, SvgDrawing.Degraded).Text(Left + 389, y, texts.Degraded, size: 8);
        svg.Stroke(Left + 470, y - 3, Left + 480, y - 3, SvgDrawing.Before, 1.4).Text(Left + 484, y, ReportTexts.With(texts.LegendBefore, WeekComparison.ShiftOf(week.Period)), size: 8);
    }

    /// <summary>What is seen at a glance, in words; the table below the chart has every figure.</summary>
    private static string Label(List<Column> columns, bool byHour, ReportTexts texts)
    {
        var missing = columns.Count(c => c.Count is null);
        var most = columns.Where(c => c.Count is not null).Select(c => c.Count!.Value).DefaultIfEmpty(0).Max();
        return $"{texts.VolumeTitle} ({(byHour ? texts.PerHour : texts.PerDay)}): ≤ {Figures.Grouped(most)}; {texts.NotWatched}: {missing} / {columns.Count}";
    }

    /// <summary>Of the approaches that were watched, together.</summary>
    public static int? CountOf(CountSeries series, int step) =>
        series.Lines.Select(l => l.Counts[step]).Where(c => c is not null).DefaultIfEmpty(null).Aggregate((sum, c) => sum + c);

    private static int? BeforeOf(WeekComparison week, int step) => step < week.Series.Steps.Count && week.Series.Watched[step] >= 0.99 ? CountOf(week.Series, step) : null;
}
