using TrafficFlow.Core.Custody;
using TrafficFlow.Server.Queries;

namespace TrafficFlow.Web.Pages.Periods;

/// <summary>Counts of some days that are gone because of their age.</summary>
/// <param name="Before">All before it is gone, by the clock of the site.</param>
/// <param name="At">The last day on which something of these days was removed.</param>
public sealed record RemovedDays(DateTime Before, DateOnly At)
{
    /// <returns>Null where nothing of these days was removed.</returns>
    public static RemovedDays? Of(IReadOnlyList<RemovedSpan> removed, Period period, TimeZoneInfo zone)
    {
        var span = period.Span(zone);
        var counts = removed.Where(r => r.Kind == KeptKind.Counts).OrderBy(r => r.Before).ToList();
        if (counts.Count == 0 || counts[^1].Before <= span.From) return null;
        // The removal with which the last of these days went.
        var of = counts.FirstOrDefault(r => r.Before >= span.To) ?? counts[^1];
        return new RemovedDays(TimeZoneInfo.ConvertTime(of.Before < span.To ? of.Before : span.To, zone).DateTime, DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(of.At, zone).DateTime));
    }
}
