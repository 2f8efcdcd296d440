using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Vision.Recording;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Retry;
using TrafficFlow.Wire.Topics;
using Xunit;

namespace TrafficFlow.SystemTests.Segments;

/// <summary>A camera with its actors, a real encoder and a store that behaves as a bad disk does: its frames are counted as if nothing were recorded.</summary>
public sealed class RecordedCountingTests() : TestKit(s_config)
{
    private static readonly Config s_config = ConfigurationFactory.ParseString(
        "akka.loglevel = WARNING, akka.log-dead-letters = off").WithFallback(ActorsSettings.Reference);

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly FrameFormat s_format = new(320, 180, 20);
    private readonly RecordedCamera _camera = new(s_format);

    [Fact]
    public async Task A_store_that_stands_still_for_seconds_costs_pictures_and_no_count()
    {
        using var disk = new ManualResetEventSlim(false);
        var cameras = Start();
        await Until(cameras, s => s.Recording is { State: RecordingState.Recording });
        await Until(cameras, s => s.Frames > 60);
        _camera.Store.Writing = _ => disk.Wait();

        var troubled = await Until(cameras, s => s.Recording is { State: RecordingState.Troubled });
        Assert.StartsWith("the store of recordings has taken nothing for", troubled.Recording!.Reason);
        // As fast as the camera gives them, for as long as the store stands.
        var (before, since) = ((await Status(cameras)).Frames, Stopwatch.StartNew());
        await Until(cameras, s => s.Recording!.Lost > 60);
        var rate = ((await Status(cameras)).Frames - before) / since.Elapsed.TotalSeconds;
        Assert.InRange(rate, 0.8 * s_format.FramesPerSecond, 1.3 * s_format.FramesPerSecond);
        disk.Set();

        var again = await Until(cameras, s => s.Recording is { State: RecordingState.Recording, Segments: >= 1 });
        Assert.Equal(CameraState.Streaming, again.State);
        Assert.Equal((0, 0L, ""), (again.Reconnects, again.Dropped, again.Reason));
        await StopAsync(cameras);
        Assert.Equal(0, _camera.Pool.Rented);
        // Each piece is whole.
        foreach (var segment in _camera.Store.Segments)
        {
            Assert.NotNull(segment.End);
            Assert.Equal(segment.End.Frames, (await RecordedCamera.DecodeAsync(segment)).Count);
        }
    }

    [Fact]
    public async Task A_store_that_never_returns_holds_neither_counts_nor_the_stop_of_its_camera()
    {
        using var disk = new ManualResetEventSlim(false);
        _camera.Store.Writing = _ => disk.Wait();
        var cameras = Start();
        await Until(cameras, s => s.Recording is { State: RecordingState.Troubled } && s.Frames > 100);
        var since = Stopwatch.StartNew();

        await StopAsync(cameras);

        Assert.True(since.Elapsed < TimeSpan.FromSeconds(10), $"the stop took {since.Elapsed}");
        Assert.Equal(0, _camera.Pool.Rented);
        disk.Set();
    }

    [Fact]
    public async Task A_store_without_a_key_is_told_by_the_camera_and_tried_again()
    {
        _camera.Store.Problem = "the vault is locked: unlock it with trafficflow vault unlock";
        var cameras = Start();

        var troubled = await Until(cameras, s => s.Recording is { State: RecordingState.Troubled });
        Assert.Equal(_camera.Store.Problem, troubled.Recording!.Reason);
        _camera.Store.Problem = null;
        await Until(cameras, s => s.Recording is { State: RecordingState.Recording });

        await StopAsync(cameras);
        Assert.True(_camera.Store.Segments.All(s => s.End is not null) && _camera.Store.Segments.Count > 0);
        Assert.Equal(0, _camera.Pool.Rented);
    }

    private IActorRef Start()
    {
        var site = new Site(new SiteId("kokandori"), "", TimeZoneInfo.Utc, [], [_camera.Camera], "0123456789abcdef");
        var quick = new BackOffSettings(TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(0.5), 0, TimeSpan.FromSeconds(60));
        var policy = new CameraPolicy { ProgressInterval = TimeSpan.Zero, RecorderRestart = quick, FlushTimeout = TimeSpan.FromSeconds(0.2) };
        var recorders = _camera.Factory(new RecorderLimits { Told = TimeSpan.FromSeconds(0.5), Check = TimeSpan.FromSeconds(0.1) });
        return Sys.ActorOf(
            CamerasActor.Props(() => [site], (_, camera) => new CameraSettings(
                site, camera, new PacedReaders(_camera.Pool), new OneCar(), policy, new OutboxSettings(), ActorRefs.Nobody, new TopicPublisher(ActorRefs.Nobody), TimeProvider.System)
            { Recorders = recorders, Recording = () => RecordedCamera.Always }),
            "cameras");
    }

    private async Task StopAsync(IActorRef cameras)
    {
        cameras.Tell(StopCameras.Instance, TestActor);
        await ExpectMsgAsync<CamerasStopped>(s_patience);
        // What the reader had under way.
        await AwaitConditionAsync(() => Task.FromResult(_camera.Pool.Rented == 0), s_patience, TimeSpan.FromMilliseconds(20));
    }

    private async Task<CameraStatus> Until(IActorRef cameras, Predicate<CameraStatus> wanted)
    {
        CameraStatus? last = null;
        await AwaitConditionAsync(async () => wanted(last = await Status(cameras)), s_patience, TimeSpan.FromMilliseconds(50));
        return last!;
    }

    private static Task<CameraStatus> Status(IActorRef cameras) => cameras.Ask<CameraStatus>(new GetCameraStatus(new CameraId("cam1")), s_patience);

    private sealed class PacedReaders(FramePool pool) : IFrameReaderFactory
    {
        public ValueTask<IFrameReader> OpenAsync(CameraSetup camera, CancellationToken cancellation) => new(new PacedReader(pool));
    }

    /// <summary>A camera of its rate by the clock; what is not taken in time is dropped.</summary>
    private sealed class PacedReader(FramePool pool) : IFrameReader
    {
        private readonly PeriodicTimer _pace = new(TimeSpan.FromSeconds(1 / s_format.FramesPerSecond));
        private readonly Stopwatch _since = Stopwatch.StartNew();
        private long _given;

        public bool IsLive => true;

        public long Dropped => 0;

        public long? ExpectedFrames => null;

        public async ValueTask<AnonymizedFrame?> ReadAsync(CancellationToken cancellation)
        {
            if (!await _pace.WaitForNextTickAsync(cancellation)) return null;
            using var captured = new CapturedFrame(pool, s_format.Width, s_format.Height) { Index = _given++, EventTime = RecordedCamera.Morning + _since.Elapsed };
            // A film of an even picture would fit into the pipes.
            Random.Shared.NextBytes(captured.Buffer);
            return captured.IntoAnonymized();
        }

        public ValueTask DisposeAsync()
        {
            _pace.Dispose();
            return default;
        }
    }

    private sealed class OneCar : IVehicleDetectorFactory, IVehicleDetector
    {
        public DetectorIdentity Identity => RecordedCamera.Detector;

        public IVehicleDetector Create(CameraSetup camera) => this;

        public void Detect(AnonymizedFrame frame, List<Detection> detections)
        {
            detections.Clear();
            detections.Add(RecordedCamera.Car((int)frame.Index));
        }

        public void Dispose()
        {
        }
    }
}
