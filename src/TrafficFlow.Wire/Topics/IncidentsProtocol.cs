using System.Collections.Immutable;
using TrafficFlow.Core.Incidents;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Routing;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Topics;

/// <summary>
/// An incident opened, changed or ended. Hints are not kept: who comes later gets those that are open, and what was published meanwhile does not come again.
/// The highest revision of an incident is what is known, and of one revision what was heard last.
/// </summary>
/// <param name="Epoch">Of the junction's run, in which the incident's number counts.</param>
/// <param name="HeardAt">When the server heard of this, by its own clock.</param>
public sealed record IncidentTold(SiteId Site, long Epoch, Incident Incident, DateTimeOffset HeardAt) : IWireMessage
{
    /// <summary>So soon a server hears of it while the way to it is open.</summary>
    public static readonly TimeSpan InTime = TimeSpan.FromSeconds(30);

    /// <summary>It came late: the way to the server was closed, or a clock is wrong.</summary>
    public bool IsLate => HeardAt - Incident.UpdatedAt > InTime;
}

/// <summary>A junction tells its site's board of incidents; repeated until it is answered with <see cref="IncidentsTaken"/>, and now and then while they are open.</summary>
/// <param name="Junction">Whose incidents these are.</param>
public sealed record ReportIncidents(SiteId Site, CameraId Junction, long Epoch, ImmutableArray<Incident> Incidents) : IApproachMessage, IWireMessage
{
    /// <summary>Most in one message: it fits a frame of remoting.</summary>
    public const int Most = 100;

    public ApproachId Approach => ApproachId.Incidents;
}

/// <summary>The board has these revisions.</summary>
public sealed record IncidentsTaken(SiteId Site, long Epoch, ImmutableArray<IncidentRevision> Taken) : IWireMessage;

public readonly record struct IncidentRevision(long Number, int Revision);

/// <summary>The last incidents of a site. Answered with <see cref="RecentIncidents"/>, or <see cref="Aggregation.ApproachNotFound"/> where the site has no junction.</summary>
public sealed record GetIncidents(SiteId Site) : IApproachMessage, IWireMessage
{
    public ApproachId Approach => ApproachId.Incidents;
}

/// <param name="Incidents">The newest first; what its board has heard since it began, no more than some.</param>
public sealed record RecentIncidents(SiteId Site, ImmutableArray<IncidentTold> Incidents) : IWireMessage;
