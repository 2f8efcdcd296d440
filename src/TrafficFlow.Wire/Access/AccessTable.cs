using TrafficFlow.Wire.Peers;
using static TrafficFlow.Wire.Access.AccessConditions;
using static TrafficFlow.Wire.Access.KnownActors;
using static TrafficFlow.Wire.Peers.PeerRole;

namespace TrafficFlow.Wire.Access;

/// <summary>
/// What each role may send to whom over the network; all else is dropped unread. It is read from top to bottom as: these peers, to this actor,
/// by this serializer, these messages, if this holds. Never in it: remote deployment, PoisonPill, Kill and the other messages of supervision,
/// Leave and Down (a member's own leaving is in its gossip), and all that may carry any type (JSON, routers, exceptions).
/// </summary>
internal static class AccessTable
{
    private const string Subscription = "/user/subscription*/*";
    private const string Answer = "/temp/*";

    private static readonly PeerRole[] All = [Server, Roadside, Subscriber];
    private static readonly PeerRole[] Servers = [Server];
    private static readonly PeerRole[] Roadsides = [Server, Roadside];

    // Membership of the cluster.
    private static readonly IEnumerable<AccessRule> s_membership =
    [
        .. Allow(All, [ClusterCore], KnownSerializers.Cluster, [ClusterManifest("InternalClusterAction+InitJoin")], ToServer),
        .. Allow(Servers, [$"{ClusterCore}/*"], KnownSerializers.Cluster, [ClusterManifest("InternalClusterAction+InitJoinAck"), ClusterManifest("InternalClusterAction+InitJoinNack")]),
        .. Allow(All, [ClusterCore], KnownSerializers.Cluster, [ClusterManifest("InternalClusterAction+Join")], OwnJoin),
        .. Allow(Servers, [ClusterCore], KnownSerializers.Cluster, [ClusterManifest("InternalClusterAction+Welcome")]),
        .. Allow(All, [ClusterCore], KnownSerializers.Cluster, [ClusterManifest("GossipStatus")], OwnGossipStatus),
        .. Allow(All, [ClusterCore], KnownSerializers.Cluster, [ClusterManifest("InternalClusterAction+ExitingConfirmed")], OfItself),
        .. Allow(All, [ClusterCore], KnownSerializers.Cluster, [ClusterManifest("GossipEnvelope")], OwnGossip),
        .. Allow(All, ["/system/cluster/heartbeatReceiver"], KnownSerializers.Cluster, ["HB"], FromItsAddress),
        .. Allow(All, [$"{ClusterCore}/heartbeatSender"], KnownSerializers.Cluster, ["HBR"], FromItself),
        .. Allow(All, [RemoteWatcher], KnownSerializers.Actors, ["RWHB", "RWHR"]),
        .. Allow(All, ["/user/membership"], KnownSerializers.TrafficFlow, ["is-member-v1"]),
        .. Allow(Servers, ["/user/membership"], KnownSerializers.TrafficFlow, ["member-known-v1"]),
    ];

    // Where the aggregators are.
    private static readonly IEnumerable<AccessRule> s_sharding =
    [
        .. Allow(All, [Coordinator], KnownSerializers.Sharding, ["BB", "BL", "BM"], OwnRegion),
        .. Allow(All, [Coordinator], KnownSerializers.Sharding, ["BD"], KnownShard),
        .. Allow(All, [Coordinator, Region, Proxy, HealthBoard], KnownSerializers.SystemMessages, [SystemManifest("Watch"), SystemManifest("Unwatch")], OwnWatch),
        .. Allow(All, [Coordinator, Region, Proxy, HealthBoardProxy, RemoteWatcher], KnownSerializers.SystemMessages, [SystemManifest("DeathWatchNotification")], OwnDeath),
        .. Allow(All, [$"{Coordinator}/*"], KnownSerializers.Sharding, ["BI"], KnownShard),
        .. Allow(Servers, [Coordinator], KnownSerializers.Sharding, ["BA"], OwnRegion),
        .. Allow(Servers, [Coordinator], KnownSerializers.Sharding, ["BG"], KnownShard),
        .. Allow(Servers, [$"{Coordinator}/*"], KnownSerializers.Sharding, ["BK"], KnownShard),
        .. Allow(Servers, [Region, Proxy], KnownSerializers.Sharding, ["BC"], OwnCoordinator),
        .. Allow(Servers, [Region, Proxy], KnownSerializers.Sharding, ["BE", "BF", "BH", "BJ", "BK"], KnownShard),
        .. Allow(Servers, [KnownActors.Replicator, $"{KnownActors.Replicator}/*"], KnownSerializers.Replicator, ["I", "J", "K", "L", "M", "N", "O", "Q", "R"]),
        .. Allow(Servers, [CoordinatorSingleton, HealthBoardSingleton], KnownSerializers.Singleton, ["A", "B", "C", "D"]),
    ];

    // What the cameras count, and the answers.
    private static readonly IEnumerable<AccessRule> s_delivery =
    [
        .. Allow(Roadsides, [Region], KnownSerializers.TrafficFlow, ["delivery-batch-v1"], OwnDelivery),
        .. Allow(Roadsides, [Region], KnownSerializers.TrafficFlow, ["close-open-bins-v1"], WholeSite),
        .. Allow(Servers, ["/user/relay/*"], KnownSerializers.TrafficFlow, ["accepted-v1", "behind-v1", "open-bins-closed-v1", "approach-not-found-v1"]),
    ];

    // Questions, and the answers.
    private static readonly IEnumerable<AccessRule> s_queries =
    [
        .. Allow(Roadsides, [Region], KnownSerializers.TrafficFlow, ["get-latest-bins-v1", "get-approach-status-v1", "get-flow-bins-v1", "get-bins-after-v1", "get-journeys-after-v1", "get-quarantine-v1"], OwnSite),
        .. Allow([Subscriber], [Region], KnownSerializers.TrafficFlow, ["get-latest-bins-v1", "get-approach-status-v1", "get-flow-bins-v1", "get-bins-after-v1", "get-journeys-after-v1"]),
        .. Allow(Servers, [Region], KnownSerializers.TrafficFlow, ["resolve-quarantine-v1", "get-counted-epochs-v1", "repair-camera-v1"]),
        .. Allow(Servers, [Answer], KnownSerializers.TrafficFlow, ["approach-status-v1", "flow-bins-v1", "bins-after-v1", "quarantine-v1", "quarantine-answer-v1", "counted-epochs-v1", "repair-answer-v1", "approach-not-found-v1", "health-overview-v1"]),
        .. Allow(Servers, [Subscription], KnownSerializers.TrafficFlow, ["flow-bins-v1", "bins-after-v1", "journeys-after-v1", "approach-not-found-v1"]),
    ];

    // Topics, and who listens to them.
    private static readonly IEnumerable<AccessRule> s_topics =
    [
        .. Allow(All, [Mediator], KnownSerializers.Topics, ["A"]),
        .. Allow(All, [Mediator], KnownSerializers.Topics, ["B"], OwnSubscriptions),
        .. Allow(Servers, [$"{Mediator}/*"], KnownSerializers.TrafficFlow, ["flow-bin-closed-v1", "flow-bins-open-v1", "journey-ended-v1"]),
        .. Allow(Roadsides, [$"{Mediator}/*"], KnownSerializers.TrafficFlow, ["camera-status-v1"], OwnTopic),
    ];

    // Health, and commands from a server.
    private static readonly IEnumerable<AccessRule> s_operations =
    [
        .. Allow(All, [HealthBoard], KnownSerializers.Actors, ["ID"], PlainQuestion),
        .. Allow(Servers, [HealthBoardProxy], KnownSerializers.Actors, ["AID"], OwnActor),
        .. Allow(Roadsides, [HealthBoard], KnownSerializers.TrafficFlow, ["node-report-v1"], OwnReport),
        .. Allow(Roadsides, [HealthBoard], KnownSerializers.TrafficFlow, ["get-health-v1"]),
        .. Allow(Servers, ["/user/commands"], KnownSerializers.TrafficFlow, ["site-command-v1"]),
        .. Allow(Roadsides, [Answer], KnownSerializers.TrafficFlow, ["site-command-answer-v1"]),
    ];

    public static IReadOnlyList<AccessRule> Rules { get; } = [.. s_membership, .. s_sharding, .. s_delivery, .. s_queries, .. s_topics, .. s_operations];

    private static IEnumerable<AccessRule> Allow(
        IReadOnlyList<PeerRole> peers, IReadOnlyList<string> recipients, int serializer, IReadOnlyList<string> manifests, AccessCondition? when = null) =>
        from recipient in recipients from manifest in manifests select new AccessRule(peers, recipient, serializer, manifest, when);

    private static string SystemManifest(string type) => $"Akka.Dispatch.SysMsg.{type}, Akka";

    private static string ClusterManifest(string type) => $"Akka.Cluster.{type}, Akka.Cluster";
}
