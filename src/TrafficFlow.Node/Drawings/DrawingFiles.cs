using System.Globalization;
using System.Security;
using System.Text;
using SkiaSharp;

namespace TrafficFlow.Node.Drawings;

/// <summary>Writes a drawing as SVG, for editors and pages, and as PNG, for everything else.</summary>
internal static class DrawingFiles
{
    private const string Families = "DejaVu Sans, Noto Sans, Helvetica, Arial, sans-serif";
    private const string Usual = "DejaVu Sans";
    private const int Zoom = 2;

    public static string Svg(Drawing drawing)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {drawing.Width} {drawing.Height}\" width=\"{drawing.Width}\" height=\"{drawing.Height}\" font-family=\"{Families}\">\n")
            .Append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        foreach (var shape in drawing.Shapes)
        {
            switch (shape)
            {
                case DrawnArea area:
                    var points = string.Join(' ', area.Outline.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.X:0.#},{p.Y:0.#}")));
                    text.Append(CultureInfo.InvariantCulture, $"<polygon points=\"{points}\" fill=\"{area.Colour}\" fill-opacity=\"{area.Opacity:0.##}\"/>\n");
                    break;
                case DrawnText t:
                    var anchor = t.Anchor.ToString().ToLowerInvariant();
                    text.Append(CultureInfo.InvariantCulture, $"<text x=\"{t.At.X:0.#}\" y=\"{t.At.Y:0.#}\" font-size=\"{t.Size:0.#}\" text-anchor=\"{anchor}\" fill=\"{t.Colour}\"{(t.IsBold ? " font-weight=\"bold\"" : "")}>{SecurityElement.Escape(t.Text)}</text>\n");
                    break;
            }
        }

        return text.Append("</svg>\n").ToString();
    }

    /// <summary>Letters that no font of this machine has: the PNG shows empty boxes for them. Empty where all can be drawn.</summary>
    public static string LettersWithoutFont(Drawing drawing) => string.Concat(drawing.Shapes.OfType<DrawnText>()
        .SelectMany(t => t.Text.EnumerateRunes()).Where(r => !r.IsAscii).Distinct().Where(r => !HasFont(r)));

    public static byte[] Png(Drawing drawing)
    {
        using var surface = SKSurface.Create(new SKImageInfo(Zoom * drawing.Width, Zoom * drawing.Height));
        var canvas = surface.Canvas;
        canvas.Clear(SKColors.White);
        canvas.Scale(Zoom);
        foreach (var shape in drawing.Shapes)
        {
            using var paint = new SKPaint { IsAntialias = true, Color = SKColor.Parse(shape.Colour) };
            switch (shape)
            {
                case DrawnArea area:
                    paint.Color = paint.Color.WithAlpha((byte)Math.Round(255 * area.Opacity));
                    using (var path = new SKPath())
                    {
                        path.AddPoly([.. area.Outline.Select(p => new SKPoint((float)p.X, (float)p.Y))], close: true);
                        canvas.DrawPath(path, paint);
                    }

                    break;
                case DrawnText t:
                    using (var face = FaceOf(t))
                    using (var font = new SKFont(face, (float)t.Size))
                    {
                        var align = t.Anchor switch { DrawnAnchor.Start => SKTextAlign.Left, DrawnAnchor.Middle => SKTextAlign.Center, _ => SKTextAlign.Right };
                        canvas.DrawText(t.Text, (float)t.At.X, (float)t.At.Y, align, font, paint);
                    }

                    break;
            }
        }

        using var image = surface.Snapshot();
        using var png = image.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    private static bool HasFont(Rune rune)
    {
        using var face = FaceWith(rune, SKFontStyle.Normal);
        return face is not null;
    }

    /// <summary>A font that has the text's letters: names of streets are written in any script.</summary>
    private static SKTypeface FaceOf(DrawnText text)
    {
        var style = text.IsBold ? SKFontStyle.Bold : SKFontStyle.Normal;
        var rare = text.Text.EnumerateRunes().FirstOrDefault(r => !r.IsAscii);
        return (rare.Value != 0 ? FaceWith(rare, style) : null) ?? SKTypeface.FromFamilyName(Usual, style);
    }

    /// <summary>Looks through the fonts itself: Skia's build for Linux without dependencies matches no characters.</summary>
    private static SKTypeface? FaceWith(Rune rune, SKFontStyle style)
    {
        foreach (var family in SKFontManager.Default.FontFamilies.Prepend(Usual))
        {
            var face = SKFontManager.Default.MatchFamily(family, style);
            if (face?.ContainsGlyph(rune.Value) == true) return face;
            face?.Dispose();
        }

        return null;
    }
}
