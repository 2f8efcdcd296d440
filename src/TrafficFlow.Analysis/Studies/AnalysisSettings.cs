using TrafficFlow.Analysis.Congestion;

namespace TrafficFlow.Analysis.Studies;

/// <summary>Which studies are made each week, and how long they are kept.</summary>
/// <param name="Sites">Empty for all of the server's.</param>
/// <param name="At">By the clock of each site, on the Monday after the week.</param>
/// <param name="Simulates">Whether proposals are tried in SUMO.</param>
/// <param name="Folder">Absolute.</param>
public sealed record AnalysisSettings(IReadOnlyList<string> Sites, TimeOnly At, CongestionProfile Profile, bool Simulates, TimeSpan Keep, string Folder)
{
    /// <summary>More than a year: the same week of the last one is at hand.</summary>
    public static readonly TimeSpan KeepUsually = TimeSpan.FromDays(400);

    public static readonly TimeOnly AtUsually = new(4, 0);

    /// <summary>Of a data directory, where the settings name none.</summary>
    public static string FolderIn(string data) => Path.Combine(data, "studies");
}
