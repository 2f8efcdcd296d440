using Akka.Actor;
using Akka.TestKit.Xunit;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.Topics;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Cameras;

/// <summary>Site files that change under a running node.</summary>
public sealed class ApplySitesTests() : TestKit(TestConfig.Reference)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly Dictionary<CameraId, TestReaders> _readers = new() { [Cam1] = new TestReaders(), [Cam2] = new TestReaders() };
    private readonly List<DeliveryBatch> _delivered = [];

    [Fact]
    public async Task A_camera_that_joins_or_leaves_does_not_touch_the_others()
    {
        var calm = _readers[Cam1].Live().Frames(TestSites.Morning, 10);
        _readers[Cam2].Live().Frames(TestSites.Morning, 10);
        var alone = TestSites.Site(TestSites.Camera("cam1"));
        var both = TestSites.Site(TestSites.Camera("cam1"), TestSites.Camera("cam2")) with { Hash = "both" };
        var cameras = Start(alone);
        await FramesAsync(cameras, Cam1, 10);

        Assert.Equal([Cam2], (await ApplyAsync(cameras, both)).Added);
        await FramesAsync(cameras, Cam2, 10);
        Assert.Equal([Cam2], (await ApplyAsync(cameras, alone)).Removed);
        calm.Frames(TestSites.Morning.AddSeconds(1), 10);
        await FramesAsync(cameras, Cam1, 20);

        Assert.Equal(1, _readers[Cam1].Opened);
        await GoneAsync(cameras, Cam2);
    }

    [Fact]
    public async Task A_changed_camera_starts_anew_and_its_neighbour_goes_on()
    {
        var calm = _readers[Cam1].Live().Frames(TestSites.Morning, 10);
        _readers[Cam2].Live().Frames(TestSites.Morning, 10);
        _readers[Cam2].Live().Frames(TestSites.Morning.AddSeconds(60), 5);
        var cameras = Start(TestSites.Site(TestSites.Camera("cam1"), TestSites.Camera("cam2")));
        await FramesAsync(cameras, Cam1, 10);
        await FramesAsync(cameras, Cam2, 10);

        var used = await ApplyAsync(cameras, TestSites.Site(TestSites.Camera("cam1"), TestSites.Camera("cam2", "rtsp://elsewhere/")) with { Hash = "moved" });

        Assert.Equal([Cam2], used.Changed);
        await FramesAsync(cameras, Cam2, 5);
        calm.Frames(TestSites.Morning.AddSeconds(1), 10);
        await FramesAsync(cameras, Cam1, 20);
        Assert.Equal((1, 2), (_readers[Cam1].Opened, _readers[Cam2].Opened));
    }

    [Fact]
    public async Task What_an_untouched_camera_counts_from_then_on_carries_the_new_hash()
    {
        var calm = _readers[Cam1].Live().Frames(TestSites.Morning, 100);
        var cameras = Start(TestSites.Site(TestSites.Camera("cam1")) with { Hash = "before" });
        await Until(() => Hashes().Contains("before"));

        await ApplyAsync(cameras, TestSites.Site(TestSites.Camera("cam1"), TestSites.Camera("cam2")) with { Hash = "after" });
        calm.Frames(TestSites.Morning.AddSeconds(10), 100);

        await Until(() => Hashes().Contains("after"));
        Assert.Equal(1, _readers[Cam1].Opened);
    }

    [Fact]
    public async Task After_a_failure_of_the_supervisor_the_sites_of_now_are_used_and_not_those_of_the_first_start()
    {
        for (var start = 0; start < 2; start++) _readers[Cam1].Live().Frames(TestSites.Morning.AddSeconds(60 * start), 10);
        _readers[Cam2].Live().Frames(TestSites.Morning, 10);
        var now = TestSites.Site(TestSites.Camera("cam1"), TestSites.Camera("cam2"));
        var settings = SettingsOf();
        var supervisor = Sys.ActorOf(Props.Create(() => new Restarting(CamerasActor.Props(() => new[] { Volatile.Read(ref now) }, settings, null))));
        var cameras = await supervisor.Ask<IActorRef>("cameras", Patience);
        foreach (var camera in (CameraId[])[Cam1, Cam2]) await FramesAsync(cameras, camera, 10);
        Volatile.Write(ref now, TestSites.Site(TestSites.Camera("cam1")));
        await ApplyAsync(cameras, now);

        cameras.Tell(Kill.Instance);

        await Until(() => _readers[Cam1].Opened == 2);
        Assert.IsType<UnknownCamera>(await cameras.Ask<object>(new GetCameraStatus(Cam2), Patience));
        Assert.Equal(1, _readers[Cam2].Opened);
    }

    private List<string> Hashes()
    {
        lock (_delivered) return [.. _delivered.Where(b => b.Camera == Cam1).Select(b => b.Provenance.SiteHash)];
    }

    private IActorRef Start(Site site) => Sys.ActorOf(CamerasActor.Props(() => [site], SettingsOf()), "cameras");

    private Func<Site, CameraSetup, CameraSettings> SettingsOf()
    {
        var policy = new CameraPolicy { ProgressInterval = TimeSpan.Zero, CoverageInterval = TimeSpan.FromSeconds(1) };
        var readers = new ByCamera(_readers);
        var approaches = Sys.ActorOf(Props.Create(() => new Approaches(_delivered)));
        return (s, camera) => new CameraSettings(
            s, camera, readers, new CarEachThreeSeconds(), policy, new OutboxSettings(), approaches, new TopicPublisher(TestActor), TimeProvider.System);
    }

    private static Task<SitesApplied> ApplyAsync(IActorRef cameras, Site site) => cameras.Ask<SitesApplied>(new ApplySites([site]), Patience);

    private Task FramesAsync(IActorRef cameras, CameraId camera, long frames) =>
        Until(async () => await StatusAsync(cameras, camera) is CameraStatus status && status.Frames == frames);

    /// <summary>A camera that is removed still answers while it stops.</summary>
    private Task GoneAsync(IActorRef cameras, CameraId camera) => Until(async () => await StatusAsync(cameras, camera) is UnknownCamera);

    /// <summary>A camera that is just ending may take a question with it.</summary>
    private static async Task<object?> StatusAsync(IActorRef cameras, CameraId camera)
    {
        try
        {
            return await cameras.Ask<object>(new GetCameraStatus(camera), TimeSpan.FromSeconds(1));
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    private Task Until(Func<bool> condition) => Until(() => Task.FromResult(condition()));

    private Task Until(Func<Task<bool>> condition) => AwaitConditionAsync(condition, Patience, TimeSpan.FromMilliseconds(20));

    /// <summary>Its child is restarted whatever happens, as the guardian does with one that throws.</summary>
    private sealed class Restarting : ReceiveActor
    {
        public Restarting(Props child)
        {
            var cameras = Context.ActorOf(child, "cameras");
            Receive<string>(_ => Sender.Tell(cameras));
        }

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(Akka.Actor.Decider.From(Directive.Restart));
    }

    private sealed class ByCamera(IReadOnlyDictionary<CameraId, TestReaders> readers) : IFrameReaderFactory
    {
        public ValueTask<IFrameReader> OpenAsync(CameraSetup camera, CancellationToken cancellation) =>
            readers[camera.Id].OpenAsync(camera, cancellation);
    }

    /// <summary>Accepts everything.</summary>
    private sealed class Approaches : ReceiveActor
    {
        public Approaches(List<DeliveryBatch> delivered) => Receive<DeliveryBatch>(b =>
        {
            lock (delivered) delivered.Add(b);
            Sender.Tell(new Accepted(b.Camera, b.Approach, b.Epoch, b.UpToSequence));
        });
    }
}
