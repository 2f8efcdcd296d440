using System.Collections.Concurrent;
using System.Diagnostics;
using Akka.Actor;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Server;
using TrafficFlow.Synthetic;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Scene;
using TrafficFlow.Vision.Throttling;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Membership;

namespace TrafficFlow.Benchmarks.Cameras;

/// <summary>The product's own path with live cameras, for a time.</summary>
internal sealed record LiveRun(
    double FramesPerSecond, double DroppedPercent, double CpuPercent, double ReadersPercent, double OthersCpuPercent, double MedianMs, double P99Ms, double InferencesPerSecond)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    public static async Task<LiveRun> MeasureAsync(
        Site site, Func<CameraSetup, IVehicleDetector> detector, ThrottleSettings throttle, string journal, TimeSpan duration, CancellationToken cancellation)
    {
        var readers = new TimedReaders(new FrameReaderFactory(default, FfmpegTimeouts.Default, TimeProvider.System));
        var detectors = new Detectors(detector, throttle);
        var known = new ConcurrentQueue<(CameraId Camera, double DelayMs)>();
        await using var node = await InProcessNode.StartAsync(
            journal,
            builder => builder.WithApproachAggregators(site).WithCameras(new CamerasSetup(() => [site], readers, detectors)
            {
                Policy = new CameraPolicy { ObserveTracks = true },
                Scenes = new SceneWatchFactory(store: null),
            }),
            TrafficFlowRoles.Roadside, TrafficFlowRoles.Server);
        var cameras = node.Registry.Get<CamerasActor>();
        await WaitAsync(cameras, site.Cameras.Count, cancellation);
        await Task.Delay(WarmUp, cancellation);
        readers.Forget();

        var listener = node.System.ActorOf(Props.Create(() => new Listener(known)));
        node.System.EventStream.Subscribe(listener, typeof(TracksObserved));
        var (before, use, inferences, clock) = (await AskAsync(cameras, cancellation), MachineUse.Now(), detectors.Inferences, Stopwatch.StartNew());
        await Task.Delay(duration, cancellation);
        var (after, used, inferred, seconds) = (await AskAsync(cameras, cancellation), MachineUse.Now(), detectors.Inferences, clock.Elapsed.TotalSeconds);
        node.System.EventStream.Unsubscribe(listener);

        if (after.Any(c => c.State != CameraState.Streaming))
            throw new BenchmarkException(BenchmarkException.Failed, $"{after.Count(c => c.State != CameraState.Streaming)} cameras do not stream: {after.First(c => c.State != CameraState.Streaming).Reason}");
        var frames = after.Sum(c => c.Frames) - before.Sum(c => c.Frames);
        var dropped = after.Sum(c => c.Dropped) - before.Sum(c => c.Dropped);
        var own = used.Process + used.Readers - use.Process - use.Readers;
        // A camera's event time stands a constant off this machine's clock: the frame of it that came soonest was not waiting for anything.
        var sorted = known.Select(k => k.DelayMs - readers.SoonestMs(k.Camera)).Order().ToList();
        return new LiveRun(
            frames / seconds,
            100.0 * dropped / Math.Max(1, frames + dropped),
            100 * own.TotalSeconds / seconds,
            100 * (used.Readers - use.Readers).TotalSeconds / seconds,
            100 * (used.Machine - use.Machine - own).TotalSeconds / seconds,
            At(sorted, 0.5),
            At(sorted, 0.99),
            (inferred - inferences) / seconds);
    }

    private static double At(List<double> sorted, double share) => sorted.Count == 0 ? double.NaN : sorted[(int)(share * (sorted.Count - 1))];

    private static async Task WaitAsync(IActorRef cameras, int count, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while ((await AskAsync(cameras, cancellation)).Count(c => c is { State: CameraState.Streaming, Frames: > 0 }) < count)
        {
            if (clock.Elapsed > Patience) throw new BenchmarkException(BenchmarkException.Failed, $"not all of {count} cameras stream after {Patience.TotalSeconds:0} s");
            await Task.Delay(200, cancellation);
        }
    }

    private static async Task<IReadOnlyList<CameraStatus>> AskAsync(IActorRef cameras, CancellationToken cancellation) =>
        (await cameras.Ask<CameraStatuses>(GetCameras.Instance, Patience, cancellation)).Cameras;

    private sealed class Detectors(Func<CameraSetup, IVehicleDetector> inner, ThrottleSettings throttle) : IVehicleDetectorFactory
    {
        private readonly ConcurrentBag<ThrottledDetector> _made = [];

        public long Inferences => _made.Sum(d => d.Inferences);

        public IVehicleDetector Create(CameraSetup camera)
        {
            var detector = ThrottledDetector.Around(inner(camera), throttle);
            _made.Add(detector);
            return detector;
        }
    }

    /// <summary>Takes how old each frame is when its tracks are known.</summary>
    private sealed class Listener : ReceiveActor
    {
        public Listener(ConcurrentQueue<(CameraId, double)> known) =>
            Receive<TracksObserved>(seen => known.Enqueue((seen.Camera, AgeMs(seen.Time))));
    }

    private static double AgeMs(DateTimeOffset eventTime) => (TimeProvider.System.GetUtcNow() - eventTime).TotalMilliseconds;

    /// <summary>Notes for each camera how old its youngest frame was when it was handed out.</summary>
    private sealed class TimedReaders(IFrameReaderFactory readers) : IFrameReaderFactory
    {
        private readonly ConcurrentDictionary<CameraId, double> _soonest = [];

        /// <summary>What a stream hands out when it is opened comes in a burst, sooner than in real time.</summary>
        public void Forget() => _soonest.Clear();

        public double SoonestMs(CameraId camera) => _soonest[camera];

        public async ValueTask<IFrameReader> OpenAsync(CameraSetup camera, CancellationToken cancellation) =>
            new Timed(await readers.OpenAsync(camera, cancellation), age => _soonest.AddOrUpdate(camera.Id, age, (_, least) => Math.Min(least, age)));

        private sealed class Timed(IFrameReader reader, Action<double> note) : IFrameReader
        {
            public bool IsLive => reader.IsLive;

            public long Dropped => reader.Dropped;

            public long? ExpectedFrames => reader.ExpectedFrames;

            public async ValueTask<AnonymizedFrame?> ReadAsync(CancellationToken cancellation)
            {
                var frame = await reader.ReadAsync(cancellation);
                if (frame is not null) note(AgeMs(frame.EventTime));
                return frame;
            }

            public ValueTask DisposeAsync() => reader.DisposeAsync();
        }
    }
}
