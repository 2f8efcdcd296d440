using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Components;

namespace TrafficFlow.Web.Pages.Reports.Drawing;

/// <summary>
/// Writes one SVG with everything said at its elements: no style sheet, no script, no mark that another drawing of the document could have too. So it looks the same in a browser, in
/// a mail, and printed. All texts are encoded here.
/// </summary>
/// <param name="label">What it shows, for who does not see it.</param>
public sealed class SvgDrawing(double width, double height, string label)
{
    public const string Ink = "#10222b";
    public const string Quiet = "#51656f";
    public const string Line = "#d5dee2";
    public const string Volume = "#0e6a83";
    public const string Lower = "#8fbccb";
    public const string Degraded = "#d98a1f";
    public const string Missing = "#9aa8af";
    public const string MissingGround = "#e2e7ea";
    public const string Before = "#a3182d";

    private readonly StringBuilder _body = new();

    public SvgDrawing Rectangle(double x, double y, double w, double h, string fill) => Add($"<rect x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{w:0.##}\" height=\"{h:0.##}\" fill=\"{fill}\"/>");

    public SvgDrawing Stroke(double x1, double y1, double x2, double y2, string colour, double thick = 0.6) =>
        Add($"<line x1=\"{x1:0.##}\" y1=\"{y1:0.##}\" x2=\"{x2:0.##}\" y2=\"{y2:0.##}\" stroke=\"{colour}\" stroke-width=\"{thick:0.##}\"/>");

    /// <param name="d">Of lines.</param>
    public SvgDrawing Path(string d, string colour, double thick) => d.Length == 0 ? this : Add($"<path d=\"{d}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{thick:0.##}\"/>");

    /// <summary>Filled, without an outline: many small marks are one element.</summary>
    /// <param name="d">Of closed lines.</param>
    public SvgDrawing Area(string d, string colour) => d.Length == 0 ? this : Add($"<path d=\"{d}\" fill=\"{colour}\"/>");

    /// <summary>An area that nobody watched.</summary>
    public SvgDrawing Hatch(double x, double y, double w, double h) => Rectangle(x, y, w, h, MissingGround).Path(Hatching.Over(x, y, w, h), Missing, 0.7);

    /// <param name="anchor">start, middle or end.</param>
    public SvgDrawing Text(double x, double y, string text, string anchor = "start", double size = 9, string colour = Ink) =>
        Add($"<text x=\"{x:0.##}\" y=\"{y:0.##}\" text-anchor=\"{anchor}\" font-size=\"{size:0.##}\" fill=\"{colour}\">{WebUtility.HtmlEncode(text)}</text>");

    public MarkupString ToMarkup() => new(string.Create(
        CultureInfo.InvariantCulture,
        $"<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(label)}\" viewBox=\"0 0 {width:0.##} {height:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\" font-family=\"{ReportFonts.Families}\">{_body}</svg>"));

    private SvgDrawing Add(FormattableString element)
    {
        _body.Append(element.ToString(CultureInfo.InvariantCulture));
        return this;
    }
}

/// <summary>What a report is set in: what Debian has, and what other systems have for Japanese.</summary>
public static class ReportFonts
{
    public const string Families = "Noto Sans CJK JP, Noto Sans JP, Hiragino Sans, Yu Gothic, Meiryo, DejaVu Sans, Arial, sans-serif";
}
