using System.Globalization;
using System.Text;
using TrafficFlow.Core.Files;
using TrafficFlow.Core.Notices;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Accounts;
using TrafficFlow.Node.ControlClient;
using TrafficFlow.Node.Report;
using TrafficFlow.Node.Settings;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Files;
using TrafficFlow.Web.Pages.Notices;
using TrafficFlow.Web.Pages.Reports;

namespace TrafficFlow.Node.Notices;

/// <summary>Writes drafts of notices, publishes them, and tells what was published.</summary>
/// <param name="persons">Named on the command line; null for those of the last version.</param>
internal sealed class NoticeJob(string siteFile, string? config, string? data, IReadOnlyList<NoticePerson>? persons, TimeProvider time)
{
    /// <summary>Can be another one in tests.</summary>
    public IPdfPrinter Printer { get; init; } = new WeasyPrinter(time);

    public async Task<int> WriteAsync(IReadOnlyList<NoticeKind> kinds, IReadOnlyList<string> languages, IReadOnlyList<ReportFormat> formats, string output, CancellationToken cancellation)
    {
        var site = Site();
        if (!Directory.Exists(output)) throw new UsageException($"--out {output} is no folder that is there: make it first");
        // A draft needs no node; with one it knows who was named last.
        var facts = config is null && data is null ? NoticeFacts.Of(site, persons ?? []) : await Kept(() => Desk().Facts(site));
        PdfException? unprinted = null;
        foreach (var kind in kinds)
        {
            foreach (var language in languages)
            {
                var html = await NoticeHtml.WriteAsync(facts, kind, language);
                foreach (var format in formats.Order())
                {
                    try
                    {
                        var content = format == ReportFormat.Pdf ? await Printer.PrintAsync(html, cancellation) : Encoding.UTF8.GetBytes(html);
                        Write(Path.Combine(output, NoticeDesk.FileName(site.Id, kind, language, format.ToString().ToLowerInvariant())), content);
                    }
                    catch (PdfException e)
                    {
                        unprinted = e;
                    }
                }
            }
        }

        return unprinted is null ? ExitCodes.Done : throw new JobFailedException($"no PDF was written: {unprinted.Message}; --format html needs no printer", unprinted);
    }

    public async Task<int> PublishAsync(IReadOnlyList<ReportFormat> formats, CancellationToken cancellation)
    {
        var site = Site();
        var desk = Desk();
        try
        {
            var published = await Kept(() => desk.PublishAsync(site, Environment.UserName, formats.Contains(ReportFormat.Pdf) ? Printer : null, cancellation));
            await RecordAsync(published);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Version {published.Version} of {site.Id} is published: {desk.Shelf.PlaceOf(site.Id, published.Version)}"));
            foreach (var (file, hash) in published.Files.OrderBy(f => f.Key, StringComparer.Ordinal)) Console.WriteLine($"  {hash}  {file}");
            if (published.Persons.Count == 0) Console.WriteLine("  No person is named in it: name them with --custodian and --operator, or in the register of persons, and publish again");
            return ExitCodes.Done;
        }
        catch (PdfException e)
        {
            throw new JobFailedException($"nothing was published: {e.Message}; --format html publishes without PDF", e);
        }
    }

    public int List()
    {
        var site = Site();
        var desk = Desk();
        try
        {
            foreach (var notice in desk.Shelf.List(site.Id))
            {
                var altered = desk.Shelf.Altered(notice);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"version {notice.Version}, {notice.PublishedAt:yyyy-MM-dd HH:mm zzz}, by {notice.By}: {(altered.Count == 0 ? $"{notice.Files.Count} files as published" : $"NOT as published: {string.Join(", ", altered)}")}"));
            }

            var finding = NoticeFinding.Of(site, desk);
            Console.WriteLine(finding.Text);
            return finding.IsMet ? ExitCodes.Done : ExitCodes.Failed;
        }
        catch (IOException e)
        {
            throw new JobFailedException(e.Message, e);
        }
    }

    private async Task RecordAsync(PublishedNotice published)
    {
        string? problem;
        try
        {
            var place = VaultPlace.Find(config, data);
            await using var log = await AuditLog.OpenAsync(place.Data, place.Audit, time);
            problem = await log.RecordAsync(NoticeDesk.RecordOf(published, Environment.UserName, $"unix:{Environment.UserName}")) is null ? log.Problem : null;
        }
        catch (VaultFileException e)
        {
            problem = e.Message;
        }

        if (problem is not null) await Console.Error.WriteLineAsync($"trafficflow: this is not in the audit: {problem}");
    }

    private Site Site()
    {
        var site = SiteSettings.Load(siteFile, config).Site;
        return site.Custody is not null ? site : throw new UsageException($"{siteFile} says nothing of custody: add the section custody (hocon/sites/kokandori.conf shows it, deploy/CUSTODY-SITE.md explains it)");
    }

    private NoticeDesk Desk()
    {
        var place = NodePlace.Find(config, data);
        return new(new NoticeShelf(NoticeShelf.FolderIn(place)), site => Told(AppointedPersons.Of(place, site, time)), time);
    }

    /// <summary>The register tells who is appointed; names on the command line stand in for one that is empty.</summary>
    private IReadOnlyList<NoticePerson>? Told(IReadOnlyList<NoticePerson>? appointed) =>
        appointed is not null && persons is not null ? throw new UsageException("the register of persons tells who is appointed (trafficflow custody persons list): leave --custodian and --operator out, and appoint or dismiss there") : appointed ?? persons;

    private static Task<T> Kept<T>(Func<T> read) => Kept(() => Task.FromResult(read()));

    private static async Task<T> Kept<T>(Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFailedException($"the published notices cannot be kept or read ({e.Message}): is the data folder there, writable, and the disk not full?", e);
        }
    }

    private static void Write(string file, byte[] content)
    {
        try
        {
            using var draft = FileDraft.Of(file);
            using (var stream = draft.Open()) stream.Write(content);
            draft.Move(overwrite: false);
            Console.Error.WriteLine(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFailedException($"{file} cannot be written ({e.Message}): is it there already, is its folder writable, and the disk not full?", e);
        }
    }
}
