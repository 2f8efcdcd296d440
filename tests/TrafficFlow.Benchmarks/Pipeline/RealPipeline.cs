using Akka.Actor;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Server;
using TrafficFlow.Synthetic;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Onnx;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Membership;

namespace TrafficFlow.Benchmarks.Pipeline;

/// <summary>The product's own path from file to bins: readers, masks, detectors, trackers, outboxes and aggregators on a SQLite journal.</summary>
internal static class RealPipeline
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset FileStart = new(2026, 4, 1, 8, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync(
        Site site, string model, IReadOnlyDictionary<CameraId, FrameLog> logs, PixelBuffers buffers, CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        using var loaded = OnnxModel.Load(new OnnxModelSettings("benchmark", model), site.Cameras.Count);
        var readers = buffers.Watch(new FrameReaderFactory(FileStart, FfmpegTimeouts.Default, TimeProvider.System));
        await using var node = await InProcessNode.StartAsync(
            folder.File("journal.db"),
            builder => builder.WithApproachAggregators(site).WithCameras(new CamerasSetup(() => [site], readers, new Detectors(loaded, logs, buffers))),
            TrafficFlowRoles.Roadside, TrafficFlowRoles.Server);
        var report = await node.Registry.Get<CamerasActor>().Ask<DeliveryReport>(AwaitDelivery.Instance, Patience, cancellation);
        foreach (var camera in report.Cameras)
        {
            // The log is written by the detector: the tracker must have counted every one of these frames.
            if (camera.State != CameraState.Finished || camera.Frames != logs[camera.Camera].Count)
                throw new BenchmarkException(
                    BenchmarkException.Failed,
                    $"camera {camera.Camera} is {camera.State} with {camera.Frames} of {logs[camera.Camera].Count} frames: {camera.Reason}");
        }
    }

    private sealed class Detectors(OnnxModel model, IReadOnlyDictionary<CameraId, FrameLog> logs, PixelBuffers buffers) : IVehicleDetectorFactory
    {
        public IVehicleDetector Create(CameraSetup camera) =>
            new Logged(new OnnxDetector(model, camera.Frame.Width, camera.Frame.Height), logs[camera.Id], buffers);
    }

    /// <summary>The one place where all frames of a camera pass by in order on one thread.</summary>
    private sealed class Logged(IVehicleDetector detector, FrameLog log, PixelBuffers buffers) : IVehicleDetector
    {
        public DetectorIdentity Identity => detector.Identity;

        public void Detect(AnonymizedFrame frame, List<Detection> detections)
        {
            detector.Detect(frame, detections);
            log.Done();
            buffers.FrameDone(log.Count);
        }

        public void Dispose() => detector.Dispose();
    }
}
