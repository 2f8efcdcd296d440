using TrafficFlow.Vault.Inspections;

namespace TrafficFlow.Web.Pages.Custody;

/// <summary>Writes records and letters as one HTML document each, that needs nothing else and is printed as reports are.</summary>
internal static class PaperHtml
{
    public static Task<string> InspectionAsync(InspectionRecord record, InspectionRegister register, TimeZoneInfo zone, string language) => StandaloneHtml.WriteAsync<InspectionPaper>(new Dictionary<string, object?>
    {
        [nameof(InspectionPaper.Record)] = record,
        [nameof(InspectionPaper.Register)] = register,
        [nameof(InspectionPaper.Zone)] = zone,
        [nameof(InspectionPaper.Language)] = language,
    });

    /// <param name="text">Filled, its paragraphs divided by empty lines; the first one is the heading.</param>
    public static Task<string> LetterAsync(string text, string language) =>
        StandaloneHtml.WriteAsync<LetterPaper>(new Dictionary<string, object?> { [nameof(LetterPaper.Text)] = text, [nameof(LetterPaper.Language)] = language });
}
