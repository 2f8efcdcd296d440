using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Akka.Remote.Hosting;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Aggregation;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Server.Health;
using TrafficFlow.Server.Incidents;
using TrafficFlow.Server.Journeys;
using TrafficFlow.Server.Membership;
using TrafficFlow.Server.Tables;
using TrafficFlow.Server.Topics;
using TrafficFlow.Wire.Access;
using TrafficFlow.Wire.Health;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Routing;
using TrafficFlow.Wire.Tls;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Server;

/// <summary>Wires the actors of the cluster into a host; tests use the same methods.</summary>
public static class ServerHosting
{
    /// <summary>
    /// Joins, or forms, the cluster. Only servers down unreachable nodes, by the majority of the servers: a roadside node that the network
    /// cut off goes on measuring. Without certificates the node is alone, and opens no port.
    /// </summary>
    /// <param name="database">
    /// The servers' own. Where they share one, its lease decides between halves without a majority: of two servers the living one goes on.
    /// </param>
    public static AkkaConfigurationBuilder WithTrafficFlowCluster(
        this AkkaConfigurationBuilder builder, ClusterMembership settings, JournalSettings? database = null)
    {
        var options = new ClusterOptions
        {
            Roles = [.. settings.Roles],
            SeedNodes = [.. settings.Seeds],
            AppVersion = NodeVersion.Own,
        };
        var isServer = settings.Roles.Contains(TrafficFlowRoles.Server);
        builder.AddHocon(ServerSettings.Reference, HoconAddMode.Append).AddHocon(
            isServer
                ? "akka.cluster.downing-provider-class = \"TrafficFlow.Server.Membership.ServerDowningProvider, TrafficFlow.Server\""
                : "akka.cluster.downing-provider-class = \"Akka.Cluster.NoDowning, Akka.Cluster\"",
            HoconAddMode.Prepend);
        if (isServer && database is PostgresJournal shared)
            builder.AddSetup(new PostgresLeaseSetup(shared.Source)).AddHocon("trafficflow.downing.lease = trafficflow.postgres-lease", HoconAddMode.Prepend);
        if (settings.Tls is { } tls) builder.WithTls(tls, ClusterAccess.Of).AddHocon(ClusterAccess.Config, HoconAddMode.Prepend);
        else builder.AddHocon(PeerlessTransport.Hocon, HoconAddMode.Prepend);
        if (settings.IsFirstOfSeveralSeeds) builder.AddHocon($"akka.cluster.seed-node-timeout = {(int)ClusterMembership.LooksForOthers.TotalSeconds}s", HoconAddMode.Prepend);
        builder.WithRemoting(settings.Host, settings.Port).WithClustering(options).WithDistributedPubSub(role: null!);
        return settings.Seeds.Count > 0
            ? builder
            : builder.AddStartup((system, _) =>
            {
                var cluster = Cluster.Get(system);
                cluster.Join(cluster.SelfAddress);
            });
    }

    /// <summary>The read tables in the journal's database, as /user/flow-tables. Call it before <c>WithApproachAggregators</c>.</summary>
    public static AkkaConfigurationBuilder WithFlowTables(
        this AkkaConfigurationBuilder builder, JournalSettings settings, TableRetention? retention = null, TimeProvider? time = null) =>
        builder.WithActors((system, registry) => registry.Register<FlowTableWriter>(
            system.ActorOf(FlowTableWriter.Props(new FlowTables(settings), retention ?? new TableRetention(), time ?? TimeProvider.System), "flow-tables")));

    /// <summary>The aggregators of the sites' approaches, on nodes with the role server; registered as <see cref="ApproachRegion"/>.</summary>
    public static AkkaConfigurationBuilder WithApproachAggregators(
        this AkkaConfigurationBuilder builder, SiteRegistry sites, AggregationSettings? settings = null, TimeProvider? time = null) =>
        builder.WithShardRegion<ApproachRegion>(
            ApproachRouting.TypeName,
            (system, registry, _) =>
            {
                var (topics, tables) = (TopicPublisher.Of(system), registry.Get<FlowTableWriter>());
                var unknown = new UnknownDeliveries(time ?? TimeProvider.System);
                return entity => !sites.Serves(entity)
                    ? UnknownApproach.Props(entity, sites, unknown)
                    : IncidentBoard.Serves(entity)
                    ? IncidentBoard.Props(entity, sites, topics, time ?? TimeProvider.System)
                    : JourneyIntake.Serves(entity)
                    ? JourneyIntake.Props(entity, sites, settings ?? new AggregationSettings(), topics, tables, time ?? TimeProvider.System)
                    : ApproachAggregator.Props(
                        sites.Find(entity) ?? throw new InvalidOperationException($"{entity} has no setup"), settings ?? new AggregationSettings(), topics, tables, time ?? TimeProvider.System);
            },
            new ApproachRouting(sites.Serves),
            new ShardOptions
            {
                Role = TrafficFlowRoles.Server,
                RememberEntities = true,
                RememberEntitiesStore = RememberEntitiesStore.Eventsourced,
                StateStoreMode = StateStoreMode.DData,
            });

    /// <inheritdoc cref="WithApproachAggregators(AkkaConfigurationBuilder, SiteRegistry, AggregationSettings?, TimeProvider?)"/>
    public static AkkaConfigurationBuilder WithApproachAggregators(
        this AkkaConfigurationBuilder builder, Site site, AggregationSettings? settings = null, TimeProvider? time = null) =>
        builder.WithApproachAggregators(new SiteRegistry(site), settings, time);

    /// <summary>The way to the aggregators from a node that has none: same registry key.</summary>
    public static AkkaConfigurationBuilder WithApproachProxy(this AkkaConfigurationBuilder builder) =>
        builder.WithShardRegionProxy<ApproachRegion>(ApproachRouting.TypeName, TrafficFlowRoles.Server, new ApproachRouting());

    /// <summary>
    /// The health board, one in the cluster, on a server; where this node is none, only the way to it. Registered as
    /// <see cref="HealthBoardProxy"/>. On a server call it after the journal.
    /// </summary>
    public static AkkaConfigurationBuilder WithHealthBoard(
        this AkkaConfigurationBuilder builder, bool isServer, HealthSettings? settings = null, TimeProvider? time = null)
    {
        const string Name = "health-board";
        // Reports are worth nothing when they are old: while no board is there they are dropped but for the last few.
        // The library says that it finds no board for as long as nobody asks; whoever asks is told.
        var options = new ClusterSingletonOptions { Role = TrafficFlowRoles.Server, BufferSize = 8, LogSingletonIdentificationFailure = false };
        if (isServer) builder.WithSingleton<HealthBoard>(Name, HealthBoard.Props(settings ?? new HealthSettings(), time ?? TimeProvider.System), options, createProxyToo: false);
        return builder.WithSingletonProxy<HealthBoardProxy>(Name, options);
    }

    /// <summary>Notices that the node has lost its place in the cluster and ends the system, so that whoever hosts it starts a new one.</summary>
    public static AkkaConfigurationBuilder WithMembershipWatch(
        this AkkaConfigurationBuilder builder, ClusterMembership membership, RejoinPolicy? policy = null, TimeProvider? time = null) =>
        builder.WithActors((system, _) => system.ActorOf(
            MembershipWatch.Props(
                membership.Seeds, policy ?? new RejoinPolicy(unknownAnswers: 2, aloneFor: TimeSpan.FromSeconds(20)), time ?? TimeProvider.System),
            MembershipWatch.Name));

    /// <summary>
    /// A client's topics, registered as <see cref="SubscriptionActor"/>, to which <see cref="AddTopic"/> and <see cref="RemoveTopic"/> go; what
    /// is published comes into the buffer.
    /// </summary>
    /// <param name="topics">Those to begin with.</param>
    public static AkkaConfigurationBuilder WithSubscription(this AkkaConfigurationBuilder builder, SubscriptionBuffer buffer, params IReadOnlyList<AddTopic> topics) =>
        builder.WithActors((system, registry) =>
        {
            var subscription = system.ActorOf(SubscriptionActor.Props(buffer, registry.Get<ApproachRegion>()), "subscription");
            registry.Register<SubscriptionActor>(subscription);
            foreach (var topic in topics) subscription.Tell(topic);
        });
}
