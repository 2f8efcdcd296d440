using System.Collections.Immutable;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Congestion;

/// <summary>Congestion of one approach that comes at about the same time on several days.</summary>
/// <param name="Begins">Median of the begins that were seen or not, time of day at the site.</param>
/// <param name="Ends">Median of the ends. Later than midnight it is earlier than the begin.</param>
/// <param name="Days">On which it came.</param>
/// <param name="WatchedDays">On which the approach was watched at that time: those on which nobody did are not counted as free.</param>
/// <param name="VehicleHoursLost">In all of them, expanded from the time that was watched.</param>
public sealed record RecurrentCongestion(ApproachId Approach, TimeOnly Begins, TimeOnly Ends, ImmutableArray<DateOnly> Days, int WatchedDays, double VehicleHoursLost)
{
    /// <summary>Part of the watched days, 0..1.</summary>
    public double Share => WatchedDays > 0 ? (double)Days.Length / WatchedDays : 0;

    /// <summary>What it costs on a day on which somebody watches, congested or not.</summary>
    public double VehicleHoursPerDay => WatchedDays > 0 ? VehicleHoursLost / WatchedDays : 0;
}

public static class Recurrence
{
    /// <summary>Events of one approach belong together whose times of day overlap by at least half of the time that one of them or both fill: a day that was congested from morning to evening is no morning peak. Most costly first.</summary>
    /// <param name="timelines">Of any approaches, any number of days.</param>
    /// <param name="zone">Of the site: days and times are its own.</param>
    public static ImmutableArray<RecurrentCongestion> Of(IReadOnlyList<CongestionTimeline> timelines, TimeZoneInfo zone) =>
    [
        .. timelines.GroupBy(t => t.Approach).SelectMany(g => OfApproach(g.Key, [.. g], zone)).OrderByDescending(r => r.VehicleHoursPerDay),
    ];

    private static IEnumerable<RecurrentCongestion> OfApproach(ApproachId approach, IReadOnlyList<CongestionTimeline> timelines, TimeZoneInfo zone)
    {
        var left = timelines.SelectMany(t => t.Events).Select(e => (Event: e, From: Local(e.Span.From), To: Local(e.Span.To))).ToList();
        while (left.Count > 0)
        {
            // That which most others are like.
            var seed = left.MaxBy(s => left.Count(e => AreAlike(s, e)));
            var group = left.Where(e => AreAlike(seed, e)).ToList();
            left.RemoveAll(group.Contains);
            ImmutableArray<DateOnly> days = [.. group.Select(e => DateOnly.FromDateTime(e.From)).Distinct().Order()];
            var (begins, ends) = (MedianTime(group.Select(e => e.From)), MedianTime(group.Select(e => e.To)));
            yield return new RecurrentCongestion(approach, begins, ends, days, Math.Max(days.Length, WatchedDays(begins, seed.Event.Span.Length)), group.Sum(e => e.Event.ExpandedVehicleHours));
        }

        static bool AreAlike((CongestionEvent Event, DateTime From, DateTime To) a, (CongestionEvent Event, DateTime From, DateTime To) b)
        {
            var both = Overlap(a.From, a.Event.Span.Length, b.From, b.Event.Span.Length);
            return 2 * both >= a.Event.Span.Length + b.Event.Span.Length - both;
        }

        DateTime Local(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, zone).DateTime;

        // Days with at least half of this time of day known.
        int WatchedDays(TimeOnly begins, TimeSpan length) => timelines.SelectMany(t => t.Intervals).Where(i => i.Level != CongestionLevel.Unknown)
            .Select(i => (At: Local(i.Interval.Span.From), i.Interval.Span.Length))
            .Select(i => (Day: DateOnly.FromDateTime(i.At), Within: Overlap(i.At.Date + begins.ToTimeSpan(), length, i.At, i.Length)))
            .GroupBy(i => i.Day)
            .Count(d => d.Aggregate(TimeSpan.Zero, (sum, i) => sum + i.Within) >= length / 2);
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    /// <summary>How long two spans overlap if only the time of day counts.</summary>
    private static TimeSpan Overlap(DateTime fromA, TimeSpan lengthA, DateTime fromB, TimeSpan lengthB)
    {
        var longest = TimeSpan.Zero;
        foreach (var days in (ReadOnlySpan<int>)[-1, 0, 1])
        {
            var (a, b) = (fromA.TimeOfDay, fromB.TimeOfDay + TimeSpan.FromDays(days));
            var overlap = Shorter(a + lengthA, b + lengthB) - (a > b ? a : b);
            if (overlap > longest) longest = overlap;
        }

        return longest;
    }

    /// <summary>On the circle of the day: turned so that its emptiest hour lies at the edge.</summary>
    private static TimeOnly MedianTime(IEnumerable<DateTime> times)
    {
        var minutes = times.Select(t => t.TimeOfDay.TotalMinutes).Order().ToList();
        var gaps = minutes.Select((m, i) => (Gap: (i == 0 ? m + 1440 : m) - minutes[(i + minutes.Count - 1) % minutes.Count], m)).ToList();
        var start = gaps.MaxBy(g => g.Gap).m;
        var turned = minutes.Select(m => (m - start + 1440) % 1440).Order().ToList();
        return TimeOnly.FromTimeSpan(TimeSpan.FromMinutes((turned[turned.Count / 2] + start) % 1440));
    }
}
