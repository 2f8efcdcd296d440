using Akka.Cluster.Sharding;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Wire.Routing;

/// <summary>Where the aggregator of an approach lives in the cluster.</summary>
internal sealed class ApproachRouting() : HashCodeMessageExtractor(Shards)
{
    public const string TypeName = "approaches";

    // A handful of approaches per site: more shards would only be more coordination. It must never change while entities are remembered.
    private const int Shards = 16;

    public static string EntityOf(SiteId site, ApproachId approach) => $"{site}/{approach}";

    public override string? EntityId(object message) => message is IApproachMessage m ? EntityOf(m.Site, m.Approach) : null;
}
