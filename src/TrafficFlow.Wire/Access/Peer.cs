using TrafficFlow.Wire.Peers;

namespace TrafficFlow.Wire.Access;

/// <summary>Who sends: by its certificate, and what this node knows of the cluster meanwhile.</summary>
/// <param name="IsAt">Whether the certificate names a host.</param>
/// <param name="Members">The cluster's, as this node sees them now.</param>
/// <param name="Observers">Remembers whom the peer does not reach.</param>
internal sealed record Peer(PeerIdentity Identity, Func<string, bool> IsAt, Func<IReadOnlyList<KnownMember>> Members, GossipObservers? Observers = null)
{
    public bool IsServer => Identity.Role == PeerRole.Server;
}

/// <summary>A member of the cluster as this node sees it.</summary>
/// <param name="Status">As Akka counts them: joining 0, up 1, leaving 2, exiting 3, down 4, removed 5, weakly up 6.</param>
internal sealed record KnownMember(string Host, int Port, int Uid, int Status, IReadOnlyCollection<string> Roles, bool IsUnreachable);
