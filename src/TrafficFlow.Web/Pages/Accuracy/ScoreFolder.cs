using System.Collections.Concurrent;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Web.Pages.Accuracy;

/// <summary>Where scores of a site are laid: FOLDER/SITE/NAME.json, as `trafficflow score --json` writes them. Only read; links out of it are not followed. Thread-safe.</summary>
public sealed class ScoreFolder(string folder)
{
    private const int MostReports = 200;
    private const int LongestFile = 8 * 1024 * 1024;
    private const int MostKept = 50;

    private readonly ConcurrentDictionary<string, Parsed> _kept = new(StringComparer.Ordinal);

    /// <summary>Names of the files that were parsed and are as they were.</summary>
    internal IEnumerable<string> Kept => _kept.Keys.Select(f => Path.GetFileNameWithoutExtension(f));

    /// <param name="At">When the file was written last.</param>
    /// <param name="Report">Null where it is none.</param>
    private sealed record Parsed(DateTime At, long Length, ScoreReport? Report);

    /// <summary>Of a site.</summary>
    public string Of(SiteId site) => Path.Combine(folder, site.Value);

    /// <summary>Names of what is laid down, the newest first; what is in the files is not looked at.</summary>
    public IReadOnlyList<string> Names(SiteId site)
    {
        var place = new DirectoryInfo(Of(site));
        if (!place.Exists) return [];
        try
        {
            return [.. place.EnumerateFiles("*.json").Where(f => f.LinkTarget is null).OrderByDescending(f => f.LastWriteTimeUtc).Take(MostReports).Select(f => Path.GetFileNameWithoutExtension(f.Name))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Scores of a site that were written before a moment.</summary>
    /// <exception cref="IOException">They cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public IReadOnlyList<FileInfo> Over(SiteId site, DateTimeOffset before)
    {
        var place = new DirectoryInfo(Of(site));
        return !place.Exists ? [] : [.. place.EnumerateFiles("*.json").Where(f => f.LinkTarget is null && f.LastWriteTimeUtc < before.UtcDateTime)];
    }

    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <returns>Null where the file is no score or cannot be read.</returns>
    public ScoreReport? Read(SiteId site, string name)
    {
        try
        {
            var file = new FileInfo(Path.Combine(Of(site), $"{name}.json"));
            if (Path.GetFileName(name) != name || !file.Exists || file.LinkTarget is not null || file.Length > LongestFile) return null;
            var (at, length) = (file.LastWriteTimeUtc, file.Length);
            if (_kept.TryGetValue(file.FullName, out var kept) && kept.At == at && kept.Length == length) return kept.Report;
            var report = ScoreReport.Parse(name, at, File.ReadAllBytes(file.FullName));
            if (_kept.Count >= MostKept) _kept.Clear();
            _kept[file.FullName] = new Parsed(at, length, report);
            return report;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The newest that is a score; null where there is none.</summary>
    public ScoreReport? Newest(SiteId site) => Names(site).Select(n => Read(site, n)).OfType<ScoreReport>().FirstOrDefault();
}
