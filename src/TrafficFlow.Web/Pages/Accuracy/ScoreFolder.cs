using TrafficFlow.Core.Sites;

namespace TrafficFlow.Web.Pages.Accuracy;

/// <summary>Where scores of a site are laid: FOLDER/SITE/NAME.json, as `trafficflow score --json` writes them. Only read; links out of it are not followed.</summary>
public sealed class ScoreFolder(string folder)
{
    private const int MostReports = 200;
    private const int LongestFile = 8 * 1024 * 1024;

    /// <summary>Of a site.</summary>
    public string Of(SiteId site) => Path.Combine(folder, site.Value);

    /// <summary>The newest first.</summary>
    /// <returns>Each with its name, and null where the file is no score or cannot be read.</returns>
    public IReadOnlyList<(string Name, ScoreReport? Report)> Read(SiteId site)
    {
        var place = new DirectoryInfo(Of(site));
        if (!place.Exists) return [];
        try
        {
            return [.. place.EnumerateFiles("*.json").Where(f => f.LinkTarget is null).OrderByDescending(f => f.LastWriteTimeUtc).Take(MostReports).Select(f => (Path.GetFileNameWithoutExtension(f.Name), Read(f)))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static ScoreReport? Read(FileInfo file)
    {
        try
        {
            return file.Length <= LongestFile ? ScoreReport.Parse(Path.GetFileNameWithoutExtension(file.Name), file.LastWriteTimeUtc, File.ReadAllBytes(file.FullName)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
