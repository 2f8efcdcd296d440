using TrafficFlow.Core.Sites;

namespace TrafficFlow.Wire.Routing;

/// <summary>A message for the aggregator of one approach; the shard region routes by it.</summary>
public interface IApproachMessage
{
    SiteId Site { get; }
    ApproachId Approach { get; }
}
