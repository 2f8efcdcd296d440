using System.Globalization;
using System.Text;
using TrafficFlow.Core.Notices;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web.Pages.Reports;

namespace TrafficFlow.Web.Pages.Notices;

/// <summary>What of a site's notices is not as it should be.</summary>
/// <param name="Published">Null where nothing was published yet.</param>
/// <param name="Changed">Parts that have changed since; none where what is published is in force.</param>
/// <param name="Altered">Published files that were changed or are gone.</param>
public sealed record NoticeStanding(PublishedNotice? Published, IReadOnlyList<string> Changed, IReadOnlyList<string> Altered)
{
    public bool IsCurrent => Published is not null && Changed.Count == 0 && Altered.Count == 0;
}

/// <summary>Writes, publishes and compares the notices of sites.</summary>
/// <param name="persons">Who is appointed at a site at present; null where nobody can tell: then they are not compared, and those of the last version stay.</param>
public sealed class NoticeDesk(NoticeShelf shelf, Func<Site, IReadOnlyList<NoticePerson>?> persons, TimeProvider time)
{
    public NoticeShelf Shelf { get; } = shelf;

    /// <summary>How what is in force compares with what was published.</summary>
    /// <param name="site">With a custody section.</param>
    /// <exception cref="IOException">The published versions cannot be read.</exception>
    public NoticeStanding Standing(Site site)
    {
        if (Shelf.Newest(site.Id) is not { } published) return new NoticeStanding(null, [], []);
        var told = persons(site);
        var now = NoticeParts.Of(NoticeFacts.Of(site, told ?? published.Persons));
        return new NoticeStanding(published, [.. NoticeParts.Changed(published.Parts, now).Where(p => told is not null || p != NoticeParts.Persons)], Shelf.Altered(published));
    }

    /// <summary>What the notices of a site would tell now.</summary>
    /// <exception cref="IOException">The published versions cannot be read.</exception>
    public NoticeFacts Facts(Site site) => NoticeFacts.Of(site, persons(site) ?? Shelf.Newest(site.Id)?.Persons ?? []);

    /// <summary>Makes a new version: sign and guideline in both languages, as HTML and, with a printer, as PDF.</summary>
    /// <param name="by">Who publishes.</param>
    /// <exception cref="IOException">It cannot be kept.</exception>
    /// <exception cref="PdfException">It cannot be printed; nothing is published.</exception>
    public async Task<PublishedNotice> PublishAsync(Site site, string by, IPdfPrinter? printer, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var version = (Shelf.Newest(site.Id)?.Version ?? 0) + 1;
        var facts = Facts(site) with { Edition = new NoticeEdition(version, DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, site.TimeZone).DateTime)) };
        var files = new Dictionary<string, byte[]>();
        foreach (var kind in Enum.GetValues<NoticeKind>())
        {
            foreach (var language in NoticeLanguages.All)
            {
                var html = await NoticeHtml.WriteAsync(facts, kind, language);
                files[FileName(site.Id, kind, language, "html", version)] = Encoding.UTF8.GetBytes(html);
                if (printer is not null) files[FileName(site.Id, kind, language, "pdf", version)] = await printer.PrintAsync(html, cancellation);
            }
        }

        return Shelf.Publish(
            new PublishedNotice(version, TimeZoneInfo.ConvertTime(now, site.TimeZone), site.Id.Value, site.Name, by, facts.Persons, NoticeParts.Of(facts), new Dictionary<string, string>()), files);
    }

    /// <summary>For the audit: which version, and what its files are.</summary>
    /// <param name="account">How whoever published was checked.</param>
    public static AuditEvent RecordOf(PublishedNotice published, string by, string account) => new(
        AuditKind.Change, by, account, "notice publish", published.Site,
        Details: string.Create(CultureInfo.InvariantCulture, $"version {published.Version}; {string.Join(", ", published.Files.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key} {f.Value[..16]}"))}"));

    /// <summary>SITE-KIND[-vN].LANGUAGE.FORMAT.</summary>
    public static string FileName(SiteId site, NoticeKind kind, string language, string format, int? version = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{site}-{kind.ToString().ToLowerInvariant()}{(version is { } v ? $"-v{v}" : "")}.{language}.{format}");
}
