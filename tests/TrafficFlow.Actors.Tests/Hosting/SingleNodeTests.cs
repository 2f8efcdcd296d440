using Akka.Actor;
using Akka.Cluster.Sharding;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Server;
using TrafficFlow.Server.Membership;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Routing;

namespace TrafficFlow.Actors.Tests.Hosting;

/// <summary>Everything together as a host wires it: cameras, outboxes, aggregators, SQLite.</summary>
public sealed class SingleNodeTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task A_file_is_counted_to_its_end_and_its_bins_close()
    {
        var readers = new TestReaders();
        readers.File().Frames(TestSites.Morning, 3000).End();
        await using var node = await Start(readers);

        var report = await Delivered(node);

        Assert.True(report.AllDelivered);
        Assert.Equal(CameraState.Finished, Assert.Single(report.Cameras).State);
        var status = await Ask<ApproachStatus>(node, new GetApproachStatus(TestSites.Kokandori, TestSites.North));
        Assert.Equal(3000 / CarEachThreeSeconds.FramesPerCar, status.Total(Movement.Entering));
        var bins = await Ask<FlowBins>(node, new GetFlowBins(
            TestSites.Kokandori, TestSites.North, BinDuration.OneMinute, TestSites.Morning, TestSites.Morning.AddMinutes(5)));
        Assert.Equal(5, bins.Bins.Length);
        Assert.All(bins.Bins, b => Assert.Equal((BinQuality.Complete, 60.0, 20), (b.Quality, b.ObservedSeconds, b.Count(Movement.Entering))));
        Assert.All(bins.Bins, b => Assert.True(b.IsClosed));
        Assert.Equal(0, readers.Pool.Rented);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_read_again_after_a_kill_or_a_stop_counts_nothing_twice(bool kill)
    {
        var first = new TestReaders();
        first.File().Frames(TestSites.Morning, 1500);
        var node = await Start(first);
        await node.Until(async () => (await Ask<ApproachStatus>(node, Status())).Total(Movement.Entering) > 20, Patience);
        if (kill) await node.Kill();
        else await node.Stop();

        var again = new TestReaders();
        again.File().Frames(TestSites.Morning, 3000).End();
        await using var second = await Start(again);
        await Delivered(second);

        Assert.Equal(100, (await Ask<ApproachStatus>(second, Status())).Total(Movement.Entering));
    }

    [Fact]
    public async Task A_stopped_node_has_stored_its_last_coverage()
    {
        var readers = new TestReaders();
        readers.Live().Frames(TestSites.Morning, 77);
        var node = await Start(readers);
        await node.Until(async () => (await Ask<CameraStatuses>(node, GetCameras.Instance, cameras: true)).Cameras is [{ Frames: 77 }], Patience);
        await node.DisposeAsync();

        var none = new TestReaders();
        await using var second = await Start(none);
        await second.Until(async () => (await Ask<ApproachStatus>(second, Status())).Cameras is [{ ObservedSeconds: 7.7 }], Patience);
    }

    [Fact]
    public async Task A_mistyped_approach_is_answered_and_not_remembered()
    {
        await using var node = await Start(new TestReaders());
        var mistyped = new ApproachId("noth");

        var missing = await Ask<ApproachNotFound>(node, new GetBinsAfter(TestSites.Kokandori, mistyped, null, 10));

        Assert.Contains("kokandori/north", missing.Known);
        await node.Until(async () => (await Ask<CurrentShardRegionState>(node, GetShardRegionState.Instance)).Shards.All(s => !s.EntityIds.Contains("kokandori/noth")), Patience);
    }

    private static GetApproachStatus Status() => new(TestSites.Kokandori, TestSites.North);

    private Task<TestNode> Start(TestReaders readers)
    {
        var site = TestSites.Site(TestSites.Camera("cam1", "test.mp4"));
        var policy = new CameraPolicy { ProgressInterval = TimeSpan.Zero };
        return TestNode.Start(builder => builder
            .WithTrafficFlowCluster(ClusterMembership.Alone(TrafficFlowRoles.Roadside, TrafficFlowRoles.Server))
            .WithTrafficFlowJournal(new SqliteJournal(_folder.File("journal.db")) { MinFreeBytes = 0 })
            .WithFlowTables(new SqliteJournal(_folder.File("journal.db")))
            .WithApproachAggregators(site)
            .WithCameras(new CamerasSetup(() => [site], readers, new CarEachThreeSeconds()) { Policy = policy }));
    }

    private static Task<DeliveryReport> Delivered(TestNode node) =>
        node.Registry.Get<CamerasActor>().Ask<DeliveryReport>(AwaitDelivery.Instance, Patience);

    private static Task<T> Ask<T>(TestNode node, object query, bool cameras = false) =>
        (cameras ? node.Registry.Get<CamerasActor>() : node.Registry.Get<ApproachRegion>()).Ask<T>(query, Patience);

    public void Dispose() => _folder.Dispose();
}
