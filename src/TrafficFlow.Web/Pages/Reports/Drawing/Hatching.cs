using System.Globalization;
using System.Text;

namespace TrafficFlow.Web.Pages.Reports.Drawing;

/// <summary>Slanting lines over a rectangle, cut at its edges: what stands for missing time on paper, in any viewer, and in black and white too. Pure.</summary>
public static class Hatching
{
    private const double Gap = 4;

    /// <returns>The `d` of a path.</returns>
    public static string Over(double x, double y, double width, double height)
    {
        var path = new StringBuilder();
        // Lines x + y = c, for each c on one lattice of the whole drawing: neighbours look like one area.
        for (var c = Math.Ceiling((x + y) / Gap) * Gap; c < x + width + y + height; c += Gap)
        {
            var (left, right) = (Math.Max(x, c - (y + height)), Math.Min(x + width, c - y));
            if (right - left > 0.05) path.Append(CultureInfo.InvariantCulture, $"M{left:0.##} {c - left:0.##}L{right:0.##} {c - right:0.##}");
        }

        return path.ToString();
    }
}
