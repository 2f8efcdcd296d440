using System.Text;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Health;
using TrafficFlow.Server.Queries;
using TrafficFlow.Web.Pages.Accuracy;
using TrafficFlow.Web.Pages.Periods;

namespace TrafficFlow.Web.Pages.Reports;

/// <summary>What has become of a report that was to be made.</summary>
/// <param name="Made">What is kept now.</param>
/// <param name="PdfProblem">Why there is no PDF, with what to do; null where there is, or none was asked for.</param>
public sealed record MadeReports(IReadOnlyList<ReportName> Made, string? PdfProblem);

/// <summary>Makes reports and keeps them, one at a time: what counts beside it has the machine. Thread-safe.</summary>
/// <param name="flows">Opened anew for each report: the tables may not be there yet.</param>
/// <param name="health">Null while there is no health board.</param>
/// <param name="keep">What was written longer ago is deleted.</param>
/// <param name="version">Of the program.</param>
public sealed class ReportDesk(
    Func<IFlowQuery> flows, Func<IJourneyQuery> journeys, Func<IHealthQuery?> health, ScoreFolder? scores, ReportShelf shelf, IPdfPrinter printer, TimeSpan keep, string version, TimeProvider time)
{
    private readonly SemaphoreSlim _turn = new(1);

    public ReportShelf Shelf => shelf;

    public PdfPrinting Printing { get; } = new(time);

    /// <summary>Deletes what is kept for too long.</summary>
    /// <exception cref="IOException">One cannot be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public void Prune(Site site) => shelf.Prune(site.Id, time.GetUtcNow() - keep);

    /// <summary>Makes one in some languages and forms: its figures are read once. What is kept of the same days stays, and this one is its next revision.</summary>
    /// <param name="isWanted">Which of them: asked with the first revision's name.</param>
    /// <returns>Null where another one is being made now: come again.</returns>
    /// <exception cref="QueryException">The database cannot be read.</exception>
    /// <exception cref="IOException">The report cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public async Task<MadeReports?> TryMakeAsync(
        Site site, Period period, IReadOnlyList<string> languages, IReadOnlyList<ReportFormat> formats, Func<ReportName, bool> isWanted, CancellationToken cancellation)
    {
        if (!_turn.Wait(0, CancellationToken.None)) return null;
        try
        {
            // Reading and drawing take seconds for a year: never in the circuit of a page.
            return await Task.Run(() => MakeAsync(new ReportQuestion(site, period), languages, formats, isWanted, cancellation), cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<MadeReports> MakeAsync(ReportQuestion question, IReadOnlyList<string> languages, IReadOnlyList<ReportFormat> formats, Func<ReportName, bool> isWanted, CancellationToken cancellation)
    {
        ReportFigures? figures = null;
        List<ReportName> made = [];
        string? problem = null;
        foreach (var language in languages)
        {
            List<ReportName> wanted = [.. formats.Order().Select(f => new ReportName(question.Site.Id, question.Period, language, f)).Where(isWanted)];
            if (wanted.Count == 0) continue;
            // A PDF that is late, since nothing could print it, is of the HTML that was written in its time.
            var (html, revision) = wanted is [{ Format: ReportFormat.Pdf } late] && formats.Contains(ReportFormat.Html) ? await KeptAsync(late with { Format = ReportFormat.Html }, cancellation) : (null, 0);
            if (html is null)
            {
                figures ??= await ReportReader.ReadAsync(new ReportSources(flows(), journeys(), scores, health(), version), question, time.GetUtcNow(), cancellation);
                revision = shelf.NextRevision(wanted[0]);
                html = await ReportHtml.WriteAsync(figures with { Revision = revision }, language);
            }

            foreach (var name in wanted.Select(n => n with { Revision = revision }))
            {
                try
                {
                    shelf.Write(name, name.Format == ReportFormat.Pdf ? await printer.PrintAsync(html, cancellation) : Encoding.UTF8.GetBytes(html));
                    made.Add(name);
                    if (name.Format == ReportFormat.Pdf) Printing.Printed(language);
                }
                catch (PdfException e)
                {
                    problem = e.Message;
                    Printing.Failed(language, e.Message);
                }
            }
        }

        Prune(question.Site);
        return new MadeReports(made, problem);
    }

    private async Task<(string? Html, int Revision)> KeptAsync(ReportName name, CancellationToken cancellation)
    {
        if (shelf.Newest(name) is not { Name: var newest } || shelf.Open(newest) is not { } file) return (null, 0);
        using var reader = new StreamReader(file, Encoding.UTF8);
        return (await reader.ReadToEndAsync(cancellation), newest.Revision);
    }
}
