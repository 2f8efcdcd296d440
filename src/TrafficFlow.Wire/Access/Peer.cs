using TrafficFlow.Wire.Peers;

namespace TrafficFlow.Wire.Access;

/// <summary>Who sends, and what this node knows of the cluster meanwhile.</summary>
/// <param name="Members">The cluster's, as this node sees them now.</param>
/// <param name="Observers">Remembers whom the peer does not reach.</param>
/// <param name="IsServerHere">Whether this node is a server: only those let others join.</param>
internal sealed record Peer(PeerLink Link, Func<IReadOnlyList<KnownMember>> Members, GossipObservers? Observers = null, bool IsServerHere = true)
{
    public PeerIdentity Identity => Link.Identity;

    public bool IsServer => Identity.Role == PeerRole.Server;

    /// <summary>Whether an actor is one of the peer's own system.</summary>
    public bool Has(ActorAt? actor) => actor is not null && (actor.System, actor.Host, actor.Port) == (Link.Origin.System, Link.Origin.Host, Link.Origin.Port);
}

/// <summary>A member of the cluster as this node sees it.</summary>
/// <param name="Status">As Akka counts them: joining 0, up 1, leaving 2, exiting 3, down 4, removed 5, weakly up 6.</param>
/// <param name="Age">Its place among the members by age, the oldest first.</param>
internal sealed record KnownMember(string Host, int Port, int Uid, int Status, IReadOnlyCollection<string> Roles, bool IsUnreachable, int Age = 0);
