using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.Remote.Transport;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Server;
using TrafficFlow.Server.Health;
using TrafficFlow.Server.Membership;
using TrafficFlow.Server.Topics;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Health;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Routing;
using TrafficFlow.Wire.Tls;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Actors.Tests.Hosting;

/// <summary>A node without peers is a whole cluster that nobody can connect to.</summary>
public sealed class PeerlessNodeTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Its_approaches_its_health_board_and_its_topics_work_and_no_port_is_open()
    {
        var port = FreePort();
        var site = TestSites.Site(TestSites.Camera("cam1"));
        var journal = new SqliteJournal(_folder.File("journal.db")) { MinFreeBytes = 0 };
        var bins = new SubscriptionBuffer(10);
        await using var node = await TestNode.Start(builder => builder
            .WithTrafficFlowCluster(ClusterMembership.Alone(TrafficFlowRoles.Server) with { Port = port })
            .WithTrafficFlowJournal(journal)
            .WithFlowTables(journal)
            .WithApproachAggregators(site)
            .WithHealthBoard(isServer: true)
            .WithSubscription(bins, new AddTopic("flow.kokandori.north.live")));
        using var patience = new CancellationTokenSource(Patience);

        var status = await node.Registry.Get<ApproachRegion>().Ask<ApproachStatus>(new GetApproachStatus(TestSites.Kokandori, TestSites.North), Patience);
        var health = await new HealthQuery(node.Registry.Get<HealthBoardProxy>(), Patience).ReadAsync(null, patience.Token);
        var open = Assert.IsType<FlowBinsOpen>((await bins.ReadAsync(patience.Token))!.Value.Message);

        Assert.Equal((TestSites.North, TestSites.North), (status.Approach, open.Approach));
        Assert.NotNull(health);
        Assert.Equal($"akka.tcp://trafficflow@127.0.0.1:{port}", Cluster.Get(node.System).SelfAddress.ToString());
        using var same = new TcpListener(IPAddress.Loopback, port) { ExclusiveAddressUse = true };
        same.Start();
    }

    [Fact]
    public async Task It_keeps_its_name_over_a_restart_though_no_port_is_set()
    {
        await using var node = await TestNode.Start(builder => builder.WithTrafficFlowCluster(ClusterMembership.Alone(TrafficFlowRoles.Server)));

        Assert.Equal("akka.tcp://trafficflow@127.0.0.1:4053", Cluster.Get(node.System).SelfAddress.ToString());
    }

    [Fact]
    public async Task It_reaches_nobody_and_says_why()
    {
        await using var node = await TestNode.Start(builder => builder.WithTrafficFlowCluster(ClusterMembership.Alone(TrafficFlowRoles.Server)));
        var config = ConfigurationFactory.ParseString("hostname = 127.0.0.1, port = 0, maximum-frame-size = 128000b");

        var refused = await Assert.ThrowsAsync<InvalidAssociationException>(
            () => new PeerlessTransport(node.System, config).Associate(Address.Parse("akka.tcp://trafficflow@127.0.0.1:4054")));

        Assert.Contains("this node has no peers", refused.Message);
    }

    [Fact]
    public void Seeds_without_certificates_are_refused_on_the_loopback_too() => Assert.Contains(
        "a node with peers needs certificates",
        Assert.Throws<ArgumentException>(() => new ClusterMembership("127.0.0.1", 0, [TrafficFlowRoles.Roadside], ["akka.tcp://trafficflow@127.0.0.1:4053"])).Message);

    private static int FreePort()
    {
        using var any = new TcpListener(IPAddress.Loopback, 0);
        any.Start();
        return ((IPEndPoint)any.LocalEndpoint).Port;
    }

    public void Dispose() => _folder.Dispose();
}
