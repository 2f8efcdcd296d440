namespace TrafficFlow.Web.Pages.Reports;

/// <summary>Which reports are made each morning, and how long all of them are kept.</summary>
/// <param name="Sites">Empty for all of the server's.</param>
/// <param name="At">By the clock of each site: of the day before.</param>
/// <param name="Languages">en, ja.</param>
/// <param name="Folder">Absolute.</param>
public sealed record ReportSettings(IReadOnlyList<string> Sites, TimeOnly At, IReadOnlyList<string> Languages, IReadOnlyList<ReportFormat> Formats, TimeSpan Keep, string Folder)
{
    /// <summary>More than a year: the same week of the last one is at hand.</summary>
    public static readonly TimeSpan KeepUsually = TimeSpan.FromDays(400);

    public static readonly TimeOnly AtUsually = new(6, 0);

    /// <summary>Of a data directory, where the settings name none.</summary>
    public static string FolderIn(string data) => Path.Combine(data, "reports");
}
