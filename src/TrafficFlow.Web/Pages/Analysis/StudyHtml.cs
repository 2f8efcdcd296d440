using TrafficFlow.Analysis.Studies;

namespace TrafficFlow.Web.Pages.Analysis;

/// <summary>Writes a study as one HTML document that needs nothing else; <see cref="Reports.IPdfPrinter"/> makes a PDF of it.</summary>
public static class StudyHtml
{
    private static readonly Lazy<string> s_style = new(() => StandaloneHtml.Style("report.css") + StandaloneHtml.Style("study.css"));

    public static readonly IReadOnlyList<string> Languages = ["en", "ja"];

    /// <param name="language">en or ja.</param>
    /// <param name="showsVehicles">Whether its reader may see when single vehicles came.</param>
    /// <exception cref="InvalidDataException">The study was cut or changed by hand; the message says what to do.</exception>
    public static Task<string> WriteAsync(JunctionStudy study, string language, bool showsVehicles = true) =>
        StandaloneHtml.WriteAsync<StudyDocument>(new() { [nameof(StudySection.View)] = new StudyView(study, language, isPaper: true, showsVehicles) });

    /// <summary>What stands at the margin of printed pages is of the language.</summary>
    internal static string StyleOf(StudyWords words) => s_style.Value.Replace("PAGE", words.PageWord, StringComparison.Ordinal);
}
