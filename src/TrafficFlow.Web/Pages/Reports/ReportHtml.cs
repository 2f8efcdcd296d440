using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace TrafficFlow.Web.Pages.Reports;

/// <summary>Writes a report as one HTML document that needs nothing else.</summary>
public static class ReportHtml
{
    private const string Resource = "report.css";

    private static readonly Lazy<string> Style = new(() =>
    {
        using var css = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)!);
        return css.ReadToEnd();
    });

    public static async Task<string> WriteAsync(ReportFigures figures, string language)
    {
        await using var services = new ServiceCollection()
            .AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance)
            // Japanese as it is, not as numbers of characters.
            .AddSingleton(HtmlEncoder.Create(UnicodeRanges.All))
            .BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>
            {
                [nameof(ReportSection.Report)] = figures,
                [nameof(ReportSection.Words)] = ReportTexts.For(language),
            });
            return (await renderer.RenderComponentAsync<ReportDocument>(parameters)).ToHtmlString();
        });
    }

    /// <summary>What stands at the margin of printed pages is of the language.</summary>
    internal static string StyleOf(ReportTexts texts) => Style.Value.Replace("PAGE", texts.Page, StringComparison.Ordinal).Replace("FONTS", string.Join(", ", Drawing.ReportFonts.Families.Split(", ").Select(f => f.Contains(' ', StringComparison.Ordinal) ? $"\"{f}\"" : f)), StringComparison.Ordinal);
}
