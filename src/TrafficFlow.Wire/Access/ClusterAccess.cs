using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Peers;
using ClusterState = Akka.Cluster.Cluster;

namespace TrafficFlow.Wire.Access;

/// <summary>The filter of a node, which knows the cluster's members as Akka does.</summary>
public static class ClusterAccess
{
    /// <summary>
    /// Akka's own means, as a second line: in its untrusted mode nothing is deployed from afar, PoisonPill does not pass, and selections reach
    /// listed paths only. It does not stop Kill, knows no roles, and reads a message before it decides: so it cannot be the first.
    /// </summary>
    public static string Config { get; } =
        $"akka.remote {{ untrusted-mode = on, trusted-selection-paths = [{string.Join(", ", AccessTable.Rules.Select(r => r.To).Where(to => !to.Contains('*')).Distinct().Select(to => $"\"{to}\""))}] }}";

    /// <summary>Akka calls it while it starts its transports: the cluster is not there yet.</summary>
    public static IPeerFilter Of(ExtendedActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        var isServer = system.Settings.Config.GetStringList("akka.cluster.roles", []).Contains(TrafficFlowRoles.Server);
        return new PeerFilter(new AccessLog(Logging.GetLogger(system, typeof(ClusterAccess))), () => Members(system), GossipObservers.Of(system), isServer);
    }

    private static List<KnownMember> Members(ExtendedActorSystem system)
    {
        if (!system.HasExtension<ClusterState>()) return [];
        var state = ClusterState.Get(system).State;
        var members = state.Members.ToList();
        members.Sort((a, b) => a.IsOlderThan(b) ? -1 : b.IsOlderThan(a) ? 1 : 0);
        return [.. members.Select((m, age) => Known(m, state.Unreachable.Contains(m), age))];
    }

    private static KnownMember Known(Member member, bool isUnreachable, int age) => new(
        member.Address.Host ?? "", member.Address.Port ?? 0, member.UniqueAddress.Uid, (int)member.Status, member.Roles, isUnreachable, age);
}
