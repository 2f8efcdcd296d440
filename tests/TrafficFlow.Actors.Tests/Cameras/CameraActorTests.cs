using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Event;
using Akka.TestKit;
using Akka.TestKit.Xunit;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Privacy;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Retry;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Actors.Tests.Cameras;

/// <summary>One camera with a source that the test plays; the test is the aggregators and the topics.</summary>
public sealed class CameraActorTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TestReaders _readers = new();
    private readonly TestProbe _health;
    private readonly List<OutboxEntry> _delivered = [];
    private readonly IActorRef _approaches;

    public CameraActorTests() : base(TestConfig.InMemory)
    {
        _health = CreateTestProbe();
        _approaches = Sys.ActorOf(Props.Create(() => new Approaches(_delivered)));
    }

    [Fact]
    public async Task A_live_camera_that_fails_backs_off_with_its_reason_and_comes_back()
    {
        _readers.Live().Frames(TestSites.Morning, 20).Fail(FrameSourceFailure.Silent, "no frame for 5 s");
        var second = _readers.Live();
        var cameras = Start("rtsp://camera/1");

        var backingOff = Health(s => s.State == CameraState.BackingOff);
        Assert.Equal("Silent: no frame for 5 s", backingOff.Reason);
        second.Frames(TestSites.Morning.AddSeconds(30), 20);
        var streaming = Health(s => s.State == CameraState.Streaming && s.Reconnects == 1);
        Assert.Equal("", streaming.Reason);
        await Until(async () => (await Status(cameras)).Frames == 40);
    }

    [Fact]
    public async Task A_live_source_that_sends_nothing_is_connecting_with_the_reason_until_its_first_frame()
    {
        var mute = _readers.Live();
        var cameras = Start("rtsp://camera/1");

        Health(s => s is { State: CameraState.Connecting, Reason: "the source is open, but has sent no picture yet" });
        Assert.Equal(CameraState.Connecting, (await Status(cameras)).State);
        mute.Frames(TestSites.Morning, 1);

        Assert.Equal("", Health(s => s.State == CameraState.Streaming).Reason);
    }

    [Theory]
    [InlineData(FrameSourceFailure.NotFound)]
    [InlineData(FrameSourceFailure.NotAVideo)]
    [InlineData(FrameSourceFailure.Unauthorized)]
    [InlineData(FrameSourceFailure.Unsupported)]
    public void A_live_camera_that_cannot_be_opened_is_tried_again_with_the_reason_visible(FrameSourceFailure failure)
    {
        for (var i = 0; i < 3; i++) _readers.Refuse(failure, "look at the camera");
        _readers.Live().Frames(TestSites.Morning, 1);
        Start("rtsp://camera/1");

        for (var i = 0; i < 3; i++)
            Assert.StartsWith($"{failure}: look at the camera", Health(s => s.State == CameraState.BackingOff && s.Reconnects == i).Reason);
        Health(s => s.State == CameraState.Streaming);
    }

    [Fact]
    public async Task The_gap_of_a_reconnect_is_not_covered()
    {
        _readers.Live().Frames(TestSites.Morning, 30).Fail(FrameSourceFailure.Died, "gone");
        _readers.Live().Frames(TestSites.Morning.AddSeconds(60), 30).Fail(FrameSourceFailure.Died, "gone");
        Start("rtsp://camera/1");

        await Until(() => Task.FromResult(Delivered().OfType<CoverageEntry>().Count() == 2));
        var coverage = Delivered().OfType<CoverageEntry>().Select(c => c.Coverage).ToList();
        Assert.Equal(TestSites.Morning.AddSeconds(3), coverage[0].To);
        Assert.Equal(TestSites.Morning.AddSeconds(60), coverage[1].From);
    }

    [Fact]
    public async Task A_file_ends_finished_and_a_broken_file_ends_failed_with_the_frame_it_reached()
    {
        _readers.File().Frames(TestSites.Morning, 300).End();
        var report = await Start("good.mp4").Ask<DeliveryReport>(AwaitDelivery.Instance, Patience);
        Assert.Equal((CameraState.Finished, 300L), (report.Cameras[0].State, report.Cameras[0].Frames));
        Assert.Equal(10, Delivered().OfType<VehicleEntry>().Count());

        _readers.File().Frames(TestSites.Morning, 45).Fail(FrameSourceFailure.Truncated, "bad.mp4 breaks off at frame 45");
        report = await Start("bad.mp4", "cameras-2").Ask<DeliveryReport>(AwaitDelivery.Instance, Patience);
        Assert.Equal((CameraState.Failed, 45L), (report.Cameras[0].State, report.Cameras[0].Frames));
        Assert.Contains("breaks off at frame 45", report.Cameras[0].Reason);
    }

    [Fact]
    public async Task A_file_that_cannot_be_opened_fails_at_once()
    {
        _readers.Refuse(FrameSourceFailure.NotFound, "no such file: bad.mp4");

        var report = await Start("bad.mp4").Ask<DeliveryReport>(AwaitDelivery.Instance, Patience);

        Assert.Equal((CameraState.Failed, "NotFound: no such file: bad.mp4"), (report.Cameras[0].State, report.Cameras[0].Reason));
    }

    [Fact]
    public async Task A_frame_is_asked_for_once_at_a_time_and_every_frame_is_given_back()
    {
        var reader = _readers.File().Frames(TestSites.Morning, 500).End();
        await Start("good.mp4").Ask<DeliveryReport>(AwaitDelivery.Instance, Patience);

        Assert.Equal(1, reader.MostOutstanding);
        Assert.Equal(0, _readers.Pool.Rented);
        Assert.InRange(_readers.Pool.Made, 1, 4);
        await reader.Disposed.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_detector_that_throws_interrupts_the_camera_and_starts_again()
    {
        var failed = false;
        var detectors = new CarEachThreeSeconds { Fails = f => f.Index == 50 && !failed && (failed = true) };
        _readers.Live().Frames(TestSites.Morning, 60);
        _readers.Live().Frames(TestSites.Morning.AddSeconds(20), 30);
        var cameras = Start("rtsp://camera/1", detectors: detectors);

        Assert.Contains("the model choked", Health(s => s.State == CameraState.BackingOff).Reason);
        await Until(async () => (await Status(cameras)).Frames == 80);
        await Until(() => Task.FromResult(_readers.Pool.Rented == 0));
    }

    [Fact]
    public async Task A_detector_that_cannot_be_made_fails_the_camera_with_what_to_do()
    {
        _readers.Live();
        var cameras = Start("rtsp://camera/1", detectors: new NoModel());

        await Until(async () => (await Status(cameras)).State == CameraState.Failed);
        Assert.Equal("no model file: put one there", (await Status(cameras)).Reason);
    }

    [Fact]
    public async Task A_question_about_an_unknown_camera_is_answered_with_the_known_ones()
    {
        var unknown = await Start("rtsp://camera/1").Ask<UnknownCamera>(new GetCameraStatus(new CameraId("cam9")), Patience);

        Assert.Equal("cam1", Assert.Single(unknown.Known).Value);
    }

    [Fact]
    public async Task A_moved_camera_is_told_until_its_scene_is_accepted_and_its_coverage_is_degraded()
    {
        var moved = new SceneVerdict(SceneState.Moved, 0.02);
        var scenes = new TestScenes(frame => frame.Index >= 40 ? moved : new SceneVerdict(SceneState.InPlace));
        var reader = _readers.Live().Frames(TestSites.Morning, 100);
        var cameras = Start("rtsp://camera/1", scenes: scenes);

        Assert.Contains("the picture lies 2.0 % of its width off", Health(s => s.Scene == SceneState.Moved).SceneReason);
        Assert.Equal(new SceneAccepted(new CameraId("cam1")), await cameras.Ask<object>(new AcceptScene(new CameraId("cam1")), Patience));
        reader.Frames(TestSites.Morning.AddSeconds(10), 100);
        Assert.Equal("", Health(s => s.Scene == SceneState.InPlace).SceneReason);
        await Until(() => Task.FromResult(Delivered().OfType<CoverageEntry>().Count() >= 3));
        var states = Delivered().OfType<CoverageEntry>().Select(c => c.Coverage.State).ToList();
        Assert.Contains(WatchState.Degraded, states);
        Assert.Equal(WatchState.Watching, states[^1]);
    }

    [Fact]
    public async Task Whoever_makes_pictures_of_a_camera_sees_every_frame_with_what_was_detected_in_it()
    {
        var pictures = new TestPictures();
        _readers.Live().Frames(TestSites.Morning, 100);
        Start("rtsp://camera/1", pictures: pictures);

        await Until(() => Task.FromResult(pictures.Observed.Count == 100));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (long)i), pictures.Observed.Select(o => o.Frame));
        Assert.Contains(pictures.Observed, o => o.Detections > 0);
    }

    [Fact]
    public async Task A_scene_is_as_calibrated_again_when_it_is_in_place_and_not_when_nothing_is_known()
    {
        SceneState[] states = [SceneState.Dark, SceneState.Unknown, SceneState.Dark, SceneState.Unknown, SceneState.InPlace];
        var scenes = new TestScenes(frame => new SceneVerdict(states[Math.Min(4, frame.Index / 20)]));
        _readers.Live().Frames(TestSites.Morning, 120);

        Sys.EventStream.SetLogLevel(LogLevel.InfoLevel);
        await EventFilter.Info(contains: "as calibrated again").ExpectOneAsync(Patience, () =>
        {
            Start("rtsp://camera/1", scenes: scenes);
            Health(s => s.Scene == SceneState.InPlace);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void A_reader_that_cannot_be_ended_is_named_and_the_source_is_opened_beside_it()
    {
        var canEnd = new TaskCompletionSource();
        Hanging(canEnd);
        _readers.Live().Frames(TestSites.Morning.AddSeconds(30), 20);
        Start("rtsp://camera/1");

        var beside = Health(s => s.State == CameraState.Streaming && s.Reason.StartsWith("1 earlier reader has not ended", StringComparison.Ordinal));
        Assert.EndsWith("The source is read beside it", beside.Reason);
        canEnd.SetResult();
        Health(s => s is { State: CameraState.Streaming, Reason: "" });
    }

    [Fact]
    public void With_three_readers_that_cannot_be_ended_the_source_is_opened_no_more_until_one_ends()
    {
        TaskCompletionSource[] canEnd = [new(), new(), new()];
        foreach (var one in canEnd) Hanging(one);
        _readers.Live().Frames(TestSites.Morning.AddSeconds(30), 20);
        Start("rtsp://camera/1");

        var given = Health(s => s.State == CameraState.BackingOff && s.Reason.StartsWith("Stuck: 3 earlier readers have not ended", StringComparison.Ordinal));
        Assert.EndsWith("restart the device, the mount or the machine", given.Reason);
        Health(s => s.State == CameraState.BackingOff && s.Reconnects > given.Reconnects);
        Assert.Equal(3, _readers.Opened);
        canEnd[1].SetResult();
        Health(s => s.State == CameraState.Streaming && s.Reason.StartsWith("2 earlier readers have not ended", StringComparison.Ordinal));
        Assert.Equal(4, _readers.Opened);
    }

    [Fact]
    public async Task A_message_that_no_state_of_a_camera_knows_is_seen_to_be_unhandled()
    {
        _readers.Live().Frames(TestSites.Morning, 1);
        Start("rtsp://camera/1");
        Health(s => s.State == CameraState.Streaming);
        Sys.EventStream.Subscribe<UnhandledMessage>(TestActor);

        Sys.ActorSelection("/user/cameras/cam1").Tell("nonsense");
        Sys.ActorSelection("/user/cameras/cam1/reader").Tell("more of it");

        Assert.Equal(["more of it", "nonsense"], new[] { await ExpectMsgAsync<UnhandledMessage>(Patience), await ExpectMsgAsync<UnhandledMessage>(Patience) }.Select(u => (string)u.Message).Order());
    }

    /// <summary>The next source breaks off, and then does not close before it can.</summary>
    private void Hanging(TaskCompletionSource canEnd)
    {
        var reader = _readers.Live();
        reader.CanEnd = canEnd.Task;
        reader.Frames(TestSites.Morning, 5).Fail(FrameSourceFailure.Silent, "no frame for 5 s");
    }

    private IActorRef Start(string source, string name = "cameras", IVehicleDetectorFactory? detectors = null, ISceneWatchFactory? scenes = null, ILivePictureFactory? pictures = null)
    {
        var site = TestSites.Site(TestSites.Camera("cam1", source)) with { Id = new SiteId(name) };
        var quick = new BackOffSettings(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(50), 0, TimeSpan.FromSeconds(60));
        var policy = new CameraPolicy { Reconnect = quick, OutboxRestart = quick, ProgressInterval = TimeSpan.Zero, CloseTimeout = TimeSpan.FromMilliseconds(50) };
        return Sys.ActorOf(
            CamerasActor.Props(() => [site], (_, camera) => new CameraSettings(
                site, camera, _readers, detectors ?? new CarEachThreeSeconds(), policy, new OutboxSettings(), _approaches,
                new TopicPublisher(_health), TimeProvider.System, Scenes: scenes)
            { Pictures = pictures }),
            name);
    }

    private CameraStatus Health(Predicate<CameraStatus> wanted) =>
        (CameraStatus)_health.FishForMessage<Publish>(p => wanted((CameraStatus)p.Message), Patience).Message;

    private static Task<CameraStatus> Status(IActorRef cameras) =>
        cameras.Ask<CameraStatus>(new GetCameraStatus(new CameraId("cam1")), Patience);

    private List<OutboxEntry> Delivered()
    {
        lock (_delivered) return [.. _delivered];
    }

    private Task Until(Func<Task<bool>> condition) =>
        AwaitConditionAsync(condition, Patience, TimeSpan.FromMilliseconds(20));

    private sealed class TestScenes(Func<AnonymizedFrame, SceneVerdict> look) : ISceneWatchFactory, ISceneWatch
    {
        private bool _isAccepted;

        public ISceneWatch Create(CameraSetup camera) => this;

        public SceneVerdict Observe(AnonymizedFrame frame) => _isAccepted ? new SceneVerdict(SceneState.InPlace) : look(frame);

        public void Accept() => _isAccepted = true;

        public void Dispose()
        {
        }
    }

    private sealed class TestPictures : ILivePictureFactory, ILivePicture
    {
        private readonly List<(long Frame, int Detections)> _observed = [];

        public IReadOnlyList<(long Frame, int Detections)> Observed
        {
            get
            {
                lock (_observed) return [.. _observed];
            }
        }

        public ILivePicture Create(CameraSetup camera, DetectorIdentity detector) => this;

        public void Observe(AnonymizedFrame frame, IReadOnlyList<Detection>? detections)
        {
            lock (_observed) _observed.Add((frame.Index, detections!.Count));
        }

        public void Dispose()
        {
        }
    }

    private sealed class NoModel : IVehicleDetectorFactory
    {
        public IVehicleDetector Create(CameraSetup camera) => throw new DetectorException("no model file: put one there");
    }

    /// <summary>Accepts everything.</summary>
    private sealed class Approaches : ReceiveActor
    {
        public Approaches(List<OutboxEntry> delivered)
        {
            Receive<DeliveryBatch>(b =>
            {
                lock (delivered) delivered.AddRange(b.Entries);
                Sender.Tell(new Accepted(b.Camera, b.Approach, b.Epoch, b.UpToSequence));
            });
            Receive<CloseOpenBins>(c =>
                Sender.Tell(new OpenBinsClosed(c.Site, c.Approach)));
        }
    }
}
