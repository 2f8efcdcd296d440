using TrafficFlow.Core.Files;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Studies;

/// <param name="WrittenAt">The last time that it was.</param>
public sealed record KeptStudy(StudyName Name, long Bytes, DateTimeOffset WrittenAt);

/// <summary>The studies that are kept: FOLDER/SITE/NAME, for the node's account alone. Links are not followed, and what has another name is left alone.</summary>
public sealed class StudyShelf(string folder)
{
    /// <summary>Of the same span.</summary>
    public const int MostRevisions = 20;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The latest span first, and of the same span the newest revision.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public IReadOnlyList<KeptStudy> List(SiteId site)
    {
        var place = new DirectoryInfo(FolderOf(site));
        if (!place.Exists) return [];
        return
        [
            .. from file in place.EnumerateFiles()
               where file.LinkTarget is null
               let name = StudyName.Parse(site, file.Name)
               where name is not null
               orderby name.Span.To descending, name.Span.From descending, name.Revision descending
               select new KeptStudy(name, file.Length, file.LastWriteTimeUtc),
        ];
    }

    /// <summary>The newest revision of a span; null where there is none.</summary>
    /// <inheritdoc cref="List(SiteId)" path="/exception"/>
    public KeptStudy? Newest(SiteId site, Interval span) => List(site).FirstOrDefault(k => k.Name.Stem == new StudyName(site, span).Stem);

    /// <returns>Null where there is none.</returns>
    /// <exception cref="StudyFileException">What is kept there is no whole study.</exception>
    public JunctionStudy? Read(StudyName name)
    {
        var file = new FileInfo(PathOf(name));
        if (file is not { Exists: true, LinkTarget: null }) return null;
        try
        {
            return StudyFile.Read(file.FullName);
        }
        catch (StudyFileException e) when (e.InnerException is FileNotFoundException or DirectoryNotFoundException)
        {
            // Deleted in this moment, as too old.
            return null;
        }
    }

    /// <summary>As the next revision of its span.</summary>
    /// <exception cref="IOException">It cannot be written, or as many are kept as may be.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be written.</exception>
    public StudyName Add(JunctionStudy study)
    {
        var (site, span) = (study.Subject.Site, study.Subject.Span);
        var revision = (Newest(site, span)?.Name.Revision ?? 0) + 1;
        if (revision > MostRevisions) throw new IOException($"{MostRevisions} studies of this time are kept already: whoever runs the server deletes some in {FolderOf(site)}, or they go when they are old");
        var name = new StudyName(site, span, revision);
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(FolderOf(site));
        else Directory.CreateDirectory(FolderOf(site), OwnerOnly);
        StudyFile.Write(PathOf(name), study);
        return name;
    }

    /// <summary>Deletes those of a site that were written before.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="IOException">One cannot be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public int Prune(SiteId site, DateTimeOffset before)
    {
        var old = List(site).Where(k => k.WrittenAt < before).ToList();
        foreach (var study in old) File.Delete(PathOf(study.Name));
        return old.Count;
    }

    /// <summary>Those of a site that tell of times before a moment.</summary>
    public IReadOnlyList<StudyName> Over(SiteId site, DateTimeOffset before) => [.. List(site).Where(k => k.Name.Span.From < before).Select(k => k.Name)];

    /// <inheritdoc cref="Prune" path="/exception"/>
    public void Delete(IEnumerable<StudyName> studies)
    {
        foreach (var study in studies) File.Delete(PathOf(study));
    }

    private string FolderOf(SiteId site) => Path.Combine(folder, site.Value);

    private string PathOf(StudyName name) => Path.Combine(FolderOf(name.Site), name.File);
}
