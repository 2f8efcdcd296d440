using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.TestKit;
using Akka.TestKit.Xunit;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Retry;
using TrafficFlow.Wire.Topics;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Cameras;

/// <summary>A replay camera with its outbox on a real SQLite journal; the test is the log, the aggregators and the topics.</summary>
public sealed class ReplayCameraActorTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TempFolder _folder;
    private readonly TestProbe _health;
    private readonly Dictionary<LogPosition, OutboxEntry> _delivered = [];
    private readonly IActorRef _approaches;

    public ReplayCameraActorTests() : this(new TempFolder())
    {
    }

    private ReplayCameraActorTests(TempFolder folder) : base(TestConfig.Sqlite(folder.File("journal.db")))
    {
        _folder = folder;
        _health = CreateTestProbe();
        _approaches = Sys.ActorOf(Props.Create(() => new Approaches(_delivered)));
    }

    [Fact]
    public async Task A_log_with_an_end_is_played_to_it_and_the_camera_is_finished()
    {
        var report = await Start(new TestLogs(2000, 5000)).Ask<DeliveryReport>(AwaitDelivery.Instance, Patience);

        Assert.Equal((CameraState.Finished, 2000), (report.Cameras[0].State, report.Cameras[0].Frames));
        AssertDelivered(2000);
    }

    [Fact]
    public async Task Stopped_and_killed_in_the_middle_it_gives_exactly_its_log_once()
    {
        var logs = new TestLogs(3000, 1500);
        var cameras = Start(logs);
        await Until(() => Delivered > 100);
        await cameras.GracefulStop(Patience, StopCameras.Instance);
        var stopped = Delivered;
        Assert.InRange(stopped, 100, 2900);

        cameras = Start(logs);
        await Until(() => Delivered > stopped + 100);
        await Kill(cameras);
        Assert.InRange(Delivered, stopped + 100, 2900);

        await Start(logs).Ask<DeliveryReport>(AwaitDelivery.Instance, Patience);
        AssertDelivered(3000);
    }

    [Fact]
    public async Task A_new_life_goes_on_at_its_speed_where_the_last_one_was()
    {
        var cameras = Start(new TestLogs(1_000_000, 500));
        await Until(() => Delivered > 500);
        await cameras.GracefulStop(Patience, StopCameras.Instance);
        var stopped = Delivered;

        // An entry each second of event time: at speed 5 the next one is due in 0.2 s and not before, however long the pause was.
        var began = TimeProvider.System.GetTimestamp();
        Start(new TestLogs(1_000_000, 5));
        await Until(() => Delivered >= stopped + 5);
        Assert.InRange(Delivered, stopped + 5, stopped + 5 + TimeProvider.System.GetElapsedTime(began).TotalSeconds * 5);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 0.99, double.MaxValue);
    }

    [Fact]
    public async Task An_outbox_that_dies_is_started_again_and_the_log_goes_on()
    {
        var cameras = Start(new TestLogs(2000, 1000));
        await Until(() => Delivered > 100);
        Sys.ActorSelection(cameras.Path / "cam1" / "outbox").Tell(PoisonPill.Instance);

        await cameras.Ask<DeliveryReport>(AwaitDelivery.Instance, Patience);
        AssertDelivered(2000);
    }

    [Fact]
    public async Task A_log_that_cannot_be_made_fails_the_camera_with_what_to_do()
    {
        var report = await Start(new TestLogs(1, 1) { Refusal = "a.csv:3: mend it" }).Ask<DeliveryReport>(AwaitDelivery.Instance, Patience);

        Assert.Equal((CameraState.Failed, "a.csv:3: mend it"), (report.Cameras[0].State, report.Cameras[0].Reason));
    }

    [Fact]
    public async Task It_answers_and_reports_its_health_as_any_camera()
    {
        var cameras = Start(new TestLogs(100_000, 100));

        _health.FishForMessage<Publish>(p => p.Message is CameraStatus { State: CameraState.Streaming }, Patience);
        await Until(() => Delivered > 20);
        var status = await cameras.Ask<CameraStatus>(new GetCameraStatus(Cam1), Patience);
        Assert.Equal((CameraState.Streaming, 1), (status.State, status.Epoch));
        Assert.True(status.LastFrame > TestSites.Morning);
    }

    [Fact]
    public async Task It_has_no_scene_to_accept_and_says_so()
    {
        var none = await Start(new TestLogs(100_000, 100)).Ask<NoScene>(new AcceptScene(Cam1), Patience);

        Assert.Equal((Cam1, "it replays known vehicles without a picture"), (none.Camera, none.Reason));
    }

    private int Delivered
    {
        get
        {
            lock (_delivered) return _delivered.Count;
        }
    }

    /// <summary>Entry by entry what the log says, in one epoch.</summary>
    private void AssertDelivered(long length)
    {
        var expected = new TestLog(Cam1, length, 1).From(1).Select(e =>
            e.Vehicle is { } vehicle ? (OutboxEntry)new VehicleEntry(e.Sequence, vehicle) : new CoverageEntry(e.Sequence, e.Coverage!));
        lock (_delivered)
        {
            Assert.Equal(expected, _delivered.OrderBy(d => d.Key).Select(d => d.Value));
            Assert.All(_delivered.Keys, k => Assert.Equal(1, k.Epoch));
        }
    }

    private IActorRef Start(TestLogs logs)
    {
        var site = TestSites.Site(TestSites.Camera("cam1", "replay:test"));
        var quick = new BackOffSettings(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(50), 0, TimeSpan.FromSeconds(60));
        var policy = new CameraPolicy { OutboxRestart = quick, ProgressInterval = TimeSpan.Zero, StoreRetry = TimeSpan.FromSeconds(1) };
        return Sys.ActorOf(
            CamerasActor.Props(() => [site], (_, camera) => new CameraSettings(
                site, camera, new TestReaders(), new CarEachThreeSeconds(), policy, new OutboxSettings(), _approaches,
                new TopicPublisher(_health), TimeProvider.System, logs)),
            "cameras");
    }

    private async Task Kill(IActorRef cameras)
    {
        Watch(cameras);
        Sys.Stop(cameras);
        await ExpectTerminatedAsync(cameras, Patience);
    }

    private Task Until(Func<bool> condition) => AwaitConditionAsync(() => Task.FromResult(condition()), Patience, TimeSpan.FromMilliseconds(5));

    protected override void AfterAll()
    {
        base.AfterAll();
        _folder.Dispose();
    }

    /// <summary>Accepts everything; an entry that comes twice must be the same.</summary>
    private sealed class Approaches : ReceiveActor
    {
        public Approaches(Dictionary<LogPosition, OutboxEntry> delivered)
        {
            Receive<DeliveryBatch>(b =>
            {
                lock (delivered)
                    foreach (var entry in b.Entries)
                    {
                        var position = new LogPosition(b.Epoch, entry.Sequence);
                        Assert.Equal(delivered.GetValueOrDefault(position, entry), entry);
                        delivered[position] = entry;
                    }

                Sender.Tell(new Accepted(b.Camera, b.Approach, b.Epoch, b.UpToSequence));
            });
            Receive<CloseOpenBins>(c => Sender.Tell(new OpenBinsClosed(c.Site, c.Approach)));
        }
    }
}
