using TrafficFlow.Wire.Peers;
using static TrafficFlow.Wire.Access.AccessConditions;
using static TrafficFlow.Wire.Peers.PeerRole;

namespace TrafficFlow.Wire.Access;

/// <summary>
/// What each role may send to whom over the network; all else is dropped unread. It is read from top to bottom as: these peers, to this actor,
/// by this serializer, these messages, if this holds. Never in it: remote deployment, PoisonPill, Kill and the other messages of supervision,
/// Leave and Down (a member's own leaving is in its gossip), and all that may carry any type (JSON, routers, exceptions).
/// </summary>
internal static class AccessTable
{
    private const int Cluster = 5;
    private const int Topics = 9;
    private const int Replicator = 12;
    private const int Sharding = 13;
    private const int Singleton = 14;
    private const int Actors = 16;
    private const int SystemMessages = 22;
    private const int TrafficFlow = 7321;

    private const string Core = "/system/cluster/core/daemon";
    private const string Coordinator = "/system/sharding/approachesCoordinator";
    private const string Region = "/system/sharding/approaches";
    private const string Proxy = "/system/sharding/approachesProxy";
    private const string Replicas = "/system/sharding/serverReplicator";
    private const string Mediator = "/system/distributedPubSubMediator";
    private const string HealthBoard = "/user/health-board";
    private const string HealthBoardProxy = "/user/health-board-proxy";
    private const string Subscription = "/user/subscription*/*";
    private const string Answer = "/temp/*";

    private static readonly PeerRole[] All = [Server, Roadside, Subscriber];
    private static readonly PeerRole[] Servers = [Server];
    private static readonly PeerRole[] Roadsides = [Server, Roadside];

    // Membership of the cluster.
    private static readonly IEnumerable<AccessRule> s_membership =
    [
        .. Allow(All, [Core], Cluster, [ClusterManifest("InternalClusterAction+InitJoin")], ToServer),
        .. Allow(Servers, [$"{Core}/*"], Cluster, [ClusterManifest("InternalClusterAction+InitJoinAck"), ClusterManifest("InternalClusterAction+InitJoinNack")]),
        .. Allow(All, [Core], Cluster, [ClusterManifest("InternalClusterAction+Join")], OwnJoin),
        .. Allow(Servers, [Core], Cluster, [ClusterManifest("InternalClusterAction+Welcome")]),
        .. Allow(All, [Core], Cluster, [ClusterManifest("GossipStatus")], OwnGossipStatus),
        .. Allow(All, [Core], Cluster, [ClusterManifest("InternalClusterAction+ExitingConfirmed")], OfItself),
        .. Allow(All, [Core], Cluster, [ClusterManifest("GossipEnvelope")], OwnGossip),
        .. Allow(All, ["/system/cluster/heartbeatReceiver"], Cluster, ["HB"], FromItsAddress),
        .. Allow(All, [$"{Core}/heartbeatSender"], Cluster, ["HBR"], FromItself),
        .. Allow(All, ["/system/remote-watcher"], Actors, ["RWHB", "RWHR"]),
        .. Allow(All, ["/user/membership"], TrafficFlow, ["is-member-v1"]),
        .. Allow(Servers, ["/user/membership"], TrafficFlow, ["member-known-v1"]),
    ];

    // Where the aggregators are.
    private static readonly IEnumerable<AccessRule> s_sharding =
    [
        .. Allow(All, [$"{Coordinator}/singleton/coordinator"], Sharding, ["BB", "BL", "BM"], OwnRegion),
        .. Allow(All, [$"{Coordinator}/singleton/coordinator"], Sharding, ["BD"], KnownShard),
        .. Allow(All, [$"{Coordinator}/singleton/coordinator", Region, Proxy, $"{HealthBoard}/health-board"], SystemMessages, [SystemManifest("Watch"), SystemManifest("Unwatch")], OwnWatch),
        .. Allow(All, [$"{Coordinator}/singleton/coordinator", Region, Proxy, HealthBoardProxy, "/system/remote-watcher"], SystemMessages, [SystemManifest("DeathWatchNotification")], OwnDeath),
        .. Allow(All, [$"{Coordinator}/singleton/coordinator/*"], Sharding, ["BI"], KnownShard),
        .. Allow(Servers, [$"{Coordinator}/singleton/coordinator"], Sharding, ["BA"], OwnRegion),
        .. Allow(Servers, [$"{Coordinator}/singleton/coordinator"], Sharding, ["BG"], KnownShard),
        .. Allow(Servers, [$"{Coordinator}/singleton/coordinator/*"], Sharding, ["BK"], KnownShard),
        .. Allow(Servers, [Region, Proxy], Sharding, ["BC"], OwnCoordinator),
        .. Allow(Servers, [Region, Proxy], Sharding, ["BE", "BF", "BH", "BJ", "BK"], KnownShard),
        .. Allow(Servers, [Replicas, $"{Replicas}/*"], Replicator, ["I", "J", "K", "L", "M", "N", "O", "Q", "R"]),
        .. Allow(Servers, [Coordinator, HealthBoard], Singleton, ["A", "B", "C", "D"]),
    ];

    // What the cameras count, and the answers.
    private static readonly IEnumerable<AccessRule> s_delivery =
    [
        .. Allow(Roadsides, [Region], TrafficFlow, ["delivery-batch-v1"], OwnDelivery),
        .. Allow(Roadsides, [Region], TrafficFlow, ["close-open-bins-v1"], WholeSite),
        .. Allow(Servers, ["/user/relay/*"], TrafficFlow, ["accepted-v1", "behind-v1", "open-bins-closed-v1", "approach-not-found-v1"]),
    ];

    // Questions, and the answers.
    private static readonly IEnumerable<AccessRule> s_queries =
    [
        .. Allow(Roadsides, [Region], TrafficFlow, ["get-latest-bins-v1", "get-approach-status-v1", "get-flow-bins-v1", "get-bins-after-v1", "get-journeys-after-v1", "get-quarantine-v1"], OwnSite),
        .. Allow([Subscriber], [Region], TrafficFlow, ["get-latest-bins-v1", "get-approach-status-v1", "get-flow-bins-v1", "get-bins-after-v1", "get-journeys-after-v1"]),
        .. Allow(Servers, [Region], TrafficFlow, ["resolve-quarantine-v1", "get-counted-epochs-v1", "repair-camera-v1"]),
        .. Allow(Servers, [Answer], TrafficFlow, ["approach-status-v1", "flow-bins-v1", "bins-after-v1", "quarantine-v1", "quarantine-answer-v1", "counted-epochs-v1", "repair-answer-v1", "approach-not-found-v1", "health-overview-v1"]),
        .. Allow(Servers, [Subscription], TrafficFlow, ["flow-bins-v1", "bins-after-v1", "journeys-after-v1", "approach-not-found-v1"]),
    ];

    // Topics, and who listens to them.
    private static readonly IEnumerable<AccessRule> s_topics =
    [
        .. Allow(All, [Mediator], Topics, ["A"]),
        .. Allow(All, [Mediator], Topics, ["B"], OwnSubscriptions),
        .. Allow(Servers, [$"{Mediator}/*"], TrafficFlow, ["flow-bin-closed-v1", "flow-bins-open-v1", "journey-ended-v1"]),
        .. Allow(Roadsides, [$"{Mediator}/*"], TrafficFlow, ["camera-status-v1"], OwnTopic),
    ];

    // Health, and commands from a server.
    private static readonly IEnumerable<AccessRule> s_operations =
    [
        .. Allow(All, [$"{HealthBoard}/health-board"], Actors, ["ID"], PlainQuestion),
        .. Allow(Servers, [HealthBoardProxy], Actors, ["AID"], OwnActor),
        .. Allow(Roadsides, [$"{HealthBoard}/health-board"], TrafficFlow, ["node-report-v1"], OwnReport),
        .. Allow(Roadsides, [$"{HealthBoard}/health-board"], TrafficFlow, ["get-health-v1"]),
        .. Allow(Servers, ["/user/commands"], TrafficFlow, ["site-command-v1"]),
        .. Allow(Roadsides, [Answer], TrafficFlow, ["site-command-answer-v1"]),
    ];

    public static IReadOnlyList<AccessRule> Rules { get; } = [.. s_membership, .. s_sharding, .. s_delivery, .. s_queries, .. s_topics, .. s_operations];

    private static IEnumerable<AccessRule> Allow(
        IReadOnlyList<PeerRole> peers, IReadOnlyList<string> recipients, int serializer, IReadOnlyList<string> manifests, AccessCondition? when = null) =>
        from recipient in recipients from manifest in manifests select new AccessRule(peers, recipient, serializer, manifest, when);

    private static string SystemManifest(string type) => $"Akka.Dispatch.SysMsg.{type}, Akka";

    private static string ClusterManifest(string type) => $"Akka.Cluster.{type}, Akka.Cluster";
}
