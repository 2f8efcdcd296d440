using Akka.Actor;
using Akka.Cluster;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Flow;
using TrafficFlow.Roadside;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Server;
using TrafficFlow.Server.Membership;
using TrafficFlow.Server.Topics;
using TrafficFlow.SystemTests.Security;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Routing;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Actors.Tests.Topics;

/// <summary>A node that counts and one that listens, as two actor systems joined by a real socket with TLS.</summary>
public sealed class TwoNodesTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TempFolder _folder = new();
    private readonly TestCertificates _certificates = new();

    [Fact]
    public async Task A_subscriber_gets_the_bins_that_closed_before_it_came_and_those_that_close_after()
    {
        var site = TestSites.Site(TestSites.Camera("cam1"));
        var readers = new TestReaders();
        var camera = readers.Live().Frames(TestSites.Morning, 700);
        await using var server = await TestNode.Start(builder => builder
            .WithTrafficFlowCluster(new ClusterMembership("127.0.0.1", 0, [TrafficFlowRoles.Roadside, TrafficFlowRoles.Server], [], _certificates.Node("server")))
            .WithTrafficFlowJournal(new SqliteJournal(_folder.File("journal.db")) { MinFreeBytes = 0 })
            .WithFlowTables(new SqliteJournal(_folder.File("journal.db")))
            .WithApproachAggregators(site)
            .WithCameras(new CamerasSetup(() => [site], readers, new CarEachThreeSeconds())
            {
                Policy = new CameraPolicy { CoverageInterval = TimeSpan.FromSeconds(1), HealthInterval = TimeSpan.FromMilliseconds(200) },
            }));
        using var patience = new CancellationTokenSource(Patience);
        await FirstMinuteClosed(server);

        var bins = new SubscriptionBuffer(100);
        var address = Cluster.Get(server.System).SelfAddress.ToString();
        await using var subscriber = await TestNode.Start(builder => builder
            .WithTrafficFlowCluster(new ClusterMembership("127.0.0.1", 0, [TrafficFlowRoles.Subscriber], [address], _certificates.Node("analyst", "subscriber")))
            .WithApproachProxy()
            .WithSubscription(bins, new AddTopic("flow.kokandori.north")));
        var subscription = subscriber.Registry.Get<SubscriptionActor>();

        // What was there before it subscribed.
        var first = Assert.IsType<FlowBinClosed>((await bins.ReadAsync(patience.Token))!.Value.Message).Bin;
        Assert.Equal((TestSites.Morning, 1, 20), (first.Key.Start, first.Key.Duration.Minutes, first.Count(Movement.Entering)));

        // What comes after.
        camera.Frames(TestSites.Morning.AddSeconds(70), 600);
        var second = Assert.IsType<FlowBinClosed>((await bins.ReadAsync(patience.Token))!.Value.Message).Bin;
        Assert.Equal((TestSites.Morning.AddMinutes(1), 1, BinQuality.Complete), (second.Key.Start, second.Key.Duration.Minutes, second.Quality));

        // Topics come and go on the same subscription.
        await subscription.Ask<TopicAdded>(new AddTopic("health.kokandori.cam1"), Patience);
        await subscription.Ask<TopicRemoved>(new RemoveTopic("flow.kokandori.north"), Patience);
        var health = (await bins.ReadAsync(patience.Token))!.Value;
        Assert.Equal(("health.kokandori.cam1", "cam1"), (health.Topic, Assert.IsType<CameraStatus>(health.Message).Camera.Value));
        Assert.Contains("is no topic", (await subscription.Ask<TopicRefused>(new AddTopic("weather.kokandori"), Patience)).Reason);

        // And it can ask.
        var status = await subscriber.Registry.Get<ApproachRegion>()
            .Ask<ApproachStatus>(new GetApproachStatus(TestSites.Kokandori, TestSites.North), Patience);
        Assert.InRange(status.Total(Movement.Entering), 40, 44);
    }

    private static Task FirstMinuteClosed(TestNode server)
    {
        var query = new GetApproachStatus(TestSites.Kokandori, TestSites.North);
        return server.Until(
            async () => (await server.Registry.Get<ApproachRegion>().Ask<ApproachStatus>(query, Patience)).ClosedThrough >= TestSites.Morning.AddMinutes(1), Patience);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _certificates.Dispose();
    }
}
