using System.Diagnostics;
using System.Diagnostics.Metrics;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Telemetry;

namespace TrafficFlow.Roadside.Cameras.Lifecycle;

/// <summary>What cameras do, for meters.</summary>
internal static class CameraTelemetry
{
    private static readonly Counter<long> s_processed = TrafficFlowTelemetry.Meter.CreateCounter<long>(
        "trafficflow.camera.frame.processed", "{frame}", "Frames that were looked at; of a replay camera, entries of its log.");

    private static readonly Counter<long> s_dropped = TrafficFlowTelemetry.Meter.CreateCounter<long>(
        "trafficflow.camera.frame.dropped", "{frame}", "Frames that a live source gave and nobody took.");

    private static readonly Histogram<double> s_inference = TrafficFlowTelemetry.Meter.CreateHistogram(
        "trafficflow.detector.inference.duration", "s", "Time of a detector for one frame; their number is that of the looks.",
        tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5, 1, 5] });

    /// <param name="before">The progress known before; a tracker that began anew counts from 0 again.</param>
    public static void Progress(SiteId site, CameraId camera, TrackerProgress before, TrackerProgress now)
    {
        Add(s_processed, before.Frames, now.Frames, site, camera);
        Add(s_dropped, before.Dropped, now.Dropped, site, camera);
    }

    /// <param name="startedAt">A timestamp of <see cref="Stopwatch"/>.</param>
    public static void Detected(CameraId camera, long startedAt) =>
        s_inference.Record(Stopwatch.GetElapsedTime(startedAt).TotalSeconds, TrafficFlowTelemetry.Camera(camera.Value));

    private static void Add(Counter<long> counter, long before, long now, SiteId site, CameraId camera)
    {
        var added = now >= before ? now - before : now;
        if (added > 0) counter.Add(added, TrafficFlowTelemetry.Site(site.Value), TrafficFlowTelemetry.Camera(camera.Value));
    }
}
