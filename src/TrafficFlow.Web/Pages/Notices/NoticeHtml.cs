using System.Globalization;
using TrafficFlow.Core.Notices;

namespace TrafficFlow.Web.Pages.Notices;

/// <summary>Writes sign and guideline as one HTML document each, which a printer makes PDF of.</summary>
public static class NoticeHtml
{
    private static readonly Lazy<string> GuidelineStyle = new(() => StandaloneHtml.Style("guideline.css"));
    private static readonly Lazy<string> SignStyle = new(() => StandaloneHtml.Style("sign.css"));

    public static Task<string> WriteAsync(GuidelineDocument document) => StandaloneHtml.WriteAsync<GuidelinePaper>(new() { [nameof(GuidelinePaper.Document)] = document });

    public static Task<string> WriteAsync(SignDocument document) => StandaloneHtml.WriteAsync<SignPaper>(new() { [nameof(SignPaper.Document)] = document });

    /// <param name="language">`ja` or `en`.</param>
    public static Task<string> WriteAsync(NoticeFacts facts, NoticeKind kind, string language) =>
        kind == NoticeKind.Sign ? WriteAsync(NoticeWriter.Sign(facts, language)) : WriteAsync(NoticeWriter.Guideline(facts, language));

    /// <summary>What stands at the margin of printed pages is of the language.</summary>
    internal static string StyleOf(GuidelineDocument document) => GuidelineStyle.Value.Replace("PAGE", document.Page, StringComparison.Ordinal);

    /// <summary>The letters as large as all of it fits on one sheet.</summary>
    internal static string StyleOf(SignDocument document) => SignStyle.Value.Replace("LETTERS", SignSize.Of(document).ToString("0.#", CultureInfo.InvariantCulture), StringComparison.Ordinal);
}

public enum NoticeKind
{
    /// <summary>What hangs at the installation, A3.</summary>
    Sign = 0,

    /// <summary>What is published of it, A4.</summary>
    Guideline = 1,
}
