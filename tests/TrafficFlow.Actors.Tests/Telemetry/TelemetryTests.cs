using Akka.Actor;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Server;
using TrafficFlow.Server.Aggregation;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Server.Membership;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Health;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Membership;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Telemetry;

public sealed class TelemetryTests : IDisposable
{
    private const string Name = "measured";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Site Site = TestSites.Site(TestSites.Camera("measured-cam", "test.mp4")) with { Id = new SiteId(Name) };
    private readonly Listener _listener = new(Name);
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task A_run_moves_the_instruments_from_the_frame_to_the_read_table()
    {
        var readers = new TestReaders();
        readers.File().Frames(TestSites.Morning, 700).End();
        await using var node = await Start(readers, new CarEachThreeSeconds());
        await node.Registry.Get<CamerasActor>().Ask<DeliveryReport>(AwaitDelivery.Instance, Patience);
        // The end of the run closes all bins of its hour, and they are published once they are in the read tables.
        await UntilAsync(() => _listener.Values("trafficflow.bin.closed").Sum() >= 60 + 12 + 4 + 1);

        Assert.Equal(700, _listener.Values("trafficflow.camera.frame.processed", "measured-cam").Sum());
        Assert.Equal(700, _listener.Values("trafficflow.detector.inference.duration", "measured-cam").Count());
        Assert.Equal(0, _listener.Values("trafficflow.outbox.pending", "measured-cam").Last());
        Assert.NotEmpty(_listener.Values("trafficflow.outbox.delivery.duration"));
        Assert.NotEmpty(_listener.Values("trafficflow.approach.watermark.lag"));
        Assert.Equal(60 + 12 + 4 + 1, _listener.Values("trafficflow.bin.closed").Sum());
        Assert.NotEmpty(_listener.Values("trafficflow.table.write.duration"));
        Assert.Equal(0, _listener.Values("trafficflow.table.write.waiting").Last());
        Assert.Equal(_listener.Values("trafficflow.outbox.delivery.acknowledged").Sum(), _listener.Values("trafficflow.outbox.delivery.sent").Sum());
        Assert.Equal(0, _listener.Values("trafficflow.outbox.delivery.wait", "measured-cam").Last());
        Assert.True(_listener.Values("trafficflow.approach.vehicle.counted").Sum() > 10);
        Assert.All(_listener.Values("trafficflow.quarantine.held"), held => Assert.Equal(0, held));
        // Names as OpenTelemetry wants them.
        Assert.All(_listener.Measured, m => Assert.Matches("^trafficflow(\\.[a-z]+)+$", m.Name));
        Assert.All(_listener.Measured.SelectMany(m => m.Tags.Keys), k => Assert.Matches("^[a-z]+(\\.[a-z]+)+$", k));
    }

    [Fact]
    public async Task A_source_that_gives_more_than_is_taken_and_a_detector_that_chokes_are_counted()
    {
        var readers = new TestReaders();
        var first = readers.Live();
        first.Dropped = 7;
        first.Frames(TestSites.Morning, 100);
        await using var node = await Start(readers, new CarEachThreeSeconds { Fails = frame => frame.Index == 50 });

        await UntilAsync(() => _listener.Values("trafficflow.camera.frame.dropped", "measured-cam").Any() && Restarts("detector").Any());

        Assert.Equal(7, _listener.Values("trafficflow.camera.frame.dropped", "measured-cam").Sum());
    }

    [Fact]
    public void Revisions_are_told_from_first_closings()
    {
        var setup = ApproachSetup.Of(Site).First();
        var bin = new FlowBin(new BinKey(Site.Id, setup.Approach, BinDuration.OneMinute, At(0)), At(60), TimeSpan.FromSeconds(60), BinQuality.Complete, 2, [], []);

        AggregationTelemetry.Published(setup, bin);

        Assert.Equal([1], _listener.Values("trafficflow.bin.revised"));
        Assert.Empty(_listener.Values("trafficflow.bin.closed"));
    }

    [Fact]
    public void A_measured_clock_offset_is_told_in_seconds()
    {
        var report = new NodeReport("akka.tcp://trafficflow@a:1", [], "", At(0), TimeSpan.FromMilliseconds(-1234), [new DiskReport("/measured", 5, 9)], [], []);

        HealthTelemetry.Clock(report);
        HealthTelemetry.Disks(report);

        Assert.Contains(-1.234, _listener.Values("trafficflow.clock.offset"));
        Assert.Contains(5, _listener.Values("trafficflow.disk.free"));
    }

    private static async Task UntilAsync(Func<bool> reached)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!reached()) await pace.WaitForNextTickAsync(patience.Token);
    }

    private IEnumerable<double> Restarts(string actor) =>
        _listener.Measured.Where(m => m.Name == "trafficflow.actor.restart" && Equals(m.Tags["trafficflow.actor"], actor)).Select(m => m.Value);

    private Task<TestNode> Start(IFrameReaderFactory readers, CarEachThreeSeconds detectors)
    {
        var journal = new SqliteJournal(_folder.File("journal.db")) { MinFreeBytes = 0 };
        return TestNode.Start(builder => builder
            .WithTrafficFlowCluster(ClusterMembership.Alone(TrafficFlowRoles.Roadside, TrafficFlowRoles.Server))
            .WithTrafficFlowJournal(journal)
            .WithFlowTables(journal)
            .WithApproachAggregators(Site)
            .WithCameras(new CamerasSetup(() => [Site], readers, detectors) { Policy = new CameraPolicy { ProgressInterval = TimeSpan.Zero } }));
    }

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }
}
