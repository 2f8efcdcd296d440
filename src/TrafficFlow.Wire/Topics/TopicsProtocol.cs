using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Topics;

/// <summary>A bin closed (revision 1) or was changed by late data (revision 2 and on). It is in the read tables already.</summary>
/// <param name="Cursor">
/// Its place in the approach's stream, see <see cref="ClosedBin"/>: a gap means that something published was not received, and can be
/// asked for with <see cref="GetBinsAfter"/>. 0 from a node of an older version.
/// </param>
public sealed record FlowBinClosed(FlowBin Bin, long Cursor) : IWireMessage;

/// <summary>The bins of an approach that are open now, soon after they changed.</summary>
public sealed record FlowBinsOpen(SiteId Site, ApproachId Approach, ImmutableArray<FlowBin> Bins) : IWireMessage;

/// <summary>
/// A vehicle's way over a junction is known, and is in the read tables already. What is counted of it is in the bins; this is for whoever
/// wants times, stops and delay.
/// </summary>
/// <param name="Provenance">Configuration, detectors and calibrations that it was measured with.</param>
/// <param name="Cursor">
/// Its place among the site's journeys, in the order in which they were stored: a gap can be asked for with <see cref="GetJourneysAfter"/>.
/// 0 from a roadside node of an older version, which published what was not stored yet: a server publishes the same again.
/// </param>
public sealed record JourneyEnded(SiteId Site, Journey Journey, Provenance Provenance, long Cursor = 0) : IWireMessage
{
    /// <summary>Of the junction's log, in which the journey's number is its sequence; 0 where an older version published it.</summary>
    public long Epoch { get; init; }
}

/// <summary>Names of the topics.</summary>
public static class TopicNames
{
    /// <summary>Closed and revised bins of one approach: <see cref="FlowBinClosed"/>.</summary>
    public static string Flow(SiteId site, ApproachId approach) => $"flow.{site}.{approach}";

    /// <summary>Open bins of one approach: <see cref="FlowBinsOpen"/>.</summary>
    public static string Live(SiteId site, ApproachId approach) => $"flow.{site}.{approach}.live";

    /// <summary>Health of one camera: <see cref="Cameras.CameraStatus"/>.</summary>
    public static string Health(SiteId site, CameraId camera) => $"health.{site}.{camera}";

    /// <summary>Journeys over the junction of a site: <see cref="JourneyEnded"/>.</summary>
    public static string Journeys(SiteId site) => $"journeys.{site}";

    /// <summary>Incidents on the streets of a site that has a junction: <see cref="IncidentTold"/>.</summary>
    public static string Incidents(SiteId site) => $"incidents.{site}";

    /// <summary>How topics are written, for those who write them.</summary>
    public const string Forms = "flow.SITE.APPROACH, flow.SITE.APPROACH.live, journeys.SITE, incidents.SITE or health.SITE.CAMERA";

    public static bool IsTopic(string topic) =>
        ParseFlow(topic) is not null || topic.Split('.') is ["health", { Length: > 0 }, { Length: > 0 }] or ["journeys" or "incidents", { Length: > 0 }];

    /// <summary>Site of a journeys topic, or null for another topic.</summary>
    public static SiteId? ParseJourneys(string topic) => topic.Split('.') is ["journeys", { Length: > 0 } site] ? new SiteId(site) : null;

    /// <summary>Site of an incidents topic, or null for another topic.</summary>
    public static SiteId? ParseIncidents(string topic) => topic.Split('.') is ["incidents", { Length: > 0 } site] ? new SiteId(site) : null;

    /// <summary>Site and approach of a flow topic, or null for another topic.</summary>
    public static (SiteId Site, ApproachId Approach)? ParseFlow(string topic)
    {
        var parts = topic.Split('.');
        return parts is ["flow", { Length: > 0 } site, { Length: > 0 } approach, ..] && (parts.Length == 3 || parts is [_, _, _, "live"])
            ? (new SiteId(site), new ApproachId(approach))
            : null;
    }
}
