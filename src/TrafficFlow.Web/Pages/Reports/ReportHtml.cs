namespace TrafficFlow.Web.Pages.Reports;

/// <summary>Writes a report as one HTML document that needs nothing else.</summary>
public static class ReportHtml
{
    private static readonly Lazy<string> Style = new(() => StandaloneHtml.Style("report.css"));

    public static Task<string> WriteAsync(ReportFigures figures, string language) => StandaloneHtml.WriteAsync<ReportDocument>(new()
    {
        [nameof(ReportSection.Report)] = figures,
        [nameof(ReportSection.Words)] = ReportTexts.For(language),
    });

    /// <summary>What stands at the margin of printed pages is of the language.</summary>
    internal static string StyleOf(ReportTexts texts) => Style.Value.Replace("PAGE", texts.Page, StringComparison.Ordinal);
}
