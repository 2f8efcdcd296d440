using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace TrafficFlow.Web.Pages;

/// <summary>Writes a component as one HTML document that needs nothing else: no server, no script, no file beside it.</summary>
internal static class StandaloneHtml
{
    public static async Task<string> WriteAsync<T>(Dictionary<string, object?> parameters) where T : IComponent
    {
        await using var services = new ServiceCollection()
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            // Japanese as it is, not as numbers of characters.
            .AddSingleton(HtmlEncoder.Create(UnicodeRanges.All))
            .BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<T>(ParameterView.FromDictionary(parameters))).ToHtmlString());
    }

    /// <summary>A style sheet of this assembly, with the fonts of all such documents in the place of FONTS.</summary>
    public static string Style(string resource)
    {
        using var css = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!);
        return css.ReadToEnd().Replace("FONTS", string.Join(", ", Reports.Drawing.ReportFonts.Families.Split(", ").Select(f => f.Contains(' ', StringComparison.Ordinal) ? $"\"{f}\"" : f)), StringComparison.Ordinal);
    }
}
