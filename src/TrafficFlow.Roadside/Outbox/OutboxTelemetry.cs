using System.Diagnostics;
using System.Diagnostics.Metrics;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Telemetry;

namespace TrafficFlow.Roadside.Outbox;

/// <summary>What one outbox does, for meters and traces.</summary>
internal sealed class OutboxTelemetry(SiteId site, CameraId camera)
{
    private static readonly Gauge<long> s_pending = TrafficFlowTelemetry.Meter.CreateGauge<long>(
        "trafficflow.outbox.pending", "{entry}", "Entries that are stored and not yet accepted by every approach.");

    private static readonly Histogram<double> s_delivery = TrafficFlowTelemetry.Meter.CreateHistogram(
        "trafficflow.outbox.delivery.duration", "s", "From the first sending of a batch to its acceptance by the aggregator.",
        tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] });

    private static readonly Counter<long> s_sent = TrafficFlowTelemetry.Meter.CreateCounter<long>(
        "trafficflow.outbox.delivery.sent", "{batch}", "Batches that were sent to approaches, those that were sent again among them.");

    private static readonly Counter<long> s_acknowledged = TrafficFlowTelemetry.Meter.CreateCounter<long>(
        "trafficflow.outbox.delivery.acknowledged", "{batch}", "Batches that an approach has accepted.");

    private static readonly LiveGauge<(SiteId, CameraId), long> s_waits = new(
        "trafficflow.outbox.delivery.wait", "s", "For how long entries wait and none of them was accepted; 0 while none waits.",
        since => since == 0 ? 0 : Stopwatch.GetElapsedTime(since).TotalSeconds,
        of => [TrafficFlowTelemetry.Site(of.Item1.Value), TrafficFlowTelemetry.Camera(of.Item2.Value)]);

    private readonly Dictionary<ApproachId, (long At, long Epoch, IReadOnlyList<OutboxEntry> Entries)> _sentAt = [];
    private long? _waitsSince;

    public void Pending(long entries)
    {
        s_pending.Record(entries, TrafficFlowTelemetry.Site(site.Value), TrafficFlowTelemetry.Camera(camera.Value));
        if (_waitsSince is not { } since || since > 0 != entries > 0) Waits(entries > 0);
    }

    public void Stored(long epoch, IReadOnlyList<OutboxEntry> entries, long from) => Trace("outbox store", epoch, entries, from, ActivityKind.Internal, null);

    public void Sent(ApproachId approach, long epoch, IReadOnlyList<OutboxEntry> entries)
    {
        s_sent.Add(1, TrafficFlowTelemetry.Site(site.Value), TrafficFlowTelemetry.Camera(camera.Value));
        _sentAt.TryAdd(approach, (Stopwatch.GetTimestamp(), epoch, entries));
    }

    public void Accepted(ApproachId approach, long pending)
    {
        Waits(pending > 0);
        Pending(pending);
        s_acknowledged.Add(1, TrafficFlowTelemetry.Site(site.Value), TrafficFlowTelemetry.Camera(camera.Value));
        if (!_sentAt.Remove(approach, out var sent)) return;
        s_delivery.Record(Stopwatch.GetElapsedTime(sent.At).TotalSeconds, TrafficFlowTelemetry.Site(site.Value), TrafficFlowTelemetry.Approach(approach.Value));
        Trace("deliver", sent.Epoch, sent.Entries, sent.At, ActivityKind.Producer, approach);
    }

    public void Stopped() => s_waits.Remove((site, camera));

    private void Waits(bool doesWait)
    {
        var since = doesWait ? Stopwatch.GetTimestamp() : 0;
        _waitsSince = since;
        s_waits.Set((site, camera), since);
    }

    private void Trace(string name, long epoch, IReadOnlyList<OutboxEntry> entries, long from, ActivityKind kind, ApproachId? approach)
    {
        if (!CrossingTrace.IsOn) return;
        var now = Stopwatch.GetTimestamp();
        foreach (var entry in entries)
            if (entry is VehicleEntry) CrossingTrace.Span(name, new CrossingIdentity(site, camera, epoch, entry.Sequence), from, now, kind, approach?.Value);
    }
}
