using TrafficFlow.Wire.Peers;
using static TrafficFlow.Wire.Access.AccessConditions;
using static TrafficFlow.Wire.Access.KnownActors;
using static TrafficFlow.Wire.Peers.PeerRole;
using Manifests = TrafficFlow.Wire.Access.KnownManifests;
using Serializers = TrafficFlow.Wire.Access.KnownSerializers;

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
        .. Allow(All, [ClusterCore], Serializers.Cluster, [Manifests.Cluster.InitJoin], ToServer),
        .. Allow(Servers, [$"{ClusterCore}/*"], Serializers.Cluster, [Manifests.Cluster.InitJoinAck, Manifests.Cluster.InitJoinNack]),
        .. Allow(All, [ClusterCore], Serializers.Cluster, [Manifests.Cluster.Join], OwnJoin),
        .. Allow(Servers, [ClusterCore], Serializers.Cluster, [Manifests.Cluster.Welcome]),
        .. Allow(All, [ClusterCore], Serializers.Cluster, [Manifests.Cluster.GossipStatus], OwnGossipStatus),
        .. Allow(All, [ClusterCore], Serializers.Cluster, [Manifests.Cluster.ExitingConfirmed], OfItself),
        .. Allow(All, [ClusterCore], Serializers.Cluster, [Manifests.Cluster.GossipEnvelope], OwnGossip),
        .. Allow(All, ["/system/cluster/heartbeatReceiver"], Serializers.Cluster, [Manifests.Cluster.Heartbeat], FromItsAddress),
        .. Allow(All, [$"{ClusterCore}/heartbeatSender"], Serializers.Cluster, [Manifests.Cluster.HeartbeatResponse], FromItself),
        .. Allow(All, [RemoteWatcher], Serializers.Actors, [Manifests.Actors.WatcherHeartbeat, Manifests.Actors.WatcherHeartbeatResponse]),
        .. Allow(All, ["/user/membership"], Serializers.TrafficFlow, ["is-member-v1"]),
        .. Allow(Servers, ["/user/membership"], Serializers.TrafficFlow, ["member-known-v1"]),
    ];

    // Where the aggregators are.
    private static readonly IEnumerable<AccessRule> s_sharding =
    [
        .. Allow(All, [Coordinator], Serializers.Sharding, [Manifests.Sharding.RegisterProxy, Manifests.Sharding.GracefulShutdownRequest, Manifests.Sharding.RegionStopped], OwnRegion),
        .. Allow(All, [Coordinator], Serializers.Sharding, [Manifests.Sharding.GetShardHome], KnownShard),
        .. Allow(All, [Coordinator, Region, Proxy, HealthBoard], Serializers.SystemMessages, [Manifests.SystemMessages.Watch, Manifests.SystemMessages.Unwatch], OwnWatch),
        .. Allow(All, [Coordinator, Region, Proxy, HealthBoardProxy, RemoteWatcher], Serializers.SystemMessages, [Manifests.SystemMessages.DeathWatchNotification], OwnDeath),
        .. Allow(All, [$"{Coordinator}/*"], Serializers.Sharding, [Manifests.Sharding.BeginHandOffAck], KnownShard),
        .. Allow(Servers, [Coordinator], Serializers.Sharding, [Manifests.Sharding.Register], OwnRegion),
        .. Allow(Servers, [Coordinator], Serializers.Sharding, [Manifests.Sharding.ShardStarted], KnownShard),
        .. Allow(Servers, [$"{Coordinator}/*"], Serializers.Sharding, [Manifests.Sharding.ShardStopped], KnownShard),
        .. Allow(Servers, [Region, Proxy], Serializers.Sharding, [Manifests.Sharding.RegisterAck], OwnCoordinator),
        .. Allow(Servers, [Region, Proxy], Serializers.Sharding, [Manifests.Sharding.ShardHome, Manifests.Sharding.HostShard, Manifests.Sharding.BeginHandOff, Manifests.Sharding.HandOff, Manifests.Sharding.ShardStopped], KnownShard),
        .. Allow(Servers, [Coordinator], Serializers.Sharding, [Manifests.Sharding.GetClusterShardingStats]),
        .. Allow(Servers, [Region], Serializers.Sharding, [Manifests.Sharding.GetShardRegionStats]),
        .. Allow(Servers, [Answer], Serializers.Sharding, [Manifests.Sharding.ShardRegionStats, Manifests.Sharding.ClusterShardingStats]),
        .. Allow(Servers, [KnownActors.Replicator, $"{KnownActors.Replicator}/*"], Serializers.Replicator, [Manifests.Replicator.Write, Manifests.Replicator.WriteAck, Manifests.Replicator.Read, Manifests.Replicator.ReadResult, Manifests.Replicator.Status, Manifests.Replicator.Gossip, Manifests.Replicator.WriteNack, Manifests.Replicator.DeltaPropagation, Manifests.Replicator.DeltaNack]),
        .. Allow(Servers, [CoordinatorSingleton, HealthBoardSingleton], Serializers.Singleton, [Manifests.Singleton.HandOverToMe, Manifests.Singleton.HandOverInProgress, Manifests.Singleton.HandOverDone, Manifests.Singleton.TakeOverFromMe]),
    ];

    // What the cameras count, and the answers.
    private static readonly IEnumerable<AccessRule> s_delivery =
    [
        .. Allow(Roadsides, [Region], Serializers.TrafficFlow, ["delivery-batch-v1", "report-incidents-v1"], OwnDelivery),
        .. Allow(Roadsides, [Region], Serializers.TrafficFlow, ["close-open-bins-v1"], WholeSite),
        .. Allow(Servers, ["/user/relay/*"], Serializers.TrafficFlow, ["accepted-v1", "behind-v1", "open-bins-closed-v1", "approach-not-found-v1", "incidents-taken-v1"]),
    ];

    // Questions, and the answers.
    private static readonly IEnumerable<AccessRule> s_queries =
    [
        .. Allow(Roadsides, [Region], Serializers.TrafficFlow, ["get-latest-bins-v1", "get-approach-status-v1", "get-flow-bins-v1", "get-bins-after-v1", "get-journeys-after-v1", "get-incidents-v1", "get-quarantine-v1"], OwnSite),
        .. Allow([Subscriber], [Region], Serializers.TrafficFlow, ["get-latest-bins-v1", "get-approach-status-v1", "get-flow-bins-v1", "get-bins-after-v1", "get-journeys-after-v1", "get-incidents-v1"]),
        .. Allow(Servers, [Region], Serializers.TrafficFlow, ["resolve-quarantine-v1", "get-counted-epochs-v1", "repair-camera-v1"]),
        .. Allow(Servers, [Answer], Serializers.TrafficFlow, ["approach-status-v1", "flow-bins-v1", "bins-after-v1", "quarantine-v1", "quarantine-answer-v1", "counted-epochs-v1", "repair-answer-v1", "recent-incidents-v1", "approach-not-found-v1", "health-overview-v1"]),
        .. Allow(Servers, [Subscription], Serializers.TrafficFlow, ["flow-bins-v1", "bins-after-v1", "journeys-after-v1", "recent-incidents-v1", "approach-not-found-v1"]),
    ];

    // Topics, and who listens to them.
    private static readonly IEnumerable<AccessRule> s_topics =
    [
        .. Allow(All, [Mediator], Serializers.Topics, [Manifests.Topics.Status]),
        .. Allow(All, [Mediator], Serializers.Topics, [Manifests.Topics.Delta], OwnSubscriptions),
        .. Allow(Servers, [$"{Mediator}/*"], Serializers.TrafficFlow, ["flow-bin-closed-v1", "flow-bins-open-v1", "journey-ended-v1", "incident-told-v1"]),
        .. Allow(Roadsides, [$"{Mediator}/*"], Serializers.TrafficFlow, ["camera-status-v1"], OwnTopic),
    ];

    // Health, and commands from a server.
    private static readonly IEnumerable<AccessRule> s_operations =
    [
        .. Allow(All, [HealthBoard], Serializers.Actors, [Manifests.Actors.Identify], PlainQuestion),
        .. Allow(Servers, [HealthBoardProxy], Serializers.Actors, [Manifests.Actors.ActorIdentity], OwnActor),
        .. Allow(Roadsides, [HealthBoard], Serializers.TrafficFlow, ["node-report-v1"], OwnReport),
        .. Allow(Roadsides, [HealthBoard], Serializers.TrafficFlow, ["get-health-v1"], OwnHealth),
        .. Allow(Servers, ["/user/commands"], Serializers.TrafficFlow, ["site-command-v1"]),
        .. Allow(Roadsides, [Answer], Serializers.TrafficFlow, ["site-command-answer-v1"]),
    ];

    // Recordings, which stay where they are: ciphertext and sealed keys alone.
    private static readonly IEnumerable<AccessRule> s_recordings =
    [
        .. Allow(Servers, ["/user/recordings"], Serializers.TrafficFlow, ["list-recordings-v1", "describe-vault-v1", "describe-keeping-v1", "order-vault-v1", "begin-vault-task-v1", "get-receipt-v1", "get-vault-file-v1", "open-recording-v1", "read-recording-v1", "end-recording-v1"]),
        .. Allow(Roadsides, [Answer], Serializers.TrafficFlow, ["recordings-listed-v1", "vault-described-v1", "keeping-described-v1", "vault-ordered-v1", "receipt-found-v1", "vault-file-found-v1", "recording-opened-v1", "recording-chunks-v1", "recordings-refused-v1"]),
    ];

    // Who was dismissed at a server, for the accounts of the others.
    private static readonly IEnumerable<AccessRule> s_persons =
    [
        .. Allow(Servers, ["/user/dismissals"], Serializers.TrafficFlow, ["tell-dismissals-v1"]),
        .. Allow(Roadsides, [Answer], Serializers.TrafficFlow, ["dismissals-heard-v1"]),
    ];

    public static IReadOnlyList<AccessRule> Rules { get; } = [.. s_membership, .. s_sharding, .. s_delivery, .. s_queries, .. s_topics, .. s_operations, .. s_recordings, .. s_persons];

    private static IEnumerable<AccessRule> Allow(
        IReadOnlyList<PeerRole> peers, IReadOnlyList<string> recipients, int serializer, IReadOnlyList<string> manifests, AccessCondition? when = null) =>
        from recipient in recipients from manifest in manifests select new AccessRule(peers, recipient, serializer, manifest, when);
}
