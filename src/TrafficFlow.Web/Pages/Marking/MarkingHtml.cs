using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace TrafficFlow.Web.Pages.Marking;

/// <summary>Writes the marking page, for servers that render no other pages too.</summary>
internal static class MarkingHtml
{
    public static async Task<string> WriteAsync(MarkingPageAddress address, string language)
    {
        await using var services = new ServiceCollection()
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            .AddSingleton(HtmlEncoder.Create(UnicodeRanges.All))
            .BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(MarkingDocument.Address)] = address, [nameof(MarkingDocument.Language)] = language });
            return (await renderer.RenderComponentAsync<MarkingDocument>(parameters)).ToHtmlString();
        });
    }
}
