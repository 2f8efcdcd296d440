using System.Text.Json;
using Spectre.Console;

namespace TrafficFlow.Node.Run.Preflight;

/// <summary>What `run --check` prints.</summary>
internal static class PreflightReport
{
    private static readonly JsonSerializerOptions Layout = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static bool IsGood(IReadOnlyList<Finding> findings) => findings.All(f => f.State != FindingState.Bad);

    public static string Json(string config, IReadOnlyList<Finding> findings) => JsonSerializer.Serialize(
        new { Config = config, CanRun = IsGood(findings), Checks = findings.Select(f => new { f.What, State = Word(f.State), f.Text }) }, Layout);

    public static IEnumerable<string> Lines(IReadOnlyList<Finding> findings)
    {
        var width = findings.Max(f => f.What.Length);
        return findings.Select(f => $"{Word(f.State),-4} {f.What.PadRight(width)} {f.Text}");
    }

    public static Table Table(IReadOnlyList<Finding> findings)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders();
        table.AddColumn(new TableColumn("").NoWrap());
        table.AddColumn(new TableColumn("").NoWrap());
        table.AddColumn(new TableColumn(""));
        foreach (var finding in findings)
            table.AddRow(new Text(Word(finding.State), Style(finding.State)), new Text(finding.What), new Text(finding.Text));
        return table;
    }

    public static string Summary(string config, IReadOnlyList<Finding> findings)
    {
        var bad = findings.Count(f => f.State == FindingState.Bad);
        var doubtful = findings.Count(f => f.State == FindingState.Doubtful);
        var told = doubtful == 0 ? "" : $"; {doubtful} to look at";
        return bad == 0 ? $"{config} can be used: {findings[0].Text}{told}" : $"{config} cannot be used as it is: {bad} of {findings.Count} {(bad == 1 ? "is" : "are")} not as needed{told}";
    }

    private static string Word(FindingState state) => state switch
    {
        FindingState.Good => "ok",
        FindingState.Doubtful => "look",
        FindingState.Bad => "BAD",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "no such state"),
    };

    private static Style Style(FindingState state) => state switch
    {
        FindingState.Good => new Style(Color.Green),
        FindingState.Doubtful => new Style(Color.Yellow),
        _ => new Style(Color.Red),
    };
}
