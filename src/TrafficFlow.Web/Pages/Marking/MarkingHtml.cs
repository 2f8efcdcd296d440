namespace TrafficFlow.Web.Pages.Marking;

/// <summary>Writes the marking page, for servers that render no other pages too.</summary>
internal static class MarkingHtml
{
    public static Task<string> WriteAsync(MarkingPageAddress address, string language) =>
        StandaloneHtml.WriteAsync<MarkingDocument>(new() { [nameof(MarkingDocument.Address)] = address, [nameof(MarkingDocument.Language)] = language });
}
