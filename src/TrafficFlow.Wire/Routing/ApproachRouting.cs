using System.Globalization;
using Akka.Cluster.Sharding;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Wire.Routing;

/// <summary>
/// Where the aggregator of an approach lives in the cluster. Whatever a message calls its approach is a name only where the server has it:
/// all that is for others goes to one entity of its shard, so that no sender makes entities, or has names remembered.
/// </summary>
internal sealed class ApproachRouting : HashCodeMessageExtractor
{
    public const string TypeName = "approaches";

    // A handful of approaches per site: more shards would only be more coordination. It must never change while entities are remembered.
    private const int Shards = 16;

    private const string Unknown = "_unknown-";

    private readonly Func<string, bool>? _serves;
    private readonly Dictionary<string, string> _unknown = [];

    /// <param name="serves">
    /// Whether this server has an approach. Null where nothing is decided: a proxy only finds the shard, which is the same for a name that the
    /// server turns out not to have.
    /// </param>
    public ApproachRouting(Func<string, bool>? serves = null) : base(Shards)
    {
        _serves = serves;
        for (var i = 0; _unknown.Count < Shards; i++)
        {
            var name = Unknown + i.ToString(CultureInfo.InvariantCulture);
            _unknown.TryAdd(ShardId(name), name);
        }
    }

    public static string EntityOf(SiteId site, ApproachId approach) => $"{site}/{approach}";

    /// <summary>Whether there is a shard of that name.</summary>
    public static bool IsShard(string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < Shards && name == number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether an entity stands for all names of its shard that the server does not have.</summary>
    public static bool IsUnknown(string entity) => entity.StartsWith(Unknown, StringComparison.Ordinal);

    public override string? EntityId(object message) => message is IApproachMessage m ? Served(EntityOf(m.Site, m.Approach)) : null;

    private string Served(string entity) => _serves?.Invoke(entity) != false ? entity : _unknown[ShardId(entity)];
}
