using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Membership;

/// <summary>Asks a seed node whether it counts this incarnation of a node among its cluster. Answered with <see cref="MemberKnown"/>.</summary>
/// <param name="Node">The asking node's address, as akka.tcp://SYSTEM@HOST:PORT.</param>
/// <param name="Uid">Tells one life of that node from another.</param>
public sealed record IsMember(string Node, int Uid) : IWireMessage;

/// <param name="IsMember">The asking node is a member there, in whatever status.</param>
public sealed record MemberKnown(bool IsMember) : IWireMessage;
