using System.Diagnostics.Metrics;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Telemetry;

namespace TrafficFlow.Roadside.Cameras.Recording;

/// <summary>What recorders do, for meters.</summary>
internal static class RecorderTelemetry
{
    private static readonly Counter<long> s_segments = TrafficFlowTelemetry.Meter.CreateCounter<long>(
        "trafficflow.recorder.segment.stored", "{segment}", "Segments of recorded pictures that were closed and stored.");

    private static readonly Counter<long> s_frames = TrafficFlowTelemetry.Meter.CreateCounter<long>(
        "trafficflow.recorder.frame.recorded", "{frame}", "Frames that were given to the encoder of a recording.");

    private static readonly Counter<long> s_lost = TrafficFlowTelemetry.Meter.CreateCounter<long>(
        "trafficflow.recorder.frame.lost", "{frame}", "Frames that should have been recorded and were not; they were counted all the same.");

    public static void Progress(SiteId site, CameraId camera, RecordingHealth before, RecordingHealth now)
    {
        Add(s_segments, now.Segments - before.Segments, site, camera);
        Add(s_frames, now.Frames - before.Frames, site, camera);
        Add(s_lost, now.Lost - before.Lost, site, camera);
    }

    private static void Add(Counter<long> counter, long added, SiteId site, CameraId camera)
    {
        if (added > 0) counter.Add(added, TrafficFlowTelemetry.Site(site.Value), TrafficFlowTelemetry.Camera(camera.Value));
    }
}
