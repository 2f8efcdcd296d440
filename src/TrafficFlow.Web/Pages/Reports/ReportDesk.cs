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

    /// <summary>Deletes what is kept for too long.</summary>
    /// <exception cref="IOException">One cannot be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public void Prune(Site site) => shelf.Prune(site.Id, time.GetUtcNow() - keep);

    /// <summary>Makes one in some languages and forms: its figures are read once.</summary>
    /// <param name="isWanted">Which of them; those that are not stay as they are.</param>
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
        var names = (from language in languages from format in formats select new ReportName(question.Site.Id, question.Period, language, format)).Where(isWanted).ToList();
        if (names.Count == 0) return new MadeReports([], null);
        var figures = await ReportReader.ReadAsync(new ReportSources(flows(), journeys(), scores, health(), version), question, time.GetUtcNow(), cancellation);
        List<ReportName> made = [];
        string? problem = null;
        foreach (var inLanguage in names.GroupBy(n => n.Language))
        {
            var html = await ReportHtml.WriteAsync(figures, inLanguage.Key);
            foreach (var name in inLanguage.OrderBy(n => n.Format))
            {
                try
                {
                    shelf.Write(name, name.Format == ReportFormat.Pdf ? await printer.PrintAsync(html, cancellation) : Encoding.UTF8.GetBytes(html));
                    made.Add(name);
                }
                catch (PdfException e)
                {
                    problem = e.Message;
                }
            }
        }

        Prune(question.Site);
        return new MadeReports(made, problem);
    }
}
