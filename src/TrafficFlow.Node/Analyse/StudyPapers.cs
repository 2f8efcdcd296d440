using System.Text;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Files;
using TrafficFlow.Web.Pages.Analysis;
using TrafficFlow.Web.Pages.Reports;

namespace TrafficFlow.Node.Analyse;

/// <summary>What the verb writes of a study: the study itself, and its report to be read and to be printed.</summary>
internal sealed class StudyPapers
{
    private readonly string _language;
    private readonly IPdfPrinter _printer;

    private StudyPapers(string folder, string language, IPdfPrinter printer)
    {
        (_language, _printer) = (language, printer);
        (Study, Html, Pdf) = (Path.Combine(folder, "study.json"), Path.Combine(folder, "report.html"), Path.Combine(folder, "report.pdf"));
    }

    private string Study { get; }

    private string Html { get; }

    private string Pdf { get; }

    /// <param name="folder">Null where nothing is to be written.</param>
    /// <exception cref="UsageException">It is no folder, or holds such files already.</exception>
    public static StudyPapers? In(string? folder, string language, IPdfPrinter printer)
    {
        if (folder is null) return null;
        if (!Directory.Exists(folder)) throw new UsageException($"--out {folder} is no folder that is there: make it first");
        var papers = new StudyPapers(folder, language, printer);
        foreach (var place in new[] { papers.Study, papers.Html, papers.Pdf })
        {
            if (Path.Exists(place) || new FileInfo(place).LinkTarget is not null) throw new UsageException($"{place} is there already: remove it, or name another folder with --out");
        }

        return papers;
    }

    /// <param name="keepsStudy">Whether the study was made now, and is written too.</param>
    /// <returns>Why there is no PDF; null where there is one.</returns>
    /// <exception cref="JobFailedException">Something else cannot be written.</exception>
    public async Task<JobFailedException?> WriteAsync(JunctionStudy study, bool keepsStudy, CancellationToken cancellation)
    {
        if (keepsStudy) await WriteAsync(Study, StudyFile.ToBytes(study));
        var html = await StudyHtml.WriteAsync(study, _language);
        await WriteAsync(Html, Encoding.UTF8.GetBytes(html));
        try
        {
            await WriteAsync(Pdf, await _printer.PrintAsync(html, cancellation));
            return null;
        }
        catch (PdfException e)
        {
            return new JobFailedException($"no PDF was written: {e.Message}; {Html} is there, and a browser prints it", e);
        }
    }

    private static async Task WriteAsync(string place, byte[] content)
    {
        try
        {
            using var draft = FileDraft.Of(place);
            using (var stream = draft.Open()) stream.Write(content);
            draft.Move(overwrite: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFailedException($"{place} cannot be written ({e.Message}): is its folder writable, and the disk not full?", e);
        }

        await Console.Error.WriteLineAsync(place);
    }
}
