namespace TrafficFlow.Web.Pages.Reports.Drawing;

/// <summary>A scale from zero to a round number that holds all values. Pure.</summary>
/// <param name="Step">Between two lines.</param>
public readonly record struct ValueAxis(double Top, double Step)
{
    /// <param name="most">The largest value; at least 4 lines' worth is shown.</param>
    public static ValueAxis Of(double most, int lines = 4)
    {
        var raw = Math.Max(most, lines) / lines;
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = new[] { 1, 2, 2.5, 5, 10 }.Select(m => m * power).First(s => s >= raw * 0.999 && (s >= 10 || s == Math.Floor(s)));
        return new ValueAxis(Math.Ceiling(Math.Max(most, 1) / step) * step, step);
    }

    public IEnumerable<double> Lines
    {
        get
        {
            for (var value = 0.0; value <= Top + (Step / 2); value += Step) yield return value;
        }
    }
}
