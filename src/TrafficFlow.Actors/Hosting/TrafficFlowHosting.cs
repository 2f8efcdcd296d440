using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using Akka.Hosting;
using Akka.Remote.Hosting;
using TrafficFlow.Actors.Aggregation;
using TrafficFlow.Actors.Cameras;
using TrafficFlow.Actors.Delivery;
using TrafficFlow.Actors.Hosting.Tls;
using TrafficFlow.Actors.Membership;
using TrafficFlow.Actors.Serialization;
using TrafficFlow.Actors.Tables;
using TrafficFlow.Actors.Topics;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Actors.Hosting;

/// <summary>How a node joins the cluster.</summary>
/// <param name="Host">Name or address that other nodes can reach.</param>
/// <param name="Port">0 lets the system choose, which only fits a node without peers.</param>
/// <param name="Roles">Of <see cref="TrafficFlowRoles"/>.</param>
/// <param name="Seeds">akka.tcp://SYSTEM@HOST:PORT of nodes to join; empty: the node forms a cluster of its own.</param>
/// <param name="Tls">Certificates; null only on a loopback address, where the link is in plain text.</param>
public sealed record ClusterMembership(string Host, int Port, IReadOnlyList<string> Roles, IReadOnlyList<string> Seeds, TlsFiles? Tls = null)
{
    public static ClusterMembership Alone(params IReadOnlyList<string> roles) => new("127.0.0.1", 0, roles, []);
}

/// <summary>Wires the actors into a host; tests use the same methods.</summary>
public static class TrafficFlowHosting
{
    /// <summary>Serializers, dispatchers and every other default of reference.conf.</summary>
    public static AkkaConfigurationBuilder WithTrafficFlowSerialization(this AkkaConfigurationBuilder builder) =>
        builder.AddHocon(ActorsSettings.Reference, HoconAddMode.Append);

    /// <summary>
    /// Joins, or forms, the cluster. Only servers down unreachable nodes, by the majority of the servers: a roadside node that the network
    /// cut off goes on measuring.
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
            AppVersion = typeof(TrafficFlowHosting).Assembly.GetName().Version?.ToString(3),
        };
        var isServer = settings.Roles.Contains(TrafficFlowRoles.Server);
        builder.AddHocon(
            isServer
                ? "akka.cluster.downing-provider-class = \"TrafficFlow.Actors.Membership.ServerDowningProvider, TrafficFlow.Actors\""
                : "akka.cluster.downing-provider-class = \"Akka.Cluster.NoDowning, Akka.Cluster\"",
            HoconAddMode.Prepend);
        if (isServer && database is PostgresJournal shared)
            builder.AddSetup(new PostgresLeaseSetup(shared.Source)).AddHocon("trafficflow.downing.lease = trafficflow.postgres-lease", HoconAddMode.Prepend);
        if (settings.Tls is { } tls) builder.WithTls(tls);
        builder.WithRemoting(settings.Host, settings.Port).WithClustering(options).WithDistributedPubSub(role: null!);
        return settings.Seeds.Count > 0
            ? builder
            : builder.AddStartup((system, _) =>
            {
                var cluster = Cluster.Get(system);
                cluster.Join(cluster.SelfAddress);
            });
    }

    /// <summary>
    /// Journal and snapshots. A SQLite file is looked at first: what is wrong with it fails the start. For PostgreSQL call
    /// <see cref="PostgresCheck.WaitAsync"/> before the actor system starts.
    /// </summary>
    /// <exception cref="JournalException">The message names the file, the likely cause and the remedy.</exception>
    public static AkkaConfigurationBuilder WithTrafficFlowJournal(this AkkaConfigurationBuilder builder, JournalSettings settings)
    {
        if (settings is SqliteJournal file) JournalCheck.Prepare(file);
        if (settings.Setup is { } setup) builder.AddSetup(setup);
        return builder.AddHocon(settings.ToHocon(), HoconAddMode.Prepend);
    }

    /// <summary>The read tables in the journal's database, as /user/flow-tables. Call it before <c>WithApproachAggregators</c>.</summary>
    public static AkkaConfigurationBuilder WithFlowTables(this AkkaConfigurationBuilder builder, JournalSettings settings, TimeProvider? time = null) =>
        builder.WithActors((system, registry) => registry.Register<FlowTableWriter>(
            system.ActorOf(FlowTableWriter.Props(new FlowTables(settings), time ?? TimeProvider.System), "flow-tables")));

    /// <summary>The aggregators of the sites' approaches, on nodes with the role server; registered as <see cref="ApproachAggregator"/>.</summary>
    public static AkkaConfigurationBuilder WithApproachAggregators(
        this AkkaConfigurationBuilder builder, SiteBook sites, AggregationSettings? settings = null, TimeProvider? time = null) =>
        builder.WithShardRegion<ApproachAggregator>(
            ApproachRouting.TypeName,
            (system, registry, _) =>
            {
                var (topics, tables) = (TopicPublisher.Of(system), registry.Get<FlowTableWriter>());
                return entity => sites.Setups.TryGetValue(entity, out var setup)
                    ? ApproachAggregator.Props(setup, settings ?? new AggregationSettings(), topics, tables, time ?? TimeProvider.System)
                    : UnknownApproach.Props(entity, sites.Setups.Keys);
            },
            new ApproachRouting(),
            new ShardOptions
            {
                Role = TrafficFlowRoles.Server,
                RememberEntities = true,
                RememberEntitiesStore = RememberEntitiesStore.Eventsourced,
                StateStoreMode = StateStoreMode.DData,
            });

    /// <inheritdoc cref="WithApproachAggregators(AkkaConfigurationBuilder, SiteBook, AggregationSettings?, TimeProvider?)"/>
    public static AkkaConfigurationBuilder WithApproachAggregators(
        this AkkaConfigurationBuilder builder, Site site, AggregationSettings? settings = null, TimeProvider? time = null) =>
        builder.WithApproachAggregators(new SiteBook(site), settings, time);

    /// <summary>The way to the aggregators from a node that has none: same registry key.</summary>
    public static AkkaConfigurationBuilder WithApproachProxy(this AkkaConfigurationBuilder builder) =>
        builder.WithShardRegionProxy<ApproachAggregator>(ApproachRouting.TypeName, TrafficFlowRoles.Server, new ApproachRouting());

    /// <summary>Notices that the node has lost its place in the cluster and ends the system, so that whoever hosts it starts a new one.</summary>
    public static AkkaConfigurationBuilder WithMembershipWatch(
        this AkkaConfigurationBuilder builder, ClusterMembership membership, RejoinPolicy? policy = null, TimeProvider? time = null) =>
        builder.WithActors((system, _) => system.ActorOf(
            MembershipWatch.Props(
                membership.Seeds, policy ?? new RejoinPolicy(strangerAnswers: 2, aloneFor: TimeSpan.FromSeconds(20)), time ?? TimeProvider.System),
            MembershipWatch.Name));

    /// <summary>
    /// The cameras' way out of a system that is in no cluster, registered as <see cref="ApproachAggregator"/>. A cluster system of the same
    /// process joins it with <see cref="WithUplinkRelay"/>.
    /// </summary>
    public static AkkaConfigurationBuilder WithUplink(this AkkaConfigurationBuilder builder) =>
        builder.WithActors((system, registry) =>
        {
            var uplink = system.ActorOf(UplinkActor.Props(), "uplink");
            registry.Register<UplinkActor>(uplink);
            registry.Register<ApproachAggregator>(uplink);
        });

    /// <summary>Joins the uplink of this process' roadside system to the aggregators. Call it after the region or its proxy.</summary>
    /// <param name="uplink">The <see cref="UplinkActor"/>.</param>
    public static AkkaConfigurationBuilder WithUplinkRelay(this AkkaConfigurationBuilder builder, IActorRef uplink) =>
        builder.WithActors((system, registry) => system.ActorOf(UplinkRelay.Props(uplink, registry.Get<ApproachAggregator>()), "relay"));

    /// <summary>
    /// The sites' cameras as /user/cameras, registered as <see cref="CamerasActor"/>. Call it after <see cref="WithUplink"/>,
    /// <see cref="WithApproachAggregators(AkkaConfigurationBuilder, SiteBook, AggregationSettings?, TimeProvider?)"/> or
    /// <see cref="WithApproachProxy"/>. On shutdown the cameras stop first, and what they counted is stored.
    /// </summary>
    /// <param name="freeBytes">Of the outboxes' disk; null where nobody watches it.</param>
    /// <param name="former">Cameras that are no more and whose outboxes may still hold something.</param>
    /// <param name="scenes">Watches whether the cameras still show what they were calibrated on; null: nobody does.</param>
    public static AkkaConfigurationBuilder WithCameras(
        this AkkaConfigurationBuilder builder,
        IReadOnlyList<Site> sites,
        IFrameReaderFactory readers,
        IVehicleDetectorFactory detectors,
        CameraPolicy? policy = null,
        OutboxSettings? outbox = null,
        TimeProvider? time = null,
        IFlowLogFactory? flowLogs = null,
        Func<long>? freeBytes = null,
        IReadOnlyList<(SiteId Site, CameraId Camera)>? former = null,
        ISceneWatchFactory? scenes = null) =>
        builder.WithActors((system, registry) =>
        {
            var approaches = registry.Get<ApproachAggregator>();
            var topics = registry.TryGet<UplinkActor>(out var uplink) ? new TopicPublisher(uplink) : TopicPublisher.Of(system);
            var (cameraPolicy, outboxSettings) = (policy ?? new CameraPolicy(), outbox ?? new OutboxSettings());
            var cameras = system.ActorOf(
                CamerasActor.Props(sites, (site, camera) => new CameraSettings(
                    site, camera, readers, detectors, cameraPolicy, outboxSettings, approaches, topics, time ?? TimeProvider.System, flowLogs, freeBytes, scenes), former),
                "cameras");
            registry.Register<CamerasActor>(cameras);
            var patience = cameraPolicy.StopTimeout + cameraPolicy.FlushTimeout;
            CoordinatedShutdown.Get(system).AddTask(
                CoordinatedShutdown.PhaseBeforeServiceUnbind, "stop-cameras", async () =>
                {
                    await cameras.GracefulStop(patience, StopCameras.Instance).ConfigureAwait(false);
                    return Akka.Done.Instance;
                });
        });

    /// <inheritdoc cref="WithCameras(AkkaConfigurationBuilder, IReadOnlyList{Site}, IFrameReaderFactory, IVehicleDetectorFactory, CameraPolicy?, OutboxSettings?, TimeProvider?, Func{long}?, IReadOnlyList{ValueTuple{SiteId, CameraId}}?, ISceneWatchFactory?)"/>
    public static AkkaConfigurationBuilder WithCameras(
        this AkkaConfigurationBuilder builder,
        Site site,
        IFrameReaderFactory readers,
        IVehicleDetectorFactory detectors,
        CameraPolicy? policy = null,
        OutboxSettings? outbox = null,
        TimeProvider? time = null) =>
        builder.WithCameras([site], readers, detectors, policy, outbox, time);

    /// <summary>Hands what is published to a topic to a channel, see <see cref="SubscriberActor"/>.</summary>
    /// <param name="after">For a flow topic: the cursor of the last bin that is known already; null begins with the last closed bins.</param>
    public static AkkaConfigurationBuilder WithSubscriber(
        this AkkaConfigurationBuilder builder, string topic, System.Threading.Channels.ChannelWriter<IWireMessage> messages, long? after = null) =>
        builder.WithActors((system, registry) =>
            system.ActorOf(SubscriberActor.Props(topic, messages.TryWrite, registry.Get<ApproachAggregator>(), after), $"subscriber-{topic}"));
}
