using System.Diagnostics;
using System.Diagnostics.Metrics;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Telemetry;

namespace TrafficFlow.Roadside.Outbox;

/// <summary>What one outbox does, for meters.</summary>
internal sealed class OutboxTelemetry(SiteId site, CameraId camera)
{
    private static readonly Gauge<long> s_pending = TrafficFlowTelemetry.Meter.CreateGauge<long>(
        "trafficflow.outbox.pending", "{entry}", "Entries that are stored and not yet accepted by every approach.");

    private static readonly Histogram<double> s_delivery = TrafficFlowTelemetry.Meter.CreateHistogram<double>(
        "trafficflow.outbox.delivery.duration", "s", "From the first sending of a batch to its acceptance by the aggregator.");

    private readonly Dictionary<ApproachId, long> _sentAt = [];

    public void Pending(long entries) => s_pending.Record(entries, TrafficFlowTelemetry.Site(site.Value), TrafficFlowTelemetry.Camera(camera.Value));

    public void Sent(ApproachId approach) => _sentAt.TryAdd(approach, Stopwatch.GetTimestamp());

    public void Accepted(ApproachId approach, long pending)
    {
        Pending(pending);
        if (_sentAt.Remove(approach, out var sentAt))
            s_delivery.Record(Stopwatch.GetElapsedTime(sentAt).TotalSeconds, TrafficFlowTelemetry.Site(site.Value), TrafficFlowTelemetry.Approach(approach.Value));
    }
}
