using CloudNative.CloudEvents;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Formats.Events;
using TrafficFlow.Web.Formats.Tables;

namespace TrafficFlow.Web.Feeds;

/// <summary>A closed or revised bin on its way out. The same bin makes the same event, however often it is sent.</summary>
/// <param name="Rows">A row for each movement and class; at least one.</param>
public sealed record FeedEvent(Site Site, FlowBin Bin, IReadOnlyList<FlowTableRow> Rows)
{
    /// <returns>Null where nobody can tell anything of the approach.</returns>
    public static FeedEvent? Of(Site site, FlowBin bin)
    {
        var key = new FlowTableKey(site.Id, bin.Key.Approach, bin.Key.Duration, site.TimeZone.Id);
        var interval = new Interval(TimeZoneInfo.ConvertTime(bin.Key.Start, site.TimeZone), TimeZoneInfo.ConvertTime(bin.End, site.TimeZone));
        var rows = FlowTable.Rows(key, interval, bin, FlowTable.Movements(site, bin.Key.Approach, bin.Rows.Select(r => r.Movement).Distinct())).ToList();
        return rows.Count == 0 ? null : new FeedEvent(site, bin, rows);
    }

    /// <summary>Its time is the end of the bin: when it comes depends on how long its receiver was away.</summary>
    public CloudEvent ToCloudEvent() => FlowEvents.Of(Rows, Bin.End);
}
