using System.Collections.Immutable;
using TrafficFlow.Actors.Delivery;
using TrafficFlow.Actors.Serialization;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Actors.Aggregation;

/// <summary>A message for the aggregator of one approach; the shard region routes by it.</summary>
public interface IApproachMessage
{
    SiteId Site { get; }
    ApproachId Approach { get; }
}

// --- Commands (deliveries are Delivery.DeliveryBatch) ---

/// <summary>No more data will come: close every bin that has any, however incomplete. Answered with <see cref="OpenBinsClosed"/>.</summary>
public sealed record CloseOpenBins(SiteId Site, ApproachId Approach) : IApproachMessage, IWireMessage;

public sealed record OpenBinsClosed(SiteId Site, ApproachId Approach) : IWireMessage;

// --- Queries ---

/// <summary>The bins of one duration that lie in [From, To), closed and open, in order. Answered with <see cref="FlowBins"/>.</summary>
public sealed record GetFlowBins(SiteId Site, ApproachId Approach, BinDuration Duration, DateTimeOffset From, DateTimeOffset To)
    : IApproachMessage, IWireMessage;

public sealed record FlowBins(ImmutableArray<FlowBin> Bins) : IWireMessage;

/// <summary>The bins that are open now and the last closed one of each duration: where a new subscriber begins.</summary>
public sealed record GetLatestBins(SiteId Site, ApproachId Approach) : IApproachMessage, IWireMessage;

public sealed record GetApproachStatus(SiteId Site, ApproachId Approach) : IApproachMessage, IWireMessage;

/// <param name="ClosedThrough">Every bin that ends at or before this is closed; null before the first data.</param>
/// <param name="Totals">Vehicles since the approach was installed, late ones included.</param>
/// <param name="TooLate">Vehicles that came after their bins had been evicted: counted in the totals, missing in the bins.</param>
public sealed record ApproachStatus(
    SiteId Site,
    ApproachId Approach,
    DateTimeOffset? ClosedThrough,
    ImmutableArray<CameraProgress> Cameras,
    ImmutableArray<StreamTotal> Totals,
    long TooLate) : IWireMessage
{
    public long Total(Movement movement) => Totals.Where(t => t.Stream.Movement == movement).Sum(t => t.Count);
}

/// <param name="HighWater">Everything up to here is counted.</param>
/// <param name="Watermark">Event time up to which the camera has reported.</param>
/// <param name="ObservedSeconds">Watched by this camera within the retention.</param>
public sealed record CameraProgress(CameraId Camera, LogPosition HighWater, DateTimeOffset Watermark, double ObservedSeconds);

public sealed record StreamTotal(FlowStream Stream, long Count);

// --- Events ---

public abstract record ApproachEvent : IWireMessage;

/// <summary>New entries of one camera together with its new high-water mark: one write, so counted once.</summary>
/// <param name="ClosedThrough">Bins that end at or before this are closed by this event.</param>
/// <param name="RetainFrom">Cells before this are evicted by this event.</param>
/// <param name="At">When the aggregator took the batch (its own clock).</param>
public sealed record BatchCounted(
    CameraId Camera,
    LogPosition HighWater,
    Provenance Provenance,
    IReadOnlyList<OutboxEntry> Entries,
    DateTimeOffset? ClosedThrough,
    DateTimeOffset? RetainFrom,
    DateTimeOffset At) : ApproachEvent;

/// <summary>The stated lateness passed: bins that end at or before this are closed without waiting longer.</summary>
public sealed record LatenessPassed(DateTimeOffset ClosedThrough, DateTimeOffset? RetainFrom) : ApproachEvent;
