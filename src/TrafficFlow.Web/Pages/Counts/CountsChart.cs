using System.Globalization;
using System.Text.Json.Nodes;
using TrafficFlow.Web.Pages.Charts;

namespace TrafficFlow.Web.Pages.Counts;

/// <summary>Makes the option of ECharts for a time series: lines above, the share that was watched below, one zoom for both. Pure.</summary>
public static class CountsChart
{
    /// <param name="before">The sum of the same lines, so many days before, by step; null without a comparison.</param>
    /// <param name="nameOf">Of a line's key.</param>
    public static JsonObject Option(CountSeries series, IReadOnlyList<int?>? before, Func<string, string> nameOf, CountsTexts texts, TimeZoneInfo zone)
    {
        var times = series.Steps.Select(s => LocalTime(s.From, zone)).ToList();
        var lines = new JsonArray();
        foreach (var (line, i) in series.Lines.Select((l, i) => (l, i)).Where(l => l.l.Total > 0 || series.Lines.Count <= 4))
        {
            lines.Add(Line(nameOf(line.Key), ChartColours.Of(i), ChartColours.DashOf(i), times, line.Counts));
        }

        if (before is not null)
        {
            lines.Add(Line(texts.All, "var(--ink)", "solid", times, series.Sum));
            lines.Add(Line(texts.WeekBefore, "var(--quiet)", "dashed", times, before));
        }

        lines.Add(Strip(series, times, texts));
        var option = ChartFrame.Of();
        option["tooltip"]!["trigger"] = "axis";
        option["legend"] = ChartFrame.Legend();
        option["axisPointer"] = new JsonObject { ["link"] = new JsonArray(new JsonObject { ["xAxisIndex"] = "all" }) };
        option["grid"] = new JsonArray(
            new JsonObject { ["left"] = 56, ["right"] = 16, ["top"] = 60, ["bottom"] = 132 },
            new JsonObject { ["left"] = 56, ["right"] = 16, ["height"] = 34, ["bottom"] = 62 });
        option["xAxis"] = new JsonArray(ChartFrame.TimeAxis(), ChartFrame.TimeAxis(grid: 1, isShown: false));
        var vehicles = ChartFrame.Values(texts.Vehicles);
        vehicles["minInterval"] = 1;
        option["yAxis"] = new JsonArray(
            vehicles,
            new JsonObject { ["type"] = "value", ["gridIndex"] = 1, ["min"] = 0, ["max"] = 100, ["interval"] = 100, ["axisLabel"] = ChartFrame.Quiet("{value} %"), ["splitLine"] = new JsonObject { ["show"] = false } });
        option["dataZoom"] = ChartFrame.Zoom(0, 1);
        option["series"] = lines;
        return option;
    }

    private static JsonObject Line(string name, string colour, string dash, IReadOnlyList<string> times, IReadOnlyList<int?> counts) => new()
    {
        ["type"] = "line",
        ["name"] = name,
        ["step"] = "end",
        ["showSymbol"] = false,
        ["connectNulls"] = false,
        ["color"] = colour,
        ["lineStyle"] = new JsonObject { ["width"] = 1.6, ["type"] = dash, ["color"] = colour },
        ["data"] = new JsonArray([.. times.Select((t, i) => (JsonNode)new JsonArray(t, counts[i] is { } c ? JsonValue.Create(c) : null))]),
    };

    private static JsonObject Strip(CountSeries series, IReadOnlyList<string> times, CountsTexts texts) => new()
    {
        ["type"] = "bar",
        ["name"] = texts.Watched + " %",
        ["xAxisIndex"] = 1,
        ["yAxisIndex"] = 1,
        ["barCategoryGap"] = "0%",
        ["barMinWidth"] = 1,
        ["large"] = false,
        ["color"] = "var(--good)",
        ["data"] = new JsonArray([.. times.Select((t, i) => (JsonNode)new JsonObject
        {
            ["value"] = new JsonArray(t, Math.Round(series.Watched[i] * 100, 1)),
            ["itemStyle"] = new JsonObject { ["color"] = series.Degraded[i] ? "var(--warn)" : series.Watched[i] >= 0.99 ? "var(--good)" : "var(--low)" },
        })]),
    };

    /// <summary>By the site's clock, without a zone: browsers elsewhere show the same.</summary>
    public static string LocalTime(DateTimeOffset time, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
