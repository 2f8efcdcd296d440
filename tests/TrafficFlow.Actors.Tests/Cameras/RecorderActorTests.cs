using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using Akka.TestKit;
using Akka.TestKit.Xunit;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Retry;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Actors.Tests.Cameras;

/// <summary>The recorder of a camera beside its detector, with recorders that the test plays.</summary>
public sealed class RecorderActorTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly CameraId Cam1 = new("cam1");
    private static readonly RecordingSettings Always = new(new RecordingPlan(RecordingMode.On, TimeZoneInfo.Utc));
    private readonly TestReaders _readers = new();
    private readonly ManualTime _time = new(TestSites.Morning);
    private CameraPolicy _policy = new()
    {
        ProgressInterval = TimeSpan.Zero,
        RecorderRestart = new BackOffSettings(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(50), 0, TimeSpan.FromSeconds(60)),
        StopTimeout = TimeSpan.FromSeconds(1),
        FlushTimeout = TimeSpan.FromMilliseconds(200),
    };

    private TestReader? _reader;
    private Site _site = TestSites.Site(TestSites.Camera("cam1"));
    private RecordingSettings _settings = Always;

    public RecorderActorTests() : base(TestConfig.InMemory)
    {
    }

    [Fact]
    public async Task Every_frame_is_shown_to_the_recorder_and_its_camera_tells_what_it_does()
    {
        var recorders = new TestRecorders { Making = (r, _) => r.Progress = new RecorderProgress(true, 2, 90, 3, "") };
        var cameras = Start(recorders);
        await Until(() => recorders.Made.Count == 1);
        await UntilShown(recorders);

        Assert.Equal(new RecordingHealth(RecordingState.Recording, "", 2, 90, 3), await Recording(cameras, r => r.State == RecordingState.Recording));
        Assert.Equal((CarEachThreeSeconds.Identity, "0123456789abcdef"), (recorders.Made[0].Detector, recorders.Made[0].Order.SiteHash));
    }

    [Fact]
    public async Task Where_the_site_file_asks_for_nothing_no_recorder_is_made()
    {
        _settings = RecordingSettings.Off;
        var recorders = new TestRecorders();
        var reader = _readers.Live().Frames(TestSites.Morning, 50);
        var cameras = Start(recorders, reader);

        await Until(async () => (await Status(cameras)).Frames == 50);

        Assert.Equal(new RecordingHealth(RecordingState.Off, "it is off in the site file", 0, 0, 0), await Recording(cameras, r => r.Reason.Length > 0));
        Assert.Empty(recorders.Made);
    }

    [Fact]
    public async Task A_camera_without_recorders_says_nothing_of_them()
    {
        var cameras = Start(null, _readers.Live().Frames(TestSites.Morning, 5));

        await Until(async () => (await Status(cameras)).Frames == 5);

        Assert.Null((await Status(cameras)).Recording);
    }

    [Fact]
    public async Task A_recorder_that_fails_is_told_once_made_anew_and_counts_go_on()
    {
        const string Full = "the disk of the recordings is full: give it space";
        var recorders = new TestRecorders
        {
            Making = (r, number) =>
            {
                r.Progress = new RecorderProgress(false, 1, 10, 5, "");
                if (number <= 3) r.Fail(Full);
            },
        };
        var reader = _readers.Live();
        await EventFilter.Warning(contains: Full).ExpectOneAsync(Patience, async () =>
        {
            var cameras = Start(recorders, reader);
            Assert.Equal(Full, (await Recording(cameras, r => r.State == RecordingState.Troubled)).Reason);
            reader.Frames(TestSites.Morning, 200);
            await Until(() => recorders.Made.Count == 4);
            // What the three before lost is not forgotten.
            await Recording(cameras, r => r is { Segments: 4, Frames: 40, Lost: 20 });
            Assert.All(recorders.Made.Take(3), r => Assert.True(r.IsDisposed));
            await Until(async () => (await Status(cameras)).Frames == 200);
            // The last one has stored a segment.
            recorders.Made[3].Progress = new RecorderProgress(true, 2, 40, 5, "");
            Assert.Equal("", (await Recording(cameras, r => r.State == RecordingState.Recording)).Reason);
        });
    }

    [Fact]
    public async Task A_recorder_that_fails_goes_on_to_be_shown_frames_so_that_what_is_lost_is_counted()
    {
        _policy = _policy with { RecorderRestart = new BackOffSettings(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5), 0, TimeSpan.FromSeconds(60)) };
        var recorders = new TestRecorders();
        var reader = _readers.Live();
        var cameras = Start(recorders, reader);
        await Until(() => recorders.Made.Count == 1);
        recorders.Made[0].Fail("ffmpeg ended with 137");
        await Recording(cameras, r => r.State == RecordingState.Troubled);

        await UntilShown(recorders, reader);
        recorders.Made[0].Progress = new RecorderProgress(false, 0, 0, 7, "");
        Assert.Equal("ffmpeg ended with 137", (await Recording(cameras, r => r.Lost == 7)).Reason);
    }

    [Fact]
    public async Task A_store_that_stands_still_is_trouble_until_it_goes_on()
    {
        var recorders = new TestRecorders { Making = (r, _) => r.Progress = new RecorderProgress(true, 0, 10, 0, "the store of recordings has taken nothing for 4 s") };
        var cameras = Start(recorders);

        Assert.StartsWith("the store of recordings has taken nothing", (await Recording(cameras, r => r.State == RecordingState.Troubled)).Reason);
        recorders.Made[0].Progress = new RecorderProgress(true, 0, 20, 12, "");
        Assert.Equal(12, (await Recording(cameras, r => r.State == RecordingState.Recording)).Lost);
    }

    [Fact]
    public async Task Hours_make_a_recorder_look_on_before_they_begin_and_end_it_afterwards()
    {
        // 08:00 now.
        _settings = new RecordingSettings(new RecordingPlan(RecordingMode.Schedule, TestSites.Tokyo) { Hours = [new RecordingHours(WeekDays.All, 9 * 60, 10 * 60)] });
        var recorders = new TestRecorders();
        var cameras = Start(recorders);

        Assert.Equal("outside of its hours, which begin at 2026-04-01 09:00 +09:00", (await Recording(cameras, r => r.State == RecordingState.Waiting)).Reason);
        Assert.Empty(recorders.Made);
        _time.Advance(TimeSpan.FromSeconds(3600 - 20));
        await Until(() => recorders.Made.Count == 1);
        _time.Advance(TimeSpan.FromSeconds(3600 + 21));
        recorders.Made[0].Progress = new RecorderProgress(true, 59, 35_990, 0, "");
        await Recording(cameras, r => r.Segments == 59);
        Assert.False(recorders.Made[0].IsAskedToEnd);
        _time.Advance(TimeSpan.FromSeconds(5));
        await Until(() => recorders.Made[0].IsDisposed);
        Assert.True(recorders.Made[0].IsAskedToEnd);
        Assert.Equal("outside of its hours, which begin at 2026-04-02 09:00 +09:00", (await Recording(cameras, r => r.State == RecordingState.Waiting)).Reason);
        Assert.Equal(59, (await Status(cameras)).Recording!.Segments);
    }

    [Fact]
    public async Task A_site_file_that_is_read_again_changes_the_recording_and_restarts_no_camera()
    {
        _settings = RecordingSettings.Off;
        var recorders = new TestRecorders();
        var reader = _readers.Live().Frames(TestSites.Morning, 10);
        var cameras = Start(recorders, reader);
        await Recording(cameras, r => r.State == RecordingState.Off);

        _settings = Always;
        await Until(() => recorders.Made.Count == 1);
        var next = Always with { Quality = 30 };
        _settings = next;
        await Until(() => recorders.Made[0].Order.Settings == next);
        _site = _site with { Hash = "fedcba9876543210" };
        Assert.Empty((await cameras.Ask<SitesApplied>(new ApplySites([_site]), Patience)).Changed);
        await Until(() => recorders.Made[0].Order.SiteHash == "fedcba9876543210");
        _settings = RecordingSettings.Off;
        await Until(() => recorders.Made[0].IsDisposed);

        Assert.Equal((1, 1), (_readers.Opened, recorders.Made.Count));
    }

    [Fact]
    public async Task A_detector_that_starts_again_shows_its_frames_to_the_same_recorder()
    {
        var failed = false;
        var recorders = new TestRecorders();
        _readers.Live().Frames(TestSites.Morning, 60);
        var again = _readers.Live();
        var cameras = Start(recorders, detectors: new CarEachThreeSeconds { Fails = f => f.Index == 50 && !failed && (failed = true) });
        await Until(async () => (await Status(cameras)).Reconnects == 1);

        await UntilShown(recorders, again, from: TestSites.Morning.AddSeconds(20));

        Assert.Single(recorders.Made);
    }

    [Fact]
    public async Task A_camera_that_stops_waits_for_its_last_segment()
    {
        var recorders = new TestRecorders { Making = (r, _) => r.Hangs = true };
        var cameras = Start(recorders);
        await Until(() => recorders.Made.Count == 1);

        Watch(cameras);
        cameras.Tell(StopCameras.Instance);
        await Until(() => recorders.Made[0].IsAskedToEnd);
        ExpectNoMsg(TimeSpan.FromMilliseconds(500));
        recorders.Made[0].Fail("");

        await FishForMessageAsync(m => m is CamerasStopped, Patience);
        ExpectTerminated(cameras, Patience);
    }

    [Fact]
    public async Task A_recorder_that_does_not_end_holds_a_stop_up_for_its_bound_and_is_ended()
    {
        _policy = _policy with { RecorderStopTimeout = TimeSpan.FromSeconds(2) };
        var recorders = new TestRecorders { Making = (r, _) => r.Hangs = true };
        var cameras = Start(recorders);
        await Until(() => recorders.Made.Count == 1);
        var since = Stopwatch.StartNew();

        cameras.Tell(StopCameras.Instance);
        await FishForMessageAsync(m => m is CamerasStopped, Patience);

        Assert.InRange(since.Elapsed, TimeSpan.FromSeconds(1.8), TimeSpan.FromSeconds(8));
        await Until(() => recorders.Made[0].IsDisposed);
    }

    [Fact]
    public async Task A_recorder_that_cannot_be_made_is_tried_again_and_its_camera_goes_on()
    {
        var thrown = false;
        var recorders = new TestRecorders { Making = (_, number) => { if (number == 1 && !thrown) { thrown = true; throw new InvalidOperationException("no memory"); } } };
        var reader = _readers.Live().Frames(TestSites.Morning, 30);
        var cameras = Start(recorders, reader);

        Assert.Equal("no recorder can be made (no memory): look for a lack of memory", (await Recording(cameras, r => r.State == RecordingState.Troubled)).Reason);
        await Until(() => recorders.Made.Count == 2);
        await Until(async () => (await Status(cameras)).Frames == 30);
        await UntilShown(recorders, reader, from: TestSites.Morning.AddSeconds(3));

        Assert.Equal((0, 1), ((await Status(cameras)).Reconnects, _readers.Opened));
    }

    private IActorRef Start(TestRecorders? recorders, TestReader? reader = null, CarEachThreeSeconds? detectors = null)
    {
        _reader = reader ?? (detectors is null ? _readers.Live() : null);
        return Sys.ActorOf(
            CamerasActor.Props(() => [_site], (site, camera) => new CameraSettings(
                site, camera, _readers, detectors ?? new CarEachThreeSeconds(), _policy, new OutboxSettings(), ActorRefs.Nobody, new TopicPublisher(CreateTestProbe()), _time)
            { Recorders = recorders, Recording = () => _settings }),
            "cameras");
    }

    /// <summary>Frames go to the newest recorder from some frame on: it learns of it by a message.</summary>
    private async Task UntilShown(TestRecorders recorders, TestReader? reader = null, DateTimeOffset? from = null)
    {
        var next = from ?? TestSites.Morning;
        reader ??= _reader;
        await Until(() =>
        {
            reader!.Frame(next = next.AddSeconds(0.1));
            return recorders.Made[^1].Frames.Count >= 20;
        });
        var frames = recorders.Made[^1].Frames;
        Assert.Equal(Enumerable.Range((int)frames[0], frames.Count).Select(i => (long)i), frames);
    }

    private async Task<RecordingHealth> Recording(IActorRef cameras, Predicate<RecordingHealth> wanted)
    {
        RecordingHealth? last = null;
        await Until(async () => (last = (await Status(cameras)).Recording) is { } recording && wanted(recording));
        return last!;
    }

    private static Task<CameraStatus> Status(IActorRef cameras) => cameras.Ask<CameraStatus>(new GetCameraStatus(Cam1), Patience);

    private Task Until(Func<bool> condition) => Until(() => Task.FromResult(condition()));

    private Task Until(Func<Task<bool>> condition) => AwaitConditionAsync(condition, Patience, TimeSpan.FromMilliseconds(20));
}
