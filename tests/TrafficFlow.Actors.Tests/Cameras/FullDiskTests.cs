using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Retry;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Actors.Tests.Cameras;

public sealed class FullDiskTests() : TestKit(ConfigurationFactory.ParseString(
        """
        akka.persistence.journal {
          plugin = "akka.persistence.journal.failing"
          failing {
            class = "TrafficFlow.Actors.Tests.Support.FailingJournal, TrafficFlow.Actors.Tests"
            plugin-dispatcher = "akka.actor.default-dispatcher"
            circuit-breaker { max-failures = 1000, call-timeout = 10s, reset-timeout = 100ms }
          }
        }
        """).WithFallback(TestConfig.InMemory))
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_full_disk_holds_the_camera_back_and_loses_and_doubles_nothing()
    {
        var readers = new TestReaders();
        var reader = readers.Live().Frames(TestSites.Morning, 300);
        var site = TestSites.Site(TestSites.Camera("cam1"));
        var quick = new BackOffSettings(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(100), 0, TimeSpan.FromSeconds(60));
        var policy = new CameraPolicy { OutboxRestart = quick, ProgressInterval = TimeSpan.Zero, MaxUnacknowledged = 5, StoreRetry = TimeSpan.FromMilliseconds(500) };
        var approaches = CreateTestProbe();
        var cameras = Sys.ActorOf(
            CamerasActor.Props(() => [site], (_, camera) => new CameraSettings(
                site, camera, readers, new CarEachThreeSeconds(), policy, new OutboxSettings(), approaches, new TopicPublisher(CreateTestProbe()), TimeProvider.System)),
            "cameras");
        await Until(async () => (await Status(cameras)).Frames == 300);

        FailingJournal.IsFull = true;
        reader.Frames(TestSites.Morning.AddSeconds(30), 600);
        await Until(async () => (await Status(cameras)) is { OutboxReason: var reason } && reason.Contains("disk is full"));
        await Until(async () => (await Status(cameras)).Pending >= 5);
        Assert.True((await Status(cameras)).Frames < 900);

        FailingJournal.IsFull = false;
        await Until(async () => (await Status(cameras)) is { Frames: 900, OutboxReason: "" });
        reader.Fail(TrafficFlow.Core.Frames.FrameSourceFailure.Died, "the end of the test");

        var outbox = Sys.ActorSelection("/user/cameras/cam1/outbox");
        var delivered = new List<OutboxEntry>();
        while (delivered.OfType<VehicleEntry>().Count() < 30)
        {
            var batch = approaches.ExpectMsg<DeliveryBatch>(Patience);
            delivered.AddRange(batch.Entries.Where(e => delivered.Count == 0 || e.Sequence > delivered[^1].Sequence));
            outbox.Tell(new Accepted(batch.Camera, batch.Approach, batch.Epoch, batch.UpToSequence), approaches);
        }

        Assert.Equal(Enumerable.Range(1, delivered.Count).Select(i => (long)i), delivered.Select(e => e.Sequence));
    }

    private static async Task<CameraStatus> Status(IActorRef cameras) =>
        await cameras.Ask<CameraStatus>(new GetCameraStatus(Counts.Cam1), Patience);

    private Task Until(Func<Task<bool>> condition) => AwaitConditionAsync(condition, Patience, TimeSpan.FromMilliseconds(20));

    protected override void AfterAll()
    {
        FailingJournal.IsFull = false;
        base.AfterAll();
    }
}
