using TrafficFlow.Core.Files;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Web.Pages.Reports;

/// <param name="WrittenAt">The last time that it was.</param>
public sealed record KeptReport(ReportName Name, long Bytes, DateTimeOffset WrittenAt);

/// <summary>The reports that are kept: FOLDER/SITE/NAME, for the node's account alone. Links are not followed, and what has another name is left alone.</summary>
public sealed class ReportShelf(string folder)
{
    /// <summary>Of the same days and language.</summary>
    public const int MostRevisions = 20;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The newest days first, and of the same days the newest revision.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public IReadOnlyList<KeptReport> List(SiteId site) => List(site, "*");

    /// <summary>The newest revision of a report; null where there is none.</summary>
    /// <param name="report">Of any revision.</param>
    /// <inheritdoc cref="List(SiteId)" path="/exception"/>
    public KeptReport? Newest(ReportName report) => OfSame(report).Where(k => k.Name.Format == report.Format).MaxBy(k => k.Name.Revision);

    /// <summary>Takes no place of what is kept.</summary>
    /// <returns>The revision after those of the same days and language, in any format.</returns>
    /// <exception cref="IOException">As many are kept as may be, or the folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be read.</exception>
    public int NextRevision(ReportName report)
    {
        var next = OfSame(report).Select(k => k.Name.Revision).DefaultIfEmpty(0).Max() + 1;
        return next <= MostRevisions ? next : throw new IOException($"{MostRevisions} reports of these days are kept already in this language: whoever runs the server deletes some in {FolderOf(report.Site)}, or they go when they are old");
    }

    private IEnumerable<KeptReport> OfSame(ReportName report) => List(report.Site, $"{report.Stem}.*").Where(k => k.Name.Period == report.Period && k.Name.Language == report.Language);

    private List<KeptReport> List(SiteId site, string pattern)
    {
        var place = new DirectoryInfo(FolderOf(site));
        if (!place.Exists) return [];
        return
        [
            .. from file in place.EnumerateFiles(pattern)
               where file.LinkTarget is null
               let name = ReportName.Parse(site, file.Name)
               where name is not null
               orderby name.Period.To descending, name.Period.From descending, name.Language, name.Revision descending, name.Format
               select new KeptReport(name, file.Length, file.LastWriteTimeUtc),
        ];
    }

    /// <returns>Null where there is none.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public FileStream? Open(ReportName name)
    {
        try
        {
            return new FileInfo(PathOf(name)) is { Exists: true, LinkTarget: null } ? new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete) : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Deleted in this moment, as too old.
            return null;
        }
    }

    /// <summary>In the place of one of the same name.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public void Write(ReportName name, ReadOnlySpan<byte> content)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(FolderOf(name.Site));
        else Directory.CreateDirectory(FolderOf(name.Site), OwnerOnly);
        FileDraft.Write(PathOf(name), content);
    }

    /// <summary>Deletes those of a site that were written before.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="IOException">One cannot be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public int Prune(SiteId site, DateTimeOffset before)
    {
        var old = List(site).Where(r => r.WrittenAt < before).ToList();
        foreach (var report in old) File.Delete(PathOf(report.Name));
        return old.Count;
    }

    /// <summary>Those of a site that tell of days before a moment.</summary>
    public IReadOnlyList<ReportName> Over(SiteId site, DateTimeOffset before, TimeZoneInfo zone) => [.. List(site).Where(r => r.Name.Period.Span(zone).From < before).Select(r => r.Name)];

    /// <inheritdoc cref="Prune" path="/exception"/>
    public void Delete(IEnumerable<ReportName> reports)
    {
        foreach (var report in reports) File.Delete(PathOf(report));
    }

    private string FolderOf(SiteId site) => Path.Combine(folder, site.Value);

    private string PathOf(ReportName name) => Path.Combine(FolderOf(name.Site), name.File);
}
