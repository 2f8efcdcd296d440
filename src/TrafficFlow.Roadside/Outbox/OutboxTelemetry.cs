using System.Diagnostics;
using System.Diagnostics.Metrics;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Telemetry;

namespace TrafficFlow.Roadside.Outbox;

/// <summary>What one outbox does, for meters and traces.</summary>
internal sealed class OutboxTelemetry(SiteId site, CameraId camera)
{
    private static readonly LiveGauge<(SiteId, CameraId), long> s_pending = new(
        "trafficflow.outbox.pending", "{entry}", "Entries that are stored and not yet accepted by every approach.", entries => entries, Tags);

    private static readonly Histogram<double> s_delivery = TrafficFlowTelemetry.Meter.CreateHistogram(
        "trafficflow.outbox.delivery.duration", "s", "From the first sending of a batch to its acceptance by the aggregator.",
        tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] });

    private static readonly Counter<long> s_sent = TrafficFlowTelemetry.Meter.CreateCounter<long>(
        "trafficflow.outbox.delivery.sent", "{batch}", "Batches that were sent to approaches, those that were sent again among them.");

    private static readonly Counter<long> s_acknowledged = TrafficFlowTelemetry.Meter.CreateCounter<long>(
        "trafficflow.outbox.delivery.acknowledged", "{batch}", "Batches that an approach has accepted.");

    private static readonly LiveGauge<(SiteId, CameraId), long> s_waits = new(
        "trafficflow.outbox.delivery.wait", "s", "For how long the oldest entry waits that not every approach has accepted, to some seconds; 0 while none waits.",
        since => since == 0 ? 0 : Stopwatch.GetElapsedTime(since).TotalSeconds, Tags);

    private readonly Dictionary<ApproachId, (long At, long Epoch, IReadOnlyList<OutboxEntry> Entries)> _sentAt = [];
    private readonly WaitingMarks _marks = new();

    /// <summary>Whenever the outbox has stored something, or something was accepted.</summary>
    public void Waiting(OutboxState state)
    {
        _marks.Look(state.OldestPending, state.LastStored, Stopwatch.GetTimestamp());
        s_pending.Set((site, camera), state.Pending);
        s_waits.Set((site, camera), _marks.Oldest ?? 0);
    }

    public void Stored(long epoch, IReadOnlyList<OutboxEntry> entries, long from) => Trace("outbox store", epoch, entries, from, ActivityKind.Internal, null);

    public void Sent(ApproachId approach, long epoch, IReadOnlyList<OutboxEntry> entries)
    {
        s_sent.Add(1, TrafficFlowTelemetry.Site(site.Value), TrafficFlowTelemetry.Camera(camera.Value));
        _sentAt.TryAdd(approach, (Stopwatch.GetTimestamp(), epoch, entries));
    }

    public void Accepted(ApproachId approach)
    {
        s_acknowledged.Add(1, TrafficFlowTelemetry.Site(site.Value), TrafficFlowTelemetry.Camera(camera.Value));
        if (!_sentAt.Remove(approach, out var sent)) return;
        s_delivery.Record(Stopwatch.GetElapsedTime(sent.At).TotalSeconds, TrafficFlowTelemetry.Site(site.Value), TrafficFlowTelemetry.Approach(approach.Value));
        Trace("deliver", sent.Epoch, sent.Entries, sent.At, ActivityKind.Producer, approach);
    }

    /// <summary>A camera that has gone waits for nothing: its series end.</summary>
    public void Stopped()
    {
        s_pending.Remove((site, camera));
        s_waits.Remove((site, camera));
    }

    private static KeyValuePair<string, object?>[] Tags((SiteId Site, CameraId Camera) of) => [TrafficFlowTelemetry.Site(of.Site.Value), TrafficFlowTelemetry.Camera(of.Camera.Value)];

    private void Trace(string name, long epoch, IReadOnlyList<OutboxEntry> entries, long from, ActivityKind kind, ApproachId? approach)
    {
        if (!CrossingTrace.IsOn) return;
        var now = Stopwatch.GetTimestamp();
        foreach (var entry in entries)
            if (entry is VehicleEntry) CrossingTrace.Span(name, new CrossingIdentity(site, camera, epoch, entry.Sequence), from, now, kind, approach?.Value);
    }
}
