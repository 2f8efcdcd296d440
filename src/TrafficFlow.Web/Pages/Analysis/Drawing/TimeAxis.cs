using System.Globalization;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.Web.Pages.Analysis.Drawing;

/// <summary>Which times are named below a drawing over a stretch of at most some days, by the site's clock. Pure.</summary>
internal static class TimeAxis
{
    private static readonly int[] s_minutes = [5, 10, 15, 30, 60, 120, 180, 360, 720, 1440];

    /// <param name="most">Names that there is room for.</param>
    public static IEnumerable<(DateTimeOffset At, string Name)> Of(Interval span, TimeZoneInfo zone, int most = 12)
    {
        if (span.IsEmpty) yield break;
        var step = s_minutes.FirstOrDefault(m => span.Length.TotalMinutes / m <= most, s_minutes[^1]);
        // Whole steps of the local day: a change of the clock moves the names with it.
        var first = TimeZoneInfo.ConvertTime(span.From, zone);
        var at = span.From.AddMinutes((step - (first.TimeOfDay.TotalMinutes % step)) % step);
        for (var i = 0; i <= 4 * most && at <= span.To; i++, at = at.AddMinutes(step))
        {
            var local = TimeZoneInfo.ConvertTime(at, zone);
            yield return (at, local.ToString(step >= 1440 ? "MM-dd" : "HH:mm", CultureInfo.InvariantCulture));
        }
    }
}
