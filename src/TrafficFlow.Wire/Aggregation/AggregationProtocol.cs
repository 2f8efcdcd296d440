using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Log;
using TrafficFlow.Wire.Routing;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Aggregation;

// --- Commands (deliveries are Delivery.DeliveryBatch) ---

/// <summary>No more data will come: close every bin that has any, however incomplete. Answered with <see cref="OpenBinsClosed"/>.</summary>
public sealed record CloseOpenBins(SiteId Site, ApproachId Approach) : IApproachMessage, IWireMessage;

public sealed record OpenBinsClosed(SiteId Site, ApproachId Approach) : IWireMessage;

// --- Queries ---

/// <summary>The bins of one duration that lie in [From, To), closed and open, in order. Answered with <see cref="FlowBins"/>.</summary>
public sealed record GetFlowBins(SiteId Site, ApproachId Approach, BinDuration Duration, DateTimeOffset From, DateTimeOffset To)
    : IApproachMessage, IWireMessage;

public sealed record FlowBins(ImmutableArray<FlowBin> Bins) : IWireMessage;

/// <summary>
/// Closed and revised bins of all durations from the read tables, in the order in which they closed. Answered with <see cref="BinsAfter"/>.
/// </summary>
/// <param name="After">Cursor of the last bin that the asker has; null for the last closed bin of each duration.</param>
/// <param name="Limit">Most bins of one answer.</param>
public sealed record GetBinsAfter(SiteId Site, ApproachId Approach, long? After, int Limit) : IApproachMessage, IWireMessage;

/// <param name="Reached">Ask from here on for what follows.</param>
/// <param name="More">There is more already.</param>
/// <param name="Last">Cursor of the last bin in the tables; less than what was asked from only where the tables come from a backup.</param>
public sealed record BinsAfter(SiteId Site, ApproachId Approach, ImmutableArray<ClosedBin> Bins, long Reached, bool More, long Last) : IWireMessage;

/// <summary>A revision of a bin, as it is written and published once.</summary>
/// <param name="Cursor">Place in the approach's stream of closed and revised bins: each has a higher one than those before it.</param>
/// <param name="ClosedAt">By the aggregator's clock.</param>
public sealed record ClosedBin(long Cursor, FlowBin Bin, DateTimeOffset ClosedAt);

/// <summary>The bins that are open now and the last closed one of each duration: where a new subscriber begins.</summary>
public sealed record GetLatestBins(SiteId Site, ApproachId Approach) : IApproachMessage, IWireMessage;

public sealed record GetApproachStatus(SiteId Site, ApproachId Approach) : IApproachMessage, IWireMessage;

/// <param name="ClosedThrough">Every bin that ends at or before this is closed; null before the first data.</param>
/// <param name="Totals">Vehicles since the approach was installed, late ones included.</param>
/// <param name="TooLate">Vehicles that came after their bins had been evicted: counted in the totals, missing in the bins.</param>
/// <param name="Cursor">Of the last bin that closed or was revised.</param>
/// <param name="Unwritten">So many of these the read tables have not confirmed yet.</param>
/// <param name="Problem">Why counts wait, with what may help; null where they do not.</param>
public sealed record ApproachStatus(
    SiteId Site,
    ApproachId Approach,
    DateTimeOffset? ClosedThrough,
    ImmutableArray<CameraProgress> Cameras,
    ImmutableArray<StreamTotal> Totals,
    long TooLate,
    long Cursor = 0,
    int Unwritten = 0,
    string? Problem = null) : IWireMessage
{
    public long Total(Movement movement) => Totals.Where(t => t.Stream.Movement == movement).Sum(t => t.Count);

}

/// <param name="HighWater">Everything up to here is counted.</param>
/// <param name="Watermark">Event time up to which the camera has reported.</param>
/// <param name="ObservedSeconds">Watched by this camera within the retention.</param>
public sealed record CameraProgress(CameraId Camera, LogPosition HighWater, DateTimeOffset Watermark, double ObservedSeconds);

public sealed record StreamTotal(FlowStream Stream, long Count);

/// <summary>Instead of the answer to a query: the server's site files have no such approach.</summary>
/// <param name="Known">Those that they have, each as SITE/APPROACH.</param>
public sealed record ApproachNotFound(SiteId Site, ApproachId Approach, ImmutableArray<string> Known) : IWireMessage;

// --- Events ---

public abstract record ApproachEvent : IWireMessage;

/// <summary>New entries of one camera together with its new high-water mark: one write, so counted once.</summary>
/// <param name="ClosedThrough">Bins that end at or before this are closed by this event.</param>
/// <param name="RetainFrom">Cells before this are evicted by this event.</param>
/// <param name="At">When the aggregator took the batch (its own clock).</param>
/// <param name="After">
/// The camera's high-water mark before it; null in events of older versions. Where a row before this one was damaged, it is higher than
/// what recovery has reached, and this event waits to be delivered again together with what was lost.
/// </param>
public sealed record BatchCounted(
    CameraId Camera,
    LogPosition HighWater,
    Provenance Provenance,
    IReadOnlyList<OutboxEntry> Entries,
    DateTimeOffset? ClosedThrough,
    DateTimeOffset? RetainFrom,
    DateTimeOffset At,
    LogPosition? After = null) : ApproachEvent;

/// <summary>The stated lateness passed: bins that end at or before this are closed without waiting longer.</summary>
/// <param name="At">By the aggregator's clock.</param>
public sealed record LatenessPassed(DateTimeOffset ClosedThrough, DateTimeOffset? RetainFrom, DateTimeOffset At) : ApproachEvent;

/// <summary>From this event time on these cameras feed the approach: a bin is observed where all of them watched.</summary>
public sealed record FeedsChanged(DateTimeOffset From, ImmutableArray<CameraId> Cameras) : ApproachEvent
{
    public bool Equals(FeedsChanged? other) => other is not null && From == other.From && Cameras.SequenceEqual(other.Cameras);

    public override int GetHashCode() => HashCode.Combine(From, Cameras.Length);

}
