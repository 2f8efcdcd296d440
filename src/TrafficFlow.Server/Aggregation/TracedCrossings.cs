using System.Diagnostics;
using TrafficFlow.Core.Flow;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Telemetry;

namespace TrafficFlow.Server.Aggregation;

/// <summary>The crossings of an approach that are traced, until the first bin that holds them is in the read tables. Only those that a sampler picked are kept.</summary>
internal sealed class TracedCrossings
{
    private const int Most = 256;

    private readonly Queue<(CrossingIdentity Crossing, DateTimeOffset Time)> _waiting = new();

    /// <param name="from">A timestamp: the delivery came.</param>
    public void Counted(ApproachSetup setup, BatchCounted counted, long from)
    {
        if (!CrossingTrace.IsOn) return;
        var now = Stopwatch.GetTimestamp();
        foreach (var entry in counted.Entries)
        {
            if (entry is not VehicleEntry vehicle) continue;
            var crossing = new CrossingIdentity(setup.Site, counted.Camera, counted.HighWater.Epoch, entry.Sequence);
            if (!CrossingTrace.Span("aggregate", crossing, from, now, ActivityKind.Consumer, setup.Approach.Value)) continue;
            if (_waiting.Count == Most) _waiting.Dequeue();
            _waiting.Enqueue((crossing, vehicle.Vehicle.Time));
        }
    }

    /// <param name="from">A timestamp: the bins were handed to the tables.</param>
    public void Written(ApproachSetup setup, IEnumerable<ClosedBin> bins, long from)
    {
        if (_waiting.Count == 0) return;
        var now = Stopwatch.GetTimestamp();
        foreach (var bin in bins.Select(b => b.Bin).Where(b => b.Key.Duration == BinDuration.OneMinute))
        {
            for (var left = _waiting.Count; left > 0; left--)
            {
                var (crossing, time) = _waiting.Dequeue();
                if (time >= bin.Key.Start && time < bin.End) CrossingTrace.Span("table write", crossing, from, now, ActivityKind.Client, setup.Approach.Value);
                else _waiting.Enqueue((crossing, time));
            }
        }
    }
}
