using System.Text.Json.Nodes;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Pages.Charts;
using TrafficFlow.Web.Pages.Counts;

namespace TrafficFlow.Web.Pages.Speed;

/// <summary>Makes the options of ECharts for speeds, queues and journeys. Pure.</summary>
public static class SpeedCharts
{
    public static JsonObject Speeds(SpeedSummary summary, Func<ApproachId, string> nameOf, TimeZoneInfo zone)
    {
        var times = summary.Steps.Select(s => CountsChart.LocalTime(s.From, zone)).ToList();
        // Of one day its date is said above.
        if (times.Count > 0 && times[0][..10] == times[^1][..10]) times = [.. times.Select(t => t[11..])];
        var fields = from approach in summary.Approaches.Select((a, row) => (a, row))
                     from step in Enumerable.Range(0, times.Count)
                     where approach.a.SpeedsKmh[step] is not null
                     select (JsonNode)new JsonArray(step, approach.row, Math.Round(approach.a.SpeedsKmh[step]!.Value, 1));
        var option = ChartFrame.Of();
        option["grid"] = new JsonObject { ["left"] = 90, ["right"] = 16, ["top"] = 10, ["bottom"] = 84 };
        option["xAxis"] = new JsonObject { ["type"] = "category", ["data"] = Texts(times), ["axisLabel"] = ChartFrame.Quiet() };
        option["yAxis"] = new JsonObject { ["type"] = "category", ["data"] = Texts(summary.Approaches.Select(a => nameOf(a.Approach))), ["axisLabel"] = Names(), ["inverse"] = true };
        option["visualMap"] = new JsonObject
        {
            ["min"] = 0,
            ["max"] = 60,
            ["calculable"] = true,
            ["orient"] = "horizontal",
            ["left"] = "center",
            ["bottom"] = 0,
            ["textStyle"] = new JsonObject { ["color"] = "var(--quiet)" },
            ["inRange"] = new JsonObject { ["color"] = Texts(SpeedScale.Colours) },
        };
        option["series"] = new JsonArray(new JsonObject { ["type"] = "heatmap", ["data"] = new JsonArray([.. fields]), ["progressive"] = 2000 });
        return option;
    }

    public static JsonObject Queues(SpeedSummary summary, Func<ApproachId, string> nameOf, string metres, TimeZoneInfo zone)
    {
        var times = summary.Steps.Select(s => CountsChart.LocalTime(s.From, zone)).ToList();
        var option = ChartFrame.Of();
        option["legend"] = ChartFrame.Legend();
        option["tooltip"]!["trigger"] = "axis";
        option["grid"] = new JsonObject { ["left"] = 56, ["right"] = 16, ["top"] = 62, ["bottom"] = 70 };
        option["xAxis"] = ChartFrame.TimeAxis();
        option["yAxis"] = ChartFrame.Values(metres);
        option["dataZoom"] = ChartFrame.Zoom();
        option["series"] = new JsonArray([.. summary.Approaches.Select((a, i) => (JsonNode)new JsonObject
        {
            ["type"] = "line", ["name"] = nameOf(a.Approach), ["showSymbol"] = false, ["step"] = "end", ["color"] = ChartColours.Of(i), ["lineStyle"] = new JsonObject { ["color"] = ChartColours.Of(i), ["width"] = 1.6 },
            ["data"] = new JsonArray([.. times.Select((t, step) => (JsonNode)new JsonArray(t, a.Queues[step]?.MeanMetres is { } m ? JsonValue.Create(Math.Round(m, 1)) : null))]),
        })]);
        return option;
    }

    /// <param name="journeys">Whole ones.</param>
    public static JsonObject SpaceTime(IEnumerable<Journey> journeys, Func<ApproachId, string> nameOf, string metres, TimeZoneInfo zone)
    {
        var option = ChartFrame.Of();
        option["legend"] = ChartFrame.Legend();
        option["grid"] = new JsonObject { ["left"] = 56, ["right"] = 16, ["top"] = 62, ["bottom"] = 70 };
        option["xAxis"] = ChartFrame.TimeAxis();
        option["yAxis"] = ChartFrame.Values(metres);
        option["dataZoom"] = ChartFrame.Zoom();
        option["series"] = new JsonArray([.. journeys.GroupBy(j => j.Approach!.Value).OrderBy(g => g.Key.Value, StringComparer.Ordinal).Select((g, i) => (JsonNode)new JsonObject
        {
            ["type"] = "line", ["name"] = nameOf(g.Key), ["showSymbol"] = false, ["connectNulls"] = false, ["color"] = ChartColours.Of(i), ["lineStyle"] = new JsonObject { ["color"] = ChartColours.Of(i), ["width"] = 1 },
            ["data"] = new JsonArray([.. g.OrderBy(j => j.EnteredAt).SelectMany(j => Line(j, zone))]),
        })]);
        return option;
    }

    private static IEnumerable<JsonNode> Line(Journey journey, TimeZoneInfo zone)
    {
        yield return new JsonArray(Second(journey.EnteredAt!.Value, zone), 0);
        yield return new JsonArray(Second(journey.LeftAt!.Value, zone), Math.Round(journey.DistanceMetres, 1));
        // The next vehicle begins anew.
        yield return new JsonArray(Second(journey.LeftAt!.Value, zone), null);
    }

    private static string Second(DateTimeOffset time, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd HH:mm:ss.f", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Names of arms may be long, and phones are narrow.</summary>
    private static JsonObject Names()
    {
        var label = ChartFrame.Quiet();
        (label["width"], label["overflow"], label["interval"], label["fontSize"], label["lineHeight"]) = (80, "break", 0, 10, 11);
        return label;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);
}

/// <summary>Colours of speeds, the same in the heat map and on the plan: from slow to fast.</summary>
public static class SpeedScale
{
    private const double FastestKmh = 60;

    public static readonly IReadOnlyList<string> Colours = ["#7a0f2b", "#c2410c", "#e0a021", "#5aa9a0", "#2f6fb0"];

    /// <summary>Which of <see cref="Colours"/>.</summary>
    public static int LevelOf(double speedKmh) => (int)Math.Clamp(speedKmh / FastestKmh * Colours.Count, 0, Colours.Count - 1);
}
