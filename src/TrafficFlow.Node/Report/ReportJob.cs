using System.Text;
using TrafficFlow.Core.Files;
using TrafficFlow.Node.Export;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Tables;
using TrafficFlow.Web.Pages.Accuracy;
using TrafficFlow.Web.Pages.Periods;
using TrafficFlow.Web.Pages.Reports;

namespace TrafficFlow.Node.Report;

/// <summary>Reads the figures of days from the read tables and writes them as documents.</summary>
internal sealed class ReportJob(
    string config, string siteName, string? day, string? from, string? to, IReadOnlyList<string> languages, IReadOnlyList<ReportFormat> formats, string? place, TimeProvider time)
{
    /// <summary>Can be another one in tests.</summary>
    public IPdfPrinter Printer { get; init; } = new WeasyPrinter(time);

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var (settings, site) = ServerSite.Of(config, siteName);
        var now = time.GetUtcNow();
        var period = ReportOptions.Days(day, from, to, site.TimeZone, now);
        var files = ReportOptions.Places([.. from language in languages from format in formats select new ReportName(site.Id, period, language, format)], place);
        var sources = new ReportSources(
            ReadTables.Flows(settings.Journal), ReadTables.Journeys(settings.Journal), new ScoreFolder(Path.Combine(settings.DataDirectory, "scores")), Health: null, ProductVersion.Version);
        try
        {
            var figures = await ReportReader.ReadAsync(sources, new ReportQuestion(site, period), now, cancellation);
            PdfException? unprinted = null;
            foreach (var language in languages)
            {
                var html = await ReportHtml.WriteAsync(figures, language);
                foreach (var (name, file) in files.Where(f => f.Key.Language == language).OrderBy(f => f.Key.Format))
                {
                    try
                    {
                        Write(file, name.Format == ReportFormat.Pdf ? await Printer.PrintAsync(html, cancellation) : Encoding.UTF8.GetBytes(html));
                        await Console.Error.WriteLineAsync(file);
                    }
                    catch (PdfException e)
                    {
                        unprinted = e;
                    }
                }
            }

            await Console.Error.WriteLineAsync(Told(figures));
            return unprinted is null ? ExitCodes.Done
                : throw new JobFailedException($"no PDF was written: {unprinted.Message}{(formats.Contains(ReportFormat.Html) ? "; the HTML is there, and a browser prints it" : "; --format html needs neither")}", unprinted);
        }
        catch (QueryException e)
        {
            throw new JobFailedException(e.Message, e);
        }
    }

    private static string Told(ReportFigures figures) =>
        $"{figures.Site.Id}, {Period.Write(figures.Period.From)}{(figures.Period.Days > 1 ? $" to {Period.Write(figures.Period.To)}" : "")}: "
        + (figures.IsEmpty ? "nobody watched, and nothing is known of the traffic" : $"{(figures.Coverage.Share < 0.99 ? "at least " : "")}{Figures.Grouped(figures.Turning.All.Total.Count)} vehicles entered, {Figures.Watched(figures.Coverage.Share)} of the time was watched")
        + (figures.IsOver ? "" : "; the period is not over");

    private static void Write(string file, byte[] content)
    {
        try
        {
            using var draft = FileDraft.Of(file);
            using (var stream = draft.Open()) stream.Write(content);
            draft.Move(overwrite: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFailedException($"{file} cannot be written ({e.Message}): is its folder there, writable, and the disk not full?", e);
        }
    }
}
