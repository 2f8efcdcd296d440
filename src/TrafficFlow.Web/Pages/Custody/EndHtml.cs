using TrafficFlow.Vault.Endings;

namespace TrafficFlow.Web.Pages.Custody;

/// <summary>Writes the report of an experiment's end as one HTML document, that needs nothing else and is printed as reports are.</summary>
public static class EndHtml
{
    /// <param name="sha256">Of the signed report that it tells, hexadecimal.</param>
    /// <param name="language">en or ja.</param>
    public static Task<string> WriteAsync(EndReport report, string sha256, string language, TimeZoneInfo zone) => StandaloneHtml.WriteAsync<EndPaper>(new Dictionary<string, object?>
    {
        [nameof(EndPaper.Report)] = report,
        [nameof(EndPaper.Sha256)] = sha256,
        [nameof(EndPaper.Language)] = language,
        [nameof(EndPaper.Zone)] = zone,
    });
}
