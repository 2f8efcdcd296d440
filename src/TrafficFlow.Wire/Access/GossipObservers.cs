using System.Collections.Concurrent;
using Akka.Actor;

namespace TrafficFlow.Wire.Access;

/// <summary>
/// Which members say that they do not reach which, each by its own gossip: Akka's view of the cluster tells who is out of reach, and not who
/// says so. One in each actor system. Thread-safe.
/// </summary>
public sealed class GossipObservers : IExtension
{
    private const int MostMembers = 1000;
    private readonly ConcurrentDictionary<(string Host, int Port, int Uid), IReadOnlyList<(string Host, int Port, int Uid)>> _unreached = new();

    public static GossipObservers Of(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        return system.WithExtension<GossipObservers, Provider>();
    }

    /// <summary>Members that say last that they do not reach another.</summary>
    /// <param name="host">Of the other, with its port and the uid of its life.</param>
    public IReadOnlyList<(string Host, int Port, int Uid)> Of(string host, int port, int uid) =>
        [.. _unreached.Where(o => o.Value.Contains((host, port, uid))).Select(o => o.Key)];

    internal void Says((string Host, int Port, int Uid) observer, IReadOnlyList<(string Host, int Port, int Uid)> unreached)
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
