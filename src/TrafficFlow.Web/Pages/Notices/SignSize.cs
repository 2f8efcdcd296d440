using TrafficFlow.Core.Notices;

namespace TrafficFlow.Web.Pages.Notices;

/// <summary>
/// How large the letters of a sign can be so that all of it stands on one sheet of A3: sizes of sign.css, computed here since no style sheet can. It errs on the small side.
/// </summary>
internal static class SignSize
{
    /// <summary>Points. At 26, Japanese is read from some four metres; the headline from ten and more.</summary>
    public const double Largest = 26;

    /// <summary>Below it nobody reads a sign: what is too long for it is cut at the sheet's end.</summary>
    public const double Smallest = 12;

    private const double MillimetresPerPoint = 25.4 / 72;

    // As in sign.css.
    private const double Sheet = 420;
    private const double Footer = 64;
    private const double Width = 265;
    private const double RowPadding = 5.6;
    private const double Gaps = 18;

    public static double Of(SignDocument document)
    {
        var size = Largest;
        while (size > Smallest && Height(document, size) > Sheet - Footer) size -= 0.5;
        return size;
    }

    private static double Height(SignDocument document, double points)
    {
        var letter = points * MillimetresPerPoint;
        // Camera, headline, the other headline and their padding.
        var isJapanese = document.Language == NoticeLanguages.Japanese;
        var headline = (isJapanese ? 68 : 58) * MillimetresPerPoint;
        var header = 85 + ((isJapanese ? 1 : Lines(document.Headline, headline, Width + 4)) * headline * 1.15);
        var labels = letter * (isJapanese ? 5.6 : 7.8);
        var statement = Lines(document.Statement, letter * 1.08, Width) * letter * 1.08 * 1.42;
        var rows = document.Lines.Sum(l => RowPadding + (l.Value.Split('\n').Sum(part => Lines(part, letter, Width - labels)) * letter * 1.4));
        return header + Gaps + statement + rows;
    }

    /// <summary>Letters of Japanese are as wide as high, others half of that; some room is lost at the end of each line.</summary>
    private static int Lines(string text, double letter, double width) => (int)Math.Ceiling(text.Sum(c => c > 0x2E7F ? 1 : 0.52) * letter / (width - letter));
}
