using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TrafficFlow.Vault.Inspections;

namespace TrafficFlow.Web.Pages.Custody;

/// <summary>Writes records and letters as one HTML document each, that needs nothing else and is printed as reports are.</summary>
internal static class PaperHtml
{
    public static Task<string> InspectionAsync(InspectionRecord record, InspectionRegister register, TimeZoneInfo zone, string language) => WriteAsync<InspectionPaper>(new Dictionary<string, object?>
    {
        [nameof(InspectionPaper.Record)] = record,
        [nameof(InspectionPaper.Register)] = register,
        [nameof(InspectionPaper.Zone)] = zone,
        [nameof(InspectionPaper.Language)] = language,
    });

    /// <param name="text">Filled, its paragraphs divided by empty lines; the first one is the heading.</param>
    public static Task<string> LetterAsync(string text, string language) =>
        WriteAsync<LetterPaper>(new Dictionary<string, object?> { [nameof(LetterPaper.Text)] = text, [nameof(LetterPaper.Language)] = language });

    private static async Task<string> WriteAsync<T>(Dictionary<string, object?> parameters)
        where T : IComponent
    {
        await using var services = new ServiceCollection().AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance).AddSingleton(HtmlEncoder.Create(UnicodeRanges.All)).BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<T>(ParameterView.FromDictionary(parameters))).ToHtmlString());
    }
}
