using System.Globalization;
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

    /// <summary>Whether there is a shard of that name.</summary>
    public static bool IsShard(string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < Shards && name == number.ToString(CultureInfo.InvariantCulture);

    public override string? EntityId(object message) => message is IApproachMessage m ? EntityOf(m.Site, m.Approach) : null;
}
