using Akka.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside;
using TrafficFlow.Roadside.Uplink;
using TrafficFlow.Server;
using TrafficFlow.Server.Aggregation;
using TrafficFlow.Server.Membership;
using TrafficFlow.Server.Topics;
using TrafficFlow.SystemTests.Security;
using TrafficFlow.Wire;
using TrafficFlow.Wire.Hosting;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Membership;

namespace TrafficFlow.Benchmarks.Delivery;

/// <summary>
/// A node as the product wires it: a roadside system with its outbox file, a cluster system with its journal, and the uplink between them.
/// Only cameras are left out: the benchmark hands counted vehicles to outboxes itself.
/// </summary>
internal sealed class DeliveryNode : IAsyncDisposable
{
    private const string Quiet = "akka { loglevel = WARNING, stdout-loglevel = ERROR }";

    private readonly List<HostedActorSystem> _others = [];
    private readonly TestCertificates _certificates;

    private DeliveryNode(HostedActorSystem roadside, HostedActorSystem cluster, Site site, TestCertificates certificates) =>
        (Roadside, Cluster, Site, _certificates) = (roadside, cluster, site, certificates);

    public HostedActorSystem Roadside { get; }

    public HostedActorSystem Cluster { get; }

    public Site Site { get; }

    public static async Task<DeliveryNode> StartAsync(string outboxFile, JournalSettings journal, Site site)
    {
        var book = new SiteRegistry(site);
        var roadside = await HostedActorSystem.StartAsync("roadside", NullLoggerFactory.Instance, akka => akka
            .AddHocon(Quiet, HoconAddMode.Prepend)
            .WithTrafficFlowSerialization()
            .WithTrafficFlowJournal(new SqliteJournal(outboxFile))
            .WithUplink());
        var certificates = new TestCertificates();
        var membership = new ClusterMembership("127.0.0.1", 0, [TrafficFlowRoles.Roadside, TrafficFlowRoles.Server], [], certificates.Node("server"));
        var cluster = await HostedActorSystem.StartAsync("trafficflow", NullLoggerFactory.Instance, akka => akka
            .AddHocon(Quiet, HoconAddMode.Prepend)
            .WithTrafficFlowSerialization()
            .WithTrafficFlowCluster(membership, journal)
            .WithTrafficFlowJournal(journal)
            .WithFlowTables(journal)
            .WithApproachAggregators(book)
            .WithUplinkRelay(roadside.Registry.Get<UplinkActor>()));
        return new DeliveryNode(roadside, cluster, site, certificates);
    }

    /// <summary>Another process' part, as far as messages can tell: a member that only subscribes, reached through its own TCP port with TLS.</summary>
    public async Task SubscribeAsync(string topic, SubscriptionBuffer messages)
    {
        var seed = Akka.Cluster.Cluster.Get(Cluster.System).SelfAddress.ToString();
        _others.Add(await HostedActorSystem.StartAsync("trafficflow", NullLoggerFactory.Instance, akka => akka
            .AddHocon(Quiet, HoconAddMode.Prepend)
            .WithTrafficFlowSerialization()
            .WithTrafficFlowCluster(new ClusterMembership("127.0.0.1", 0, [TrafficFlowRoles.Subscriber], [seed], _certificates.Node($"subscriber-{_others.Count}", "subscriber")))
            .WithApproachProxy()
            .WithSubscription(messages, new AddTopic(topic))));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var other in _others) await other.DisposeAsync();
        await Roadside.DisposeAsync();
        await Cluster.DisposeAsync();
        _certificates.Dispose();
    }
}
