using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Count.Videos;
using TrafficFlow.Web.Pages.Marking;

namespace TrafficFlow.Node.Mark.Desk;

/// <summary>Where clips of a site are laid, FOLDER/SITE/NAME.mp4 or another video, with what belongs to each beside it. They are read where they are; links are no clips.</summary>
internal sealed class ClipFolder(string folder)
{
    /// <summary>Of the data folder.</summary>
    public const string Name = "clips";

    /// <summary>How the name of a clip's marks ends.</summary>
    public const string Truth = ".truth.csv";

    /// <summary>How the name of a count's folder ends.</summary>
    public const string Counted = ".counted";

    private const int MostClips = 200;

    /// <summary>Of a site.</summary>
    public string Of(SiteId site) => Path.Combine(folder, site.Value);

    /// <summary>By name.</summary>
    public IReadOnlyList<ClipFile> List(SiteId site)
    {
        try
        {
            var place = new DirectoryInfo(Of(site));
            return !place.Exists ? [] :
            [
                .. place.EnumerateFiles().Where(f => f.LinkTarget is null && !f.Name.StartsWith('.') && VideoFiles.IsVideo(f.Name)).OrderBy(f => f.Name, StringComparer.Ordinal).Take(MostClips)
                    .Select(f => new ClipFile(f.Name, f.Length, File.Exists(TruthOf(f.FullName)))),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <returns>The path of a clip that is listed; null for any other name.</returns>
    public string? Find(SiteId site, string clip) => List(site).Any(c => c.Name == clip) ? Path.Combine(Of(site), clip) : null;

    /// <summary>The marks of a clip.</summary>
    public static string TruthOf(string path) => path + Truth;

    /// <summary>What a link leads to would be shown, or written into.</summary>
    /// <exception cref="JobFailedException">It is one.</exception>
    public static void RefuseLink(string path)
    {
        if (new FileInfo(path).LinkTarget is not null) throw new JobFailedException($"{path} is a link: remove it, and try again");
    }

    /// <summary>The folder of a clip's count.</summary>
    public static string CountOf(string path) => path + Counted;
}
