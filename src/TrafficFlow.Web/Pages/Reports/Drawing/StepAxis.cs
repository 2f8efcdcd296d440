using System.Globalization;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.Web.Pages.Reports.Drawing;

/// <summary>Which steps of a chart are named below it. Pure.</summary>
public static class StepAxis
{
    private const int MostDaysByWeek = 70;
    private static readonly TimeSpan FewHours = TimeSpan.FromHours(8);

    /// <returns>Number of the step, and its name by the site's clock.</returns>
    public static IReadOnlyList<(int Step, string Name)> Of(IReadOnlyList<Interval> steps, TimeZoneInfo zone)
    {
        if (steps.Count == 0) return [];
        var local = steps.Select(s => TimeZoneInfo.ConvertTime(s.From, zone)).ToList();
        var days = local[^1].Date.Subtract(local[0].Date).Days + 1;
        if (days <= 1) return Named(t => t.Minute == 0 && (t.Hour % 3 == 0 || local[^1] - local[0] <= FewHours), "HH:mm");
        if (days <= 10) return Named(t => t.TimeOfDay == TimeSpan.Zero, "MM-dd");
        return days <= MostDaysByWeek ? Named(t => t.DayOfWeek == DayOfWeek.Monday, "MM-dd") : Named(t => t.Day == 1, "yyyy-MM");

        IReadOnlyList<(int, string)> Named(Func<DateTimeOffset, bool> isNamed, string format) =>
            [.. local.Select((t, i) => (t, i)).Where(s => isNamed(s.t)).Select(s => (s.i, s.t.ToString(format, CultureInfo.InvariantCulture)))];
    }
}
