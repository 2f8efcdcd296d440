using System.Globalization;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Pages.Reports;

namespace TrafficFlow.Node.Settings.Nodes;

/// <summary>Reads trafficflow.reports: the reports of each morning.</summary>
internal static class ReportsSection
{
    /// <param name="data">The node's data directory.</param>
    /// <returns>Null where no reports are made by themselves.</returns>
    public static ReportSettings? Read(SettingsReader? reports, IReadOnlyList<NodeRole> roles, IReadOnlyList<Site> sites, string data)
    {
        if (reports is null) return null;
        if (roles.Count > 0 && !roles.Contains(NodeRole.Server)) reports.Problem("sites", "is of a node without the role server, which alone makes reports", "move trafficflow.reports to the files of the servers");
        var read = new ReportSettings(
            ReadSites(reports, [.. sites.Select(s => s.Id.Value)]),
            ReadTime(reports),
            ReadSome(reports, "languages", ReportTexts.Languages),
            [.. ReadSome(reports, "formats", ["html", "pdf"]).Select(f => f == "pdf" ? ReportFormat.Pdf : ReportFormat.Html)],
            reports.Has("keep") ? reports.Duration("keep", TimeSpan.FromDays(ReportDaysLeast), TimeSpan.FromDays(36_500)) : ReportSettings.KeepUsually,
            reports.OptionalText("folder") is { } folder ? Path.GetFullPath(Path.Combine(data, folder)) : ReportSettings.FolderIn(data));
        reports.RefuseUnknown();
        return read;
    }

    /// <summary>Longer than missing ones are made for: else they would be made again and again.</summary>
    private const int ReportDaysLeast = 8;

    private static List<string> ReadSites(SettingsReader reports, IReadOnlyList<string> known)
    {
        var sites = reports.Texts("sites");
        foreach (var (value, key) in sites.Where(s => known.Count > 0 && !known.Contains(s.Value.Text))) reports.Problem(value, key, $"this node has no site {value.Text}", Suggestion.For(value.Text, known, "sites"));
        return [.. sites.Select(s => s.Value.Text).Distinct()];
    }

    private static TimeOnly ReadTime(SettingsReader reports)
    {
        if (reports.OptionalText("at") is not { } text) return ReportSettings.AtUsually;
        if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)) return at;
        reports.Problem("at", $"\"{text}\" is no time of day", "write hours and minutes of the site's clock: \"06:00\"");
        return ReportSettings.AtUsually;
    }

    private static IReadOnlyList<string> ReadSome(SettingsReader reports, string key, IReadOnlyList<string> all)
    {
        var some = reports.Texts(key);
        foreach (var (value, place) in some.Where(s => !all.Contains(s.Value.Text))) reports.Problem(value, place, $"there is no \"{value.Text}\" among {key}", Suggestion.For(value.Text, all, key));
        return some.Count == 0 ? all : [.. some.Select(s => s.Value.Text).Distinct()];
    }
}
