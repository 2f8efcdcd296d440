using TrafficFlow.Core.Flow;

namespace TrafficFlow.Web.Pages.Counts;

/// <summary>Which step of an earlier period stands beside each step of now: that of the same local time, so many days before. Pure.</summary>
public static class EarlierSteps
{
    /// <param name="now">In order, none in another.</param>
    /// <param name="earlier">The same.</param>
    /// <param name="days">Between the two.</param>
    /// <param name="areDays">Whole days are compared however long they are.</param>
    /// <returns>
    /// By step of now, the number of the earlier one; null where nothing can be compared: the clock skips that time or shows it twice on one of the days, or cuts the step.
    /// </returns>
    public static IReadOnlyList<int?> Of(IReadOnlyList<Interval> now, IReadOnlyList<Interval> earlier, int days, TimeZoneInfo zone, bool areDays = false)
    {
        var byTime = new Dictionary<DateTime, int>(earlier.Count);
        for (var i = 0; i < earlier.Count; i++)
        {
            if (LocalOf(earlier[i]) is { } local) byTime[local.AddDays(days)] = i;
        }

        return [.. now.Select(s => LocalOf(s) is { } local && byTime.TryGetValue(local, out var i) && (areDays || earlier[i].Length == s.Length) ? i : (int?)null)];

        DateTime? LocalOf(Interval step)
        {
            var local = TimeZoneInfo.ConvertTime(step.From, zone).DateTime;
            // Where the clock skips midnight a day begins after it.
            if (areDays) return local.Date;
            return zone.IsAmbiguousTime(local) ? null : local;
        }
    }
}
