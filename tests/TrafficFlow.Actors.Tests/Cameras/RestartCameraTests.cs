using Akka.Actor;
using Akka.TestKit.Xunit;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.Topics;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Cameras;

/// <summary>One of two cameras is restarted.</summary>
public sealed class RestartCameraTests() : TestKit(TestConfig.InMemory)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TestReaders _first = new();
    private readonly TestReaders _second = new();

    [Fact]
    public async Task A_restarted_camera_opens_its_source_again_and_the_other_goes_on()
    {
        var before = _first.Live().Frames(TestSites.Morning, 10);
        _first.Live().Frames(TestSites.Morning.AddSeconds(60), 5);
        var other = _second.Live().Frames(TestSites.Morning, 10);
        var cameras = Start();
        await Until(async () => (await Status(cameras, Cam1)).Frames == 10);
        await Until(async () => (await Status(cameras, Cam2)).Frames == 10);

        Assert.Equal(new CameraRestarted(Cam1), await cameras.Ask<object>(new RestartCamera(Cam1), Patience));

        await before.Disposed.Task.WaitAsync(Patience);
        await Until(async () => (await Status(cameras, Cam1)).Frames == 5);
        other.Frames(TestSites.Morning.AddSeconds(1), 10);
        await Until(async () => (await Status(cameras, Cam2)).Frames == 20);
        Assert.Equal((1, 2), (_second.Opened, _first.Opened));
    }

    [Fact]
    public async Task Two_who_ask_for_the_same_restart_get_one_restart_and_an_answer_each()
    {
        _first.Live().Frames(TestSites.Morning, 1);
        _first.Live().Frames(TestSites.Morning.AddSeconds(60), 1);
        _second.Live();
        var cameras = Start();
        await Until(async () => (await Status(cameras, Cam1)).State == CameraState.Streaming);

        var answers = await Task.WhenAll(
            cameras.Ask<object>(new RestartCamera(Cam1), Patience), cameras.Ask<object>(new RestartCamera(Cam1), Patience));

        Assert.All(answers, a => Assert.Equal(new CameraRestarted(Cam1), a));
        await Until(async () => (await Status(cameras, Cam1)).State == CameraState.Streaming);
        Assert.Equal(2, _first.Opened);
    }

    [Fact]
    public async Task An_unknown_camera_is_answered_with_the_known_ones()
    {
        _first.Live();
        _second.Live();

        var unknown = await Start().Ask<UnknownCamera>(new RestartCamera(new CameraId("cam9")), Patience);

        Assert.Equal([Cam1, Cam2], unknown.Known);
    }

    [Fact]
    public async Task Stopping_all_while_one_restarts_stops_all()
    {
        _first.Live().Frames(TestSites.Morning, 10);
        _second.Live();
        var cameras = Start();
        await Until(async () => (await Status(cameras, Cam1)).Frames == 10);

        cameras.Tell(new RestartCamera(Cam1));

        Assert.True(await cameras.GracefulStop(Patience, StopCameras.Instance));
    }

    private IActorRef Start()
    {
        var site = TestSites.Site(TestSites.Camera("cam1"), TestSites.Camera("cam2"));
        var policy = new CameraPolicy { ProgressInterval = TimeSpan.Zero };
        var readers = new ByCamera(new Dictionary<CameraId, TestReaders> { [Cam1] = _first, [Cam2] = _second });
        var approaches = Sys.ActorOf(Props.Create(() => new Approaches()));
        return Sys.ActorOf(
            CamerasActor.Props(() => [site], (_, camera) => new CameraSettings(
                site, camera, readers, new CarEachThreeSeconds(), policy, new OutboxSettings(), approaches,
                new TopicPublisher(TestActor), TimeProvider.System)),
            "cameras");
    }

    private static Task<CameraStatus> Status(IActorRef cameras, CameraId camera) =>
        cameras.Ask<CameraStatus>(new GetCameraStatus(camera), Patience);

    private Task Until(Func<Task<bool>> condition) => AwaitConditionAsync(condition, Patience, TimeSpan.FromMilliseconds(20));

    private sealed class ByCamera(IReadOnlyDictionary<CameraId, TestReaders> readers) : IFrameReaderFactory
    {
        public ValueTask<IFrameReader> OpenAsync(CameraSetup camera, CancellationToken cancellation) =>
            readers[camera.Id].OpenAsync(camera, cancellation);
    }

    /// <summary>Accepts everything.</summary>
    private sealed class Approaches : ReceiveActor
    {
        public Approaches()
        {
            Receive<DeliveryBatch>(b => Sender.Tell(new Accepted(b.Camera, b.Approach, b.Epoch, b.UpToSequence)));
            Receive<CloseOpenBins>(c => Sender.Tell(new OpenBinsClosed(c.Site, c.Approach)));
        }
    }
}
