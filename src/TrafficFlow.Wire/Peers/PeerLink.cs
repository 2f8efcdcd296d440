namespace TrafficFlow.Wire.Peers;

/// <summary>One life of an actor system, as the first message of a link names it.</summary>
/// <param name="Uid">Tells one life from the next at the same address.</param>
public sealed record PeerOrigin(string System, string Host, int Port, int Uid);

/// <summary>A link to an authenticated peer.</summary>
/// <param name="Identity">By its certificate.</param>
/// <param name="Origin">Whom it says that it is; its certificate names the host.</param>
/// <param name="Here">This node, as others call it.</param>
public sealed record PeerLink(PeerIdentity Identity, PeerOrigin Origin, PeerOrigin Here);
