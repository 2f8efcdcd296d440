using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Roadside.Cameras.Junctions;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Actors.Tests.Cameras;

/// <summary>Two calibrated cameras that see the same carriageway, and the junction that joins what they see.</summary>
public sealed class JunctionActorTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly CameraId Junction = new("junction-kokandori");

    private readonly TestReaders _readers = new();
    private readonly List<(CameraId Camera, OutboxEntry Entry)> _delivered = [];
    private readonly HashSet<string> _hashes = [];
    private readonly IActorRef _approaches;
    private readonly TestProbe _topics;

    public JunctionActorTests() : base(TestConfig.InMemory)
    {
        _topics = CreateTestProbe();
        _approaches = Sys.ActorOf(Akka.Actor.Props.Create(() => new Approaches(_delivered, _hashes)));
    }

    [Fact]
    public async Task A_vehicle_that_two_cameras_see_is_counted_once()
    {
        _readers.File().Frames(TestSites.Morning, 300).End();
        _readers.File().Frames(TestSites.Morning, 300).End();

        var report = await Start("a.mp4", "b.mp4").Ask<DeliveryReport>(AwaitDelivery.Instance, Patience);

        Assert.Equal(["cam1", "cam2", Junction.Value], report.Cameras.Select(c => c.Camera.Value));
        Assert.All(report.Cameras, c => Assert.Equal(CameraState.Finished, c.State));
        Assert.Equal(["10 entering", "10 exiting", "10 to south"], Counts());
        Assert.All(Delivered<VehicleEntry>(), v => Assert.Equal(Junction, v.Camera));
    }

    [Fact]
    public async Task A_vehicle_that_one_camera_sees_is_counted_too()
    {
        _readers.File().Frames(TestSites.Morning, 300).End();
        _readers.Refuse(FrameSourceFailure.NotFound, "no such file");

        var report = await Start("a.mp4", "b.mp4").Ask<DeliveryReport>(AwaitDelivery.Instance, Patience);

        Assert.Equal(CameraState.Finished, report.Cameras.Single(c => c.Camera == Junction).State);
        Assert.Equal(["10 entering", "10 exiting", "10 to south"], Counts());
    }

    [Fact]
    public async Task A_junction_that_starts_again_does_not_wait_for_a_camera_that_has_failed()
    {
        var file = _readers.File();
        _readers.Refuse(FrameSourceFailure.NotFound, "no such file");
        var cameras = Start("a.mp4", "b.mp4");
        await AwaitConditionAsync(
            async () => (await cameras.Ask<CameraStatuses>(GetCameras.Instance, Patience)).Cameras.Any(c => c.State == CameraState.Failed),
            Patience, TimeSpan.FromMilliseconds(20));

        // A junction reads its files again with the journal's log in mind: all of them, from their beginning.
        _readers.File().Frames(TestSites.Morning, 300).End();
        _readers.Refuse(FrameSourceFailure.NotFound, "no such file");
        await cameras.Ask<CameraRestarted>(new RestartCamera(Junction), Patience);
        file.End();

        var report = await cameras.Ask<DeliveryReport>(AwaitDelivery.Instance, Patience);
        Assert.Equal(CameraState.Finished, report.Cameras.Single(c => c.Camera == Junction).State);
        Assert.Equal(["10 entering", "10 exiting", "10 to south"], Counts());
    }

    [Fact]
    public async Task A_junction_none_of_whose_files_can_be_opened_fails_with_the_reason_and_the_run_ends()
    {
        _readers.Refuse(FrameSourceFailure.NotFound, "no such file");
        _readers.Refuse(FrameSourceFailure.NotFound, "no such file");

        var report = await Start("a.mp4", "b.mp4").Ask<DeliveryReport>(AwaitDelivery.Instance, Patience);

        Assert.All(report.Cameras, c => Assert.Equal(CameraState.Failed, c.State));
        Assert.Contains("none of its files (cam1, cam2) gave a frame", report.Cameras.Single(c => c.Camera == Junction).Reason);
    }

    [Fact]
    public async Task A_junction_whose_files_all_failed_begins_anew_when_they_are_read_again()
    {
        _readers.Refuse(FrameSourceFailure.NotFound, "no such file");
        _readers.Refuse(FrameSourceFailure.NotFound, "no such file");
        var cameras = Start("a.mp4", "b.mp4");
        await StateAsync(cameras, Junction, CameraState.Failed);

        _readers.File().Frames(TestSites.Morning, 300).End();
        _readers.File().Frames(TestSites.Morning, 300).End();
        await cameras.Ask<CameraRestarted>(new RestartCamera(new CameraId("cam1")), Patience);

        await StateAsync(cameras, Junction, CameraState.Finished);
        await AwaitConditionAsync(() => Task.FromResult(Counts().Contains("10 to south")), Patience, TimeSpan.FromMilliseconds(20));
    }

    [Fact]
    public async Task A_junction_has_no_scene_to_accept_and_says_whose_there_is()
    {
        var (cameras, _, _) = await StartLiveAsync(2, 2);

        var none = await cameras.Ask<NoScene>(new AcceptScene(Junction), Patience);

        Assert.Contains("cam1, cam2", none.Remedy);
    }

    [Fact]
    public async Task A_live_camera_that_hangs_does_not_hold_up_the_others()
    {
        await StartLiveAsync(300, 15);

        await AwaitConditionAsync(() => Task.FromResult(Counts().Contains("8 to south")), Patience, TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task What_the_junction_counted_says_what_made_it_and_for_how_long_it_watched()
    {
        _readers.File().Frames(TestSites.Morning, 300).End();
        _readers.File().Frames(TestSites.Morning, 300).End();

        await Start("a.mp4", "b.mp4").Ask<DeliveryReport>(AwaitDelivery.Instance, Patience);

        var coverage = Delivered<CoverageEntry>().Where(c => c.Camera == Junction).Select(c => ((CoverageEntry)c.Entry).Coverage).OrderBy(c => c.From).Distinct().ToList();
        Assert.Equal(TestSites.Morning, coverage[0].From);
        Assert.Equal(TestSites.Morning.AddSeconds(30), coverage[^1].To);
        Assert.Equal(coverage.SkipLast(1).Select(c => c.To), coverage.Skip(1).Select(c => c.From));
    }

    [Fact]
    public async Task Each_journey_goes_to_the_outbox_and_not_past_it_and_the_balance_says_what_was_seen()
    {
        _readers.File().Frames(TestSites.Morning, 300).End();
        _readers.File().Frames(TestSites.Morning, 300).End();

        var report = await Start("a.mp4", "b.mp4").Ask<DeliveryReport>(AwaitDelivery.Instance, Patience);

        var journeys = Delivered<JourneyEntry>().Select(j => ((JourneyEntry)j.Entry).Journey).ToList();
        Assert.Equal(10, journeys.Count);
        Assert.All(journeys, journey =>
        {
            Assert.Equal((TestSites.North, TestSites.South), (journey.Approach, journey.Exit));
            Assert.InRange((journey.LeftAt - journey.EnteredAt)!.Value.TotalSeconds, 0.3, 1.5);
        });
        // A server publishes it, once it is in the tables.
        Assert.Empty(_topics.ReceiveWhile(TimeSpan.FromSeconds(1), m => (m as Akka.Cluster.Tools.PublishSubscribe.Publish)?.Message, 1000).OfType<JourneyEnded>());
        Assert.Equal(new JunctionHealth(10, 0, 0, 0, 0, false), report.Cameras.Single(c => c.Camera == Junction).Junction);
        Assert.All(report.Cameras.Where(c => c.Camera != Junction), c => Assert.Null(c.Junction));
    }

    [Fact]
    public async Task A_file_that_is_read_again_counts_nothing_twice_and_the_run_ends()
    {
        _readers.File().Frames(TestSites.Morning, 150);
        _readers.File().Frames(TestSites.Morning, 150);
        var cameras = Start("a.mp4", "b.mp4");
        await AwaitConditionAsync(() => Task.FromResult(Counts().Contains("4 to south")), Patience, TimeSpan.FromMilliseconds(50));

        _readers.File().Frames(TestSites.Morning, 300).End();
        _readers.File().Frames(TestSites.Morning, 300).End();
        Assert.Equal(new CameraId("cam1"), (await cameras.Ask<CameraRestarted>(new RestartCamera(new CameraId("cam1")), Patience)).Camera);

        var report = await cameras.Ask<DeliveryReport>(AwaitDelivery.Instance, Patience);
        Assert.All(report.Cameras, c => Assert.Equal(CameraState.Finished, c.State));
        Assert.Equal(["10 entering", "10 exiting", "10 to south"], Counts());
    }

    [Fact]
    public async Task A_file_that_breaks_off_does_not_keep_the_run_from_ending()
    {
        _readers.File().Frames(TestSites.Morning, 300).End();
        _readers.File().Frames(TestSites.Morning, 100).Fail(FrameSourceFailure.Truncated, "broken");

        var report = await Start("a.mp4", "b.mp4").Ask<DeliveryReport>(AwaitDelivery.Instance, Patience);

        Assert.Equal(CameraState.Finished, report.Cameras.Single(c => c.Camera == Junction).State);
        Assert.Contains(report.Cameras, c => c.State == CameraState.Failed);
        Assert.Equal(["10 entering", "10 exiting", "10 to south"], Counts());
    }

    [Fact]
    public async Task Fusion_that_fails_on_live_cameras_begins_anew_and_holds_nobody_up()
    {
        var (cameras, one, two) = await StartLiveAsync(90, 90);
        await AwaitConditionAsync(() => Task.FromResult(Counts().Contains("2 to south")), Patience, TimeSpan.FromMilliseconds(50));

        Sys.ActorSelection($"/user/cameras/{Junction}").Tell(new ObservationMade(new CameraObservation(new CameraId("cam1"), TestSites.Morning.AddSeconds(100), null!)));
        Sys.ActorSelection($"/user/cameras/{Junction}").Tell(new ObservationMade(new CameraObservation(new CameraId("cam2"), TestSites.Morning.AddSeconds(100), null!)));
        await StateAsync(cameras, Junction, CameraState.BackingOff);
        one.Frames(TestSites.Morning.AddSeconds(9), 300);
        two.Frames(TestSites.Morning.AddSeconds(9), 300);
        await FramesAsync(cameras, new CameraId("cam1"), 390);
        await StateAsync(cameras, Junction, CameraState.Connecting, CameraState.Streaming);

        var before = Counts();
        one.Frames(TestSites.Morning.AddSeconds(60), 150);
        two.Frames(TestSites.Morning.AddSeconds(60), 150);
        await AwaitConditionAsync(() => Task.FromResult(Counts().Any(c => c.EndsWith("to south") && c != before.Single(b => b.EndsWith("to south")))), Patience, TimeSpan.FromMilliseconds(50));
        await StateAsync(cameras, Junction, CameraState.Streaming);
    }

    [Fact]
    public async Task Fusion_that_fails_while_its_junction_stops_does_not_keep_it_from_stopping()
    {
        await StartLiveAsync(90, 90);
        await AwaitConditionAsync(() => Task.FromResult(Counts().Contains("2 to south")), Patience, TimeSpan.FromMilliseconds(50));
        var junction = await Sys.ActorSelection($"/user/cameras/{Junction}").ResolveOne(Patience);

        // The cameras stream on, so that it waits for their last observations.
        var stopped = junction.Ask<CamerasStopped>(StopCameras.Instance, TimeSpan.FromSeconds(20));
        foreach (var camera in (string[])["cam1", "cam2"])
            junction.Tell(new ObservationMade(new CameraObservation(new CameraId(camera), TestSites.Morning.AddSeconds(100), null!)));

        await stopped;
    }

    [Fact]
    public async Task Cameras_whose_site_gives_its_junction_up_count_by_themselves()
    {
        var (cameras, one, two) = await StartLiveAsync(90, 90);
        await AwaitConditionAsync(() => Task.FromResult(Counts().Contains("2 to south")), Patience, TimeSpan.FromMilliseconds(50));

        var used = await cameras.Ask<SitesApplied>(new ApplySites([SiteOf("rtsp://camera/1", "rtsp://camera/2") with { FusesTracks = false, Hash = "alone" }]), Patience);
        Assert.Equal([Junction], used.Removed);
        one.Frames(TestSites.Morning.AddSeconds(9), 400);
        two.Frames(TestSites.Morning.AddSeconds(9), 400);

        await FramesAsync(cameras, new CameraId("cam1"), 490);
        await FramesAsync(cameras, new CameraId("cam2"), 490);
        await AwaitConditionAsync(() => Task.FromResult(Delivered<VehicleEntry>().Select(v => v.Camera).Distinct().Count() == 3), Patience, TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task A_new_configuration_of_the_same_ground_cuts_no_journey()
    {
        // The second car is between the gates.
        var (cameras, one, two) = await StartLiveAsync(43, 43);
        await AwaitConditionAsync(
            async () => (await cameras.Ask<CameraStatuses>(GetCameras.Instance, Patience)).Cameras.Any(c => c.Camera == Junction && c.LastFrame >= TestSites.Morning.AddSeconds(4)),
            Patience, TimeSpan.FromMilliseconds(20));

        await cameras.Ask<SitesApplied>(new ApplySites([SiteOf("rtsp://camera/1", "rtsp://camera/2") with { Hash = "after" }]), Patience);
        one.Frames(TestSites.Morning.AddSeconds(4.3), 257);
        two.Frames(TestSites.Morning.AddSeconds(4.3), 257);

        await AwaitConditionAsync(() => Task.FromResult(Counts().Contains("9 to south")), Patience, TimeSpan.FromMilliseconds(50));
        Assert.DoesNotContain(Counts(), c => c.EndsWith("to unknown"));
        Assert.Equal(["0123456789abcdef", "after"], Hashes());
        var coverage = Delivered<CoverageEntry>().Where(c => c.Camera == Junction).Select(c => ((CoverageEntry)c.Entry).Coverage).OrderBy(c => c.From).Distinct().ToList();
        Assert.Equal(coverage.SkipLast(1).Select(c => c.To), coverage.Skip(1).Select(c => c.From));
    }

    [Fact]
    public async Task A_camera_that_has_no_part_in_the_junction_does_not_change_its_log()
    {
        List<string> logs = [];
        foreach (var overviewFirst in (bool[])[true, false])
        {
            var fusion = Sys.ActorOf(FusionActor.Props(SiteOf("a.mp4", "b.mp4") with { Cameras = [.. SiteOf("a.mp4", "b.mp4").Cameras, TestSites.Camera("cam3") with { Gates = [] }] }, new CameraPolicy(), TimeProvider.System));
            fusion.Tell(new ApplyOutbox(TestActor));
            if (overviewFirst) fusion.Tell(Opened("cam3"));
            foreach (var camera in (string[])["cam1", "cam2"]) fusion.Tell(Opened(camera));
            foreach (var camera in (string[])["cam1", "cam2"]) fusion.Tell(new ObservationMade(new CameraObservation(new CameraId(camera), TestSites.Morning, [])));
            logs.Add(((OpenEpoch)await FishForMessageAsync(m => m is OpenEpoch, Patience)).Run);
        }

        Assert.Equal(logs[0], logs[1]);

        static CameraOpened Opened(string camera) => new(new CameraId(camera), false, $"log of {camera}", CarEachThreeSeconds.Identity);
    }

    [Fact]
    public async Task While_nothing_can_be_stored_no_more_is_kept_and_what_passes_shows_as_missing()
    {
        var policy = new CameraPolicy { MaxUnacknowledged = 10, CoverageInterval = TimeSpan.FromSeconds(1), StoreRetry = Patience };
        var fusion = Sys.ActorOf(FusionActor.Props(SiteOf("rtsp://1", "rtsp://2"), policy, TimeProvider.System));
        fusion.Tell(new ApplyOutbox(TestActor));
        foreach (var camera in (string[])["cam1", "cam2"]) fusion.Tell(new CameraOpened(new CameraId(camera), true, "", CarEachThreeSeconds.Identity));
        See(0, 60);
        var open = (OpenEpoch)await FishForMessageAsync(m => m is OpenEpoch, Patience);
        fusion.Tell(new EpochReady(open.Run, 1, 0));

        var stored = new List<OutboxEntry>();
        await TakeAsync();
        Assert.InRange(stored.Count, 10, 12);
        See(60, 70);
        await TakeAsync();

        var coverage = stored.OfType<CoverageEntry>().Select(c => c.Coverage).ToList();
        var gap = Assert.Single(coverage.SkipLast(1).Zip(coverage.Skip(1), (before, after) => (Before: before, After: after)), c => c.Before.To != c.After.From);
        Assert.InRange((gap.Before.To - TestSites.Morning).TotalSeconds, 9, 12);
        Assert.InRange((gap.After.From - TestSites.Morning).TotalSeconds, 59, 61);

        void See(int from, int to)
        {
            for (var frame = from * 10; frame < to * 10; frame++)
                foreach (var camera in (string[])["cam1", "cam2"]) fusion.Tell(new ObservationMade(new CameraObservation(new CameraId(camera), TestSites.Morning.AddSeconds(frame / 10.0), [])));
        }

        async Task TakeAsync()
        {
            while (await Task.Run(() => ReceiveOne(TimeSpan.FromSeconds(1))) is { } message)
            {
                if (message is not Store store) continue;
                stored.AddRange(store.Entries);
                fusion.Tell(new Stored(store.Epoch, store.Entries[^1].Sequence));
            }
        }
    }

    [Fact]
    public async Task Files_wait_while_nothing_can_be_stored_and_end_all_the_same()
    {
        var policy = new CameraPolicy { MaxUnacknowledged = 10, CoverageInterval = TimeSpan.FromSeconds(1), StoreRetry = Patience };
        var fusion = ChildActorOf(FusionActor.Props(SiteOf("a.mp4", "b.mp4"), policy, TimeProvider.System));
        fusion.Tell(new ApplyOutbox(TestActor));
        string[] cameras = ["cam1", "cam2"];
        foreach (var camera in cameras) fusion.Tell(new CameraOpened(new CameraId(camera), false, camera, CarEachThreeSeconds.Identity));
        for (var frame = 0; frame < 300; frame++)
            foreach (var camera in cameras) fusion.Tell(new ObservationMade(new CameraObservation(new CameraId(camera), TestSites.Morning.AddSeconds(frame / 10.0), [])));
        foreach (var camera in cameras) fusion.Tell(new CameraClosed(new CameraId(camera), IsCutShort: false));

        var open = (OpenEpoch)await FishForMessageAsync(m => m is OpenEpoch, Patience);
        fusion.Tell(new EpochReady(open.Run, 1, 0));
        var (stored, taken, hasEnded) = (0, 0, false);
        while (await Task.Run(() => ReceiveOne(TimeSpan.FromSeconds(1))) is { } message)
        {
            hasEnded |= message is FusionEnded;
            if (message is ObservationProcessed) taken++;
            if (message is not Store store) continue;
            stored += store.Entries.Count;
            fusion.Tell(new Stored(store.Epoch, store.Entries[^1].Sequence));
        }

        Assert.True(hasEnded, "the files have ended");
        Assert.Equal(600, taken);
        Assert.InRange(stored, 29, 31);
    }

    private List<string> Hashes()
    {
        lock (_delivered) return [.. _hashes.Order()];
    }

    private Task StateAsync(IActorRef cameras, CameraId camera, params CameraState[] states) => AwaitConditionAsync(
        async () => (await cameras.Ask<CameraStatuses>(GetCameras.Instance, Patience)).Cameras.Any(c => c.Camera == camera && states.Contains(c.State)), Patience, TimeSpan.FromMilliseconds(10));

    private Task FramesAsync(IActorRef cameras, CameraId camera, long frames) => AwaitConditionAsync(
        async () => (await cameras.Ask<CameraStatuses>(GetCameras.Instance, Patience)).Cameras.Any(c => c.Camera == camera && c.Frames == frames), Patience, TimeSpan.FromMilliseconds(20));

    private static Site SiteOf(params string[] sources) => TestSites.Site([.. sources.Select((source, i) => Camera($"cam{i + 1}", source))]);

    private IActorRef Start(params string[] sources)
    {
        var site = SiteOf(sources);
        Assert.NotNull(site.Junction);
        var policy = new CameraPolicy { ProgressInterval = TimeSpan.Zero };
        return Sys.ActorOf(
            CamerasActor.Props(() => [site], (its, camera) => new CameraSettings(
                its, camera, _readers, new CarEachThreeSeconds(), policy, new OutboxSettings(), _approaches,
                new TopicPublisher(_topics), TimeProvider.System)),
            "cameras");
    }

    /// <summary>
    /// Two live cameras that begin at the same moment, as cameras on one clock do: nothing more is given before both have shown their
    /// first picture. A picture that is much older than what the junction has taken would be a clock that was set back.
    /// </summary>
    private async Task<(IActorRef Cameras, TestReader One, TestReader Two)> StartLiveAsync(int framesOfOne, int framesOfTwo)
    {
        var (one, two) = (_readers.Live().Frame(TestSites.Morning), _readers.Live().Frame(TestSites.Morning));
        var cameras = Start("rtsp://camera/1", "rtsp://camera/2");
        foreach (var camera in (string[])["cam1", "cam2"]) await FramesAsync(cameras, new CameraId(camera), 1);
        one.Frames(TestSites.Morning.AddSeconds(0.1), framesOfOne - 1);
        two.Frames(TestSites.Morning.AddSeconds(0.1), framesOfTwo - 1);
        return (cameras, one, two);
    }

    /// <summary>It looks straight down: a pixel is 0.4 m. Cars drive down through both gates at 8 m/s.</summary>
    internal static CameraSetup Camera(string id, string source) => new(
        new CameraId(id),
        source,
        new FrameFormat(64, 48, 10),
        "motion",
        [],
        [
            new Gate(new GateId("in"), new PicturePoint(0, 0.45), new PicturePoint(1, 0.45), new GateMeaning(GateRole.Enters, TestSites.North)),
            new Gate(new GateId("out"), new PicturePoint(0, 0.65), new PicturePoint(1, 0.65), new GateMeaning(GateRole.Exits, TestSites.South)),
        ],
        [])
    {
        Plane = new GroundPlane(new Homography(25.6, 0, 0, 0, -19.2, 0, 0, 0, 1), 0.1, "map"),
    };

    private List<string> Counts() =>
    [
        .. Delivered<VehicleEntry>().Select(v => ((VehicleEntry)v.Entry).Vehicle.Movement)
            .GroupBy(m => m).OrderBy(g => g.Key).Select(g => $"{g.Count()} {g.Key}"),
    ];

    private List<(CameraId Camera, OutboxEntry Entry)> Delivered<T>()
        where T : OutboxEntry
    {
        lock (_delivered) return [.. _delivered.Where(d => d.Entry is T)];
    }

    /// <summary>Accepts everything, once.</summary>
    private sealed class Approaches : ReceiveActor
    {
        public Approaches(List<(CameraId, OutboxEntry)> delivered, HashSet<string> hashes)
        {
            var counted = new HashSet<(CameraId, ApproachId, long, long)>();
            Receive<DeliveryBatch>(b =>
            {
                lock (delivered)
                {
                    delivered.AddRange(b.Entries.Where(e => counted.Add((b.Camera, b.Approach, b.Epoch, e.Sequence))).Select(e => (b.Camera, e)));
                    hashes.Add(b.Provenance.SiteHash);
                }

                Sender.Tell(new Accepted(b.Camera, b.Approach, b.Epoch, b.UpToSequence));
            });
            Receive<CloseOpenBins>(c => Sender.Tell(new OpenBinsClosed(c.Site, c.Approach)));
        }
    }
}
