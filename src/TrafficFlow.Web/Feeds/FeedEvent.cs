using CloudNative.CloudEvents;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Formats.Events;
using TrafficFlow.Web.Formats.Tables;

namespace TrafficFlow.Web.Feeds;

/// <summary>
/// A closed or revised bin on its way out. The same bin makes the same event, however often it is sent. Of its numbers it holds the rows alone: what is withheld there is not here.
/// </summary>
/// <param name="End">Of the bin.</param>
/// <param name="Rows">A row for each movement and class, or of totals alone; at least one.</param>
public sealed record FeedEvent(Site Site, BinKey Key, DateTimeOffset End, int Revision, IReadOnlyList<FlowTableRow> Rows)
{
    /// <summary>Where it stands among what its approach has closed and revised; null where nobody knows.</summary>
    public long? Cursor { get; init; }

    /// <summary>As counted, for staff.</summary>
    /// <returns>Null where nobody can tell anything of the approach.</returns>
    public static FeedEvent? Of(Site site, FlowBin bin)
    {
        var key = new FlowTableKey(site.Id, bin.Key.Approach, bin.Key.Duration, site.TimeZone.Id);
        var interval = new Interval(TimeZoneInfo.ConvertTime(bin.Key.Start, site.TimeZone), TimeZoneInfo.ConvertTime(bin.End, site.TimeZone));
        return Of(site, bin, FlowTable.Rows(key, interval, bin, FlowTable.Movements(site, bin.Key.Approach, bin.Rows.Select(r => r.Movement).Distinct())));
    }

    /// <param name="rows">What may be told of it.</param>
    /// <inheritdoc cref="Of(Site, FlowBin)"/>
    public static FeedEvent? Of(Site site, FlowBin bin, IEnumerable<FlowTableRow> rows) =>
        rows.ToList() is { Count: > 0 } told ? new FeedEvent(site, bin.Key, bin.End, bin.Revision, told) : null;

    /// <summary>Its time is the end of the bin: when it comes depends on how long its receiver was away.</summary>
    public CloudEvent ToCloudEvent() => FlowEvents.Of(Rows, End);
}
