using TrafficFlow.Core.Flow;
using TrafficFlow.Node.Export;

namespace TrafficFlow.Node.Analyse;

/// <summary>When the study of a week is to be made: on the Monday after it by the site's clock, and not before its bins have settled. Weeks are named by their Monday. Pure.</summary>
/// <param name="At">By the site's clock.</param>
/// <param name="Settled">So long after a bin's end it has closed, whatever its cameras do.</param>
internal sealed record StudySchedule(TimeZoneInfo Zone, TimeOnly At, TimeSpan Settled)
{
    /// <summary>Older weeks are left to who asks for them.</summary>
    public const int CatchUpWeeks = 4;

    /// <summary>From Monday to Monday by the site's clock.</summary>
    public Interval SpanOf(DateOnly monday) => new(ExportInterval.StartOf(monday, Zone), ExportInterval.StartOf(monday.AddDays(7), Zone));

    public DateTimeOffset DueAt(DateOnly monday)
    {
        var local = monday.AddDays(7).ToDateTime(At);
        while (Zone.IsInvalidTime(local)) local = local.AddMinutes(1);
        var (morning, settled) = (new DateTimeOffset(local, Zone.IsAmbiguousTime(local) ? Zone.GetAmbiguousTimeOffsets(local).Max() : Zone.GetUtcOffset(local)), SpanOf(monday).To + Settled);
        return morning > settled ? morning : settled;
    }

    /// <summary>Weeks whose study should be there, the oldest first.</summary>
    /// <param name="lastMade">Up to this week all is done; null where nothing was made yet.</param>
    public IReadOnlyList<DateOnly> Due(DateTimeOffset now, DateOnly? lastMade)
    {
        var week = MondayOf(now);
        return [.. Enumerable.Range(1, CatchUpWeeks).Select(i => week.AddDays(-7 * i)).Where(m => m > (lastMade ?? DateOnly.MinValue) && DueAt(m) <= now).Order()];
    }

    /// <summary>When the next one will be due.</summary>
    public DateTimeOffset NextAfter(DateTimeOffset now)
    {
        var week = MondayOf(now);
        return Enumerable.Range(-CatchUpWeeks - 1, CatchUpWeeks + 3).Select(i => DueAt(week.AddDays(7 * i))).Where(d => d > now).Min();
    }

    private DateOnly MondayOf(DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, Zone).DateTime);
        return today.AddDays(-(((int)today.DayOfWeek + 6) % 7));
    }
}
