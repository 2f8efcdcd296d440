using TrafficFlow.Node.Export;
using TrafficFlow.Web.Pages.Periods;

namespace TrafficFlow.Node.Report;

/// <summary>When the report of a day is to be made: at a time of the next day by the site's clock, and not before the day's bins have settled. Pure.</summary>
/// <param name="At">By the site's clock.</param>
/// <param name="Settled">So long after a bin's end it has closed, whatever its cameras do.</param>
internal sealed record ReportSchedule(TimeZoneInfo Zone, TimeOnly At, TimeSpan Settled)
{
    /// <summary>Older days are left to who asks for them.</summary>
    public const int CatchUpDays = 7;

    public DateTimeOffset DueAt(DateOnly day)
    {
        var (morning, settled) = (Instant(day.AddDays(1)), ExportInterval.StartOf(day.AddDays(1), Zone) + Settled);
        return morning > settled ? morning : settled;
    }

    /// <summary>Days whose report should be there, the oldest first.</summary>
    /// <param name="lastMade">Up to this day all is done; null where nothing was made yet.</param>
    public IReadOnlyList<DateOnly> Due(DateTimeOffset now, DateOnly? lastMade)
    {
        var today = Period.Today(now, Zone);
        return [.. Enumerable.Range(1, CatchUpDays).Select(i => today.AddDays(-i)).Where(d => d > (lastMade ?? DateOnly.MinValue) && DueAt(d) <= now).Order()];
    }

    /// <summary>When the next one will be due.</summary>
    public DateTimeOffset NextAfter(DateTimeOffset now)
    {
        var today = Period.Today(now, Zone);
        return Enumerable.Range(-CatchUpDays - 1, CatchUpDays + 3).Select(i => DueAt(today.AddDays(i))).Where(d => d > now).Min();
    }

    /// <summary>At the time of day: where the clock is set forward over it, at the first minute after; where it comes twice, at the first time.</summary>
    private DateTimeOffset Instant(DateOnly day)
    {
        var local = day.ToDateTime(At);
        while (Zone.IsInvalidTime(local)) local = local.AddMinutes(1);
        return new DateTimeOffset(local, Zone.IsAmbiguousTime(local) ? Zone.GetAmbiguousTimeOffsets(local).Max() : Zone.GetUtcOffset(local));
    }
}
