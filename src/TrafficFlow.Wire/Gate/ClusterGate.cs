using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using TrafficFlow.Wire.Peers;
using ClusterState = Akka.Cluster.Cluster;

namespace TrafficFlow.Wire.Gate;

/// <summary>The gate of a node, which knows the cluster's members as Akka does.</summary>
public static class ClusterGate
{
    /// <summary>Akka calls it while it starts its transports: the cluster is not there yet.</summary>
    public static IPeerGate Of(ExtendedActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        return new PeerGate(new GateLog(Logging.GetLogger(system, typeof(ClusterGate))), () => Members(system));
    }

    private static List<KnownMember> Members(ExtendedActorSystem system)
    {
        if (!system.HasExtension<ClusterState>()) return [];
        var state = ClusterState.Get(system).State;
        return [.. state.Members.Select(m => Known(m, state.Unreachable.Contains(m)))];
    }

    private static KnownMember Known(Member member, bool isUnreachable) => new(
        member.Address.Host ?? "", member.Address.Port ?? 0, member.UniqueAddress.Uid, (int)member.Status, member.Roles, isUnreachable);
}
