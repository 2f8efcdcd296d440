using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Membership;

/// <summary>Questions of a node that looks for its cluster.</summary>
internal static class MembershipWire
{
    /// <summary>What this feature sends and persists.</summary>
    public static readonly IReadOnlyList<WireLine> Lines =
    [
        WireLine.For<IsMember, Proto.IsMember>("is-member-v1", m => new Proto.IsMember { Node = m.Node, Uid = m.Uid }, m => new IsMember(m.Node, m.Uid)),
        WireLine.For<MemberKnown, Proto.MemberKnown>(
            "member-known-v1", m => new Proto.MemberKnown { IsMember = m.IsMember }, m => new MemberKnown(m.IsMember)),
    ];
}
