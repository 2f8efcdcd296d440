using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Wire.Routing;

namespace TrafficFlow.Server.Aggregation;

/// <summary>The configuration of the approach has changed: which cameras feed it, from now on. Local, without an answer.</summary>
public sealed record UpdateSetup(ApproachSetup Setup) : IApproachMessage
{
    public SiteId Site => Setup.Site;
    public ApproachId Approach => Setup.Approach;
}
