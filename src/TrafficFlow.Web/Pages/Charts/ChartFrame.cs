using System.Text.Json.Nodes;

namespace TrafficFlow.Web.Pages.Charts;

/// <summary>What all charts have in common: fonts, axes, zoom, in the colours of the site's styles.</summary>
public static class ChartFrame
{
    public static JsonObject Of() => new()
    {
        ["animation"] = false,
        ["textStyle"] = new JsonObject { ["color"] = "var(--ink)", ["fontFamily"] = "system-ui, Noto Sans JP, Noto Sans CJK JP, sans-serif" },
        // As text of the canvas: elements with styles of their own are what the policy stops.
        ["tooltip"] = new JsonObject
        {
            ["renderMode"] = "richText",
            ["confine"] = true,
            ["backgroundColor"] = "var(--sheet)",
            ["borderColor"] = "var(--line)",
            ["textStyle"] = new JsonObject { ["color"] = "var(--ink)" },
        },
    };

    public static JsonObject Legend() => new()
    {
        ["type"] = "scroll",
        ["top"] = 0,
        ["textStyle"] = new JsonObject { ["color"] = "var(--ink)" },
        ["pageTextStyle"] = new JsonObject { ["color"] = "var(--ink)" },
    };

    public static JsonObject TimeAxis(int grid = 0, bool isShown = true) => new()
    {
        ["type"] = "time",
        ["gridIndex"] = grid,
        ["axisLabel"] = isShown ? new JsonObject { ["color"] = "var(--quiet)", ["hideOverlap"] = true, ["formatter"] = Times() } : new JsonObject { ["show"] = false },
        ["axisLine"] = new JsonObject { ["lineStyle"] = new JsonObject { ["color"] = "var(--quiet)" } },
        ["axisTick"] = new JsonObject { ["show"] = isShown },
    };

    /// <summary>The same in every language: names of months are none.</summary>
    private static JsonObject Times() => new()
    {
        ["year"] = "{yyyy}",
        ["month"] = "{yyyy}-{MM}",
        ["day"] = "{MM}-{dd}",
        ["hour"] = "{HH}:{mm}",
        ["minute"] = "{HH}:{mm}",
        ["second"] = "{HH}:{mm}:{ss}",
    };

    public static JsonObject Values(string name) => new()
    {
        ["type"] = "value",
        ["name"] = name,
        ["nameTextStyle"] = new JsonObject { ["color"] = "var(--quiet)", ["align"] = "left" },
        ["axisLabel"] = Quiet(),
        ["splitLine"] = new JsonObject { ["lineStyle"] = new JsonObject { ["color"] = "var(--line)" } },
    };

    /// <param name="axes">That are zoomed together.</param>
    public static JsonArray Zoom(params int[] axes) => new(
        new JsonObject { ["type"] = "inside", ["xAxisIndex"] = Indices(axes), ["zoomOnMouseWheel"] = "ctrl" },
        new JsonObject { ["type"] = "slider", ["xAxisIndex"] = Indices(axes), ["height"] = 26, ["bottom"] = 10, ["textStyle"] = new JsonObject { ["color"] = "var(--quiet)" } });

    public static JsonObject Quiet(string? format = null)
    {
        var label = new JsonObject { ["color"] = "var(--quiet)" };
        if (format is not null) label["formatter"] = format;
        return label;
    }

    private static JsonArray Indices(int[] axes) => new([.. (axes.Length == 0 ? [0] : axes).Select(a => (JsonNode)a)]);
}
