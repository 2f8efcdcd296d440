using System.Globalization;

namespace TrafficFlow.Vision.Onnx.Recognition;

/// <summary>
/// Judges the rows of an answer: scores and corners, and whether the boxes lie where they can. Pure. The limits lie far from what real
/// models do and far from what a wrong reading gives.
/// </summary>
internal static class TrialVerdict
{
    /// <summary>Share of the rows that may be strange: a grid's border gives a few such in good models.</summary>
    private const double FewOf = 0.05;

    private const double MostOf = 0.5;

    /// <summary>Rows from which a spread or a correlation tells something.</summary>
    private const int Enough = 50;

    /// <returns>What makes no sense; null where all does.</returns>
    public static string? Of(IReadOnlyList<TrialRow> all, OnnxLayout layout, OnnxShape shape, int notNumbers)
    {
        var (width, height) = (shape.InputWidth, shape.InputHeight);
        if (notNumbers > 0) return Text($"{notNumbers} of its numbers are none (NaN)");
        if (all.Count == 0) return null;
        var (least, most) = (all.Min(r => r.Score), all.Max(r => r.Score));
        if (!(least >= -0.001f && most <= 1.001f))
            return Text($"its scores reach from {least:0.###} to {most:0.###}, not from 0 to 1, as if they were logits or stood elsewhere");
        var rows = all.Where(r => !r.IsEmpty).ToList();
        if (rows.Count == 0) return null;
        var infinite = rows.Count(r => !float.IsFinite(r.Left + r.Top + r.Right + r.Bottom));
        if (infinite > FewOf * rows.Count) return Text($"{infinite} of {rows.Count} boxes are infinitely large");
        rows.RemoveAll(r => !float.IsFinite(r.Left + r.Top + r.Right + r.Bottom));
        var inverted = rows.Count(r => r.Right < r.Left || r.Bottom < r.Top);
        if (inverted > FewOf * rows.Count)
            return Text($"{inverted} of {rows.Count} boxes have x1 < x0 or y1 < y0, as if their numbers were centre and size, or stood elsewhere");
        if (rows.Max(r => Math.Max(Math.Abs(r.Right), Math.Abs(r.Bottom))) <= 2)
            return Text($"none of {rows.Count} boxes is larger than 2 pixels of {width}x{height}, as if their numbers were shares of the picture");
        var outside = rows.Count(r => r.Right <= 0 || r.Bottom <= 0 || r.Left >= width || r.Top >= height);
        if (outside > MostOf * rows.Count) return Text($"{outside} of {rows.Count} boxes lie outside the picture of {width}x{height}");
        var huge = rows.Count(r => r.Right - r.Left > 3f * width || r.Bottom - r.Top > 3f * height);
        if (huge > MostOf * rows.Count) return Text($"{huge} of {rows.Count} boxes are more than three times as large as the picture of {width}x{height}");
        return OfMany(rows, all.Count, shape.Strides is not null, layout, width, height);
    }

    private static string? OfMany(List<TrialRow> rows, int all, bool isGrid, OnnxLayout layout, int width, int height)
    {
        if (rows.Count < Enough) return null;
        var (xs, ys) = (rows.Select(r => (r.Left + r.Right) / 2f).ToList(), rows.Select(r => (r.Top + r.Bottom) / 2f).ToList());
        if (isGrid && rows.Count > MostOf * all && (Spread(xs) < 0.4 * width || Spread(ys) < 0.4 * height))
        {
            return Text($"a box for each cell of a grid over {width}x{height} should lie all over it, but most lie within {Spread(xs):0}x{Spread(ys):0} pixels, ")
                + "as if their numbers were in another unit or order";
        }

        // A far corner that is read as a size grows with the place. True sizes do not.
        var isCentred = layout is not (OnnxLayout.Boxes or OnnxLayout.EndToEnd or OnnxLayout.Detr or OnnxLayout.YoloX or OnnxLayout.NanoDetPlus);
        return isCentred && Correlation(xs, [.. rows.Select(r => r.Right - r.Left)]) > 0.9 && Correlation(ys, [.. rows.Select(r => r.Bottom - r.Top)]) > 0.9
            ? Text($"the further right and down its {rows.Count} boxes lie the larger they are, as if their numbers were two corners and not centre and size")
            : null;
    }

    /// <summary>Width of the middle nine tenths.</summary>
    private static float Spread(List<float> numbers)
    {
        var sorted = numbers.Order().ToList();
        return sorted[(int)(0.95 * (sorted.Count - 1))] - sorted[(int)(0.05 * (sorted.Count - 1))];
    }

    private static double Correlation(List<float> a, List<float> b)
    {
        var (meanA, meanB) = (a.Average(), b.Average());
        var (ab, aa, bb) = (0.0, 0.0, 0.0);
        for (var i = 0; i < a.Count; i++)
        {
            var (da, db) = (a[i] - meanA, b[i] - meanB);
            (ab, aa, bb) = (ab + (da * db), aa + (da * da), bb + (db * db));
        }

        return aa > 0 && bb > 0 ? ab / Math.Sqrt(aa * bb) : 0;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
