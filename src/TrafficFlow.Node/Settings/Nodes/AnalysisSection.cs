using System.Globalization;
using TrafficFlow.Analysis.Congestion;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Node.Settings.Nodes;

/// <summary>Reads trafficflow.analysis: the studies of each week.</summary>
internal static class AnalysisSection
{
    /// <summary>Longer than missing ones are made for: else they would be made again and again.</summary>
    private const int KeepDaysLeast = 36;

    private static readonly string[] s_keys = ["sites", "at", "profile", "simulator", "keep", "folder"];

    /// <param name="data">The node's data directory.</param>
    /// <returns>Null where no studies are made by themselves.</returns>
    public static AnalysisSettings? Read(SettingsReader? analysis, IReadOnlyList<NodeRole> roles, IReadOnlyList<Site> sites, string data)
    {
        // Solvers alone are there for the verb.
        if (analysis is null || (analysis.Has("solvers") && !s_keys.Any(analysis.Has)))
        {
            analysis?.RefuseUnknown();
            return null;
        }

        if (roles.Count > 0 && !roles.Contains(NodeRole.Server)) analysis.Problem("sites", "is of a node without the role server, which alone makes studies", "move trafficflow.analysis to the files of the servers");
        var read = new AnalysisSettings(
            ReadSites(analysis, [.. sites.Select(s => s.Id.Value)]),
            ReadTime(analysis),
            ReadProfile(analysis),
            ReadSimulator(analysis),
            analysis.Has("keep") ? analysis.Duration("keep", TimeSpan.FromDays(KeepDaysLeast), TimeSpan.FromDays(36_500)) : AnalysisSettings.KeepUsually,
            analysis.OptionalText("folder") is { } folder ? Path.GetFullPath(Path.Combine(data, folder)) : AnalysisSettings.FolderIn(data));
        analysis.RefuseUnknown();
        return read;
    }

    private static List<string> ReadSites(SettingsReader analysis, IReadOnlyList<string> known)
    {
        var sites = analysis.Texts("sites");
        foreach (var (value, key) in sites.Where(s => known.Count > 0 && !known.Contains(s.Value.Text))) analysis.Problem(value, key, $"this node has no site {value.Text}", Suggestion.For(value.Text, known, "sites"));
        return [.. sites.Select(s => s.Value.Text).Distinct()];
    }

    private static TimeOnly ReadTime(SettingsReader analysis)
    {
        if (analysis.OptionalText("at") is not { } text) return AnalysisSettings.AtUsually;
        if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)) return at;
        analysis.Problem("at", $"\"{text}\" is no time of day", "write hours and minutes of the site's clock: \"04:00\"");
        return AnalysisSettings.AtUsually;
    }

    private static CongestionProfile ReadProfile(SettingsReader analysis)
    {
        if (analysis.OptionalText("profile") is not { } name) return CongestionProfile.JarticOrdinary;
        if (CongestionProfile.All.FirstOrDefault(p => p.Name == name) is { } profile) return profile;
        analysis.Problem("profile", $"there is no profile \"{name}\"", Suggestion.For(name, [.. CongestionProfile.All.Select(p => p.Name)], "there are"));
        return CongestionProfile.JarticOrdinary;
    }

    private static bool ReadSimulator(SettingsReader analysis)
    {
        switch (analysis.OptionalText("simulator"))
        {
            case null or "sumo":
                return true;
            case "off":
                return false;
            case var other:
                analysis.Problem("simulator", $"there is no simulator \"{other}\"", "write sumo or off");
                return true;
        }
    }
}
