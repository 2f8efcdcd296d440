using System.Text.Json;
using System.Text.RegularExpressions;
using TrafficFlow.SystemTests.Settings;

namespace TrafficFlow.SystemTests.Monitoring;

/// <summary>What deploy/MONITORING.md and deploy/monitoring/ say.</summary>
internal static partial class Manual
{
    public static string Folder { get; } = Path.Combine(SharedFiles.Repository, "deploy", "monitoring");

    /// <summary>First column of the table of metrics.</summary>
    public static IReadOnlySet<string> Metrics { get; } = Row().Matches(File.ReadAllText(Path.Combine(SharedFiles.Repository, "deploy", "MONITORING.md"))).Select(m => m.Groups[1].Value).ToHashSet();

    public static IReadOnlyList<string> Alerts { get; } = [.. Alert().Matches(AlertFile).Select(m => m.Groups[1].Value)];

    public static string AlertFile => File.ReadAllText(Path.Combine(Folder, "alerts.yml"));

    public static IReadOnlyList<(string Panel, string Query)> DashboardQueries()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "grafana-dashboard.json")));
        return
        [
            .. from panel in dashboard.RootElement.GetProperty("panels").EnumerateArray()
               where panel.GetProperty("type").GetString() != "row"
               from target in panel.GetProperty("targets").EnumerateArray()
               select (panel.GetProperty("title").GetString()!, target.GetProperty("expr").GetString()!.Replace("$site", ".*", StringComparison.Ordinal)),
        ];
    }

    /// <summary>What the alerts ask.</summary>
    public static IReadOnlyList<string> AlertQueries => [.. Expression().Matches(AlertFile).Select(m => m.Groups[1].Value)];

    /// <summary>Metrics that PromQL names, without the suffixes of a histogram; names of labels are left out.</summary>
    public static IReadOnlySet<string> MetricsIn(string query) =>
        Name().Matches(Labels().Replace(query, " ")).Select(m => Suffix().Replace(m.Value, "")).ToHashSet();

    [GeneratedRegex(@"^\| `(trafficflow_[a-z_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex Alert();

    [GeneratedRegex(@"expr:([\s\S]*?)\n +(?:for|labels):")]
    private static partial Regex Expression();

    [GeneratedRegex(@"\{[^}]*\}|\b(?:by|on|without|ignoring) \([^)]*\)")]
    private static partial Regex Labels();

    [GeneratedRegex("trafficflow_[a-z_]+")]
    private static partial Regex Name();

    [GeneratedRegex("_(bucket|count|sum)$")]
    private static partial Regex Suffix();
}
