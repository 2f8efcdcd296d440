using System.Collections.Immutable;
using TrafficFlow.Core.Flow;

namespace TrafficFlow.Core.Signals;

/// <summary>From when on a plan runs, by the wall clock of the site.</summary>
/// <param name="Days">On which days; empty for every day.</param>
public sealed record ScheduledPlan(TimeOnly From, TimingPlan Plan, ImmutableArray<DayOfWeek> Days)
{
    public bool IsOn(DayOfWeek day) => Days.IsDefaultOrEmpty || Days.Contains(day);
}

/// <summary>Plans by time of day; the last of a day goes on until the first of the next.</summary>
public sealed record PlanSchedule(ImmutableArray<ScheduledPlan> Entries)
{
    /// <summary>What makes no sense in it or its plans.</summary>
    public IEnumerable<string> Errors()
    {
        if (Entries.IsDefaultOrEmpty) yield return "the schedule holds no plan";
        if (Entries.IsDefaultOrEmpty) yield break;
        foreach (var error in Entries.Select(e => e.Plan).Distinct().SelectMany(p => p.Errors())) yield return error;
        foreach (var day in Enum.GetValues<DayOfWeek>())
        {
            foreach (var twice in Entries.Where(e => e.IsOn(day)).GroupBy(e => e.From).Where(g => g.Count() > 1))
                yield return $"two plans begin on {day} at {twice.Key:HH:mm:ss}";
        }
    }

    /// <summary>What should run within an interval, in order; the first from before it. Nothing where the schedule is empty.</summary>
    /// <param name="zone">Of the site.</param>
    public IEnumerable<(Interval Span, TimingPlan Plan)> Within(Interval interval, TimeZoneInfo zone)
    {
        var changes = Changes(interval, zone).ToList();
        for (var i = 0; i < changes.Count; i++)
        {
            var to = i + 1 < changes.Count ? changes[i + 1].From : interval.To;
            var span = new Interval(changes[i].From, to).Clip(interval);
            if (!span.IsEmpty) yield return (span, changes[i].Plan);
        }
    }

    private IEnumerable<(DateTimeOffset From, TimingPlan Plan)> Changes(Interval interval, TimeZoneInfo zone)
    {
        // A plan of a few days before may still run.
        var last = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(interval.To, zone).DateTime);
        for (var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(interval.From, zone).DateTime).AddDays(-7); day <= last; day = day.AddDays(1))
        {
            foreach (var entry in Entries.Where(e => e.IsOn(day.DayOfWeek)).OrderBy(e => e.From))
            {
                var local = day.ToDateTime(entry.From);
                // An hour that the clock leaps over does not come; its plan begins an hour later by that clock.
                if (zone.IsInvalidTime(local)) local = local.AddHours(1);
                yield return (new DateTimeOffset(local, zone.GetUtcOffset(local)), entry.Plan);
            }
        }
    }
}
