using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster;

namespace TrafficFlow.Wire.Access;

/// <summary>
/// Which members say that they do not reach which, each by its own gossip: Akka's view of the cluster tells who is out of reach, and not who
/// says so. One in each actor system. Thread-safe.
/// </summary>
public sealed class GossipObservers : IExtension
{
    private const int MostMembers = 1000;
    private readonly ConcurrentDictionary<UniqueAddress, IReadOnlyList<UniqueAddress>> _unreached = new();

    public static GossipObservers Of(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        return system.WithExtension<GossipObservers, Provider>();
    }

    /// <summary>Members that say last that they do not reach another.</summary>
    public IReadOnlyList<UniqueAddress> Of(UniqueAddress other) => [.. _unreached.Where(o => o.Value.Contains(other)).Select(o => o.Key)];

    internal void Says(UniqueAddress observer, IReadOnlyList<UniqueAddress> unreached)
    {
        if (unreached.Count == 0) _unreached.TryRemove(observer, out _);
        else if (_unreached.Count < MostMembers) _unreached[observer] = unreached;
    }

    /// <summary>Akka makes it.</summary>
    public sealed class Provider : ExtensionIdProvider<GossipObservers>
    {
        public override GossipObservers CreateExtension(ExtendedActorSystem system) => new();
    }
}
