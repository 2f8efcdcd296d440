using Akka.Event;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Server.Aggregation;

/// <summary>Says once for each camera why an approach does not take what it delivers, and counts the rest. Names of cameras are whatever a sender wrote: few are kept.</summary>
internal sealed class RefusedDeliveries(ILoggingAdapter log, string approach)
{
    private const int MostNamed = 16;

    private readonly HashSet<(CameraId Camera, string Kind)> _told = [];

    public void Add(DeliveryBatch batch, RefusedBatch why)
    {
        AggregationTelemetry.Refused(why.Kind);
        if (_told.Count >= MostNamed || !_told.Add((batch.Camera, why.Kind))) return;
        log.Error(
            "ALARM: what comes from camera {Camera} for approach {Approach} (up to {Position}) is not taken, and waits with its sender: {Problem}. {Remedy}{More}",
            batch.Camera, approach, new LogPosition(batch.Epoch, batch.UpToSequence), why.Problem, why.Remedy,
            _told.Count == MostNamed ? ". No further camera is named until the site files are read again; the metric trafficflow.delivery.refused counts them" : "");
    }

    public void Forget() => _told.Clear();

    /// <summary>What it sends is taken: if it is refused once more, that is said once more.</summary>
    public void Forget(CameraId camera)
    {
        if (_told.Count > 0) _told.RemoveWhere(t => t.Camera == camera);
    }
}
