using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Routing;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Aggregation;

// --- Commands (deliveries are Delivery.DeliveryBatch) ---

/// <summary>No more data will come: close every bin that has any, however incomplete. Answered with <see cref="OpenBinsClosed"/>.</summary>
public sealed record CloseOpenBins(SiteId Site, ApproachId Approach) : IApproachMessage, IWireMessage;

public sealed record OpenBinsClosed(SiteId Site, ApproachId Approach) : IWireMessage;

// --- Queries ---

/// <summary>The bins of one duration that lie in [From, To), closed and open, sorted by start. Answered with <see cref="FlowBins"/>.</summary>
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
/// <param name="Quarantined">Entries whose clock was wrong: they wait, and are in no count.</param>
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
    long Quarantined = 0,
    string? Problem = null) : IWireMessage
{
    public long Total(Movement movement) => Totals.Where(t => t.Stream.Movement == movement).Sum(t => t.Count);

}

/// <param name="HighWater">Everything up to here is counted.</param>
/// <param name="Watermark">Event time up to which the camera has reported.</param>
/// <param name="ObservedSeconds">Watched by this camera within the retention.</param>
/// <param name="ClockOffset">By how much its node's clock lies behind the server's, with the last batch; null where that was never told.</param>
public sealed record CameraProgress(CameraId Camera, LogPosition HighWater, DateTimeOffset Watermark, double ObservedSeconds, TimeSpan? ClockOffset = null);

public sealed record StreamTotal(FlowStream Stream, long Count);

/// <summary>Instead of the answer to a query: the server's site files have no such approach.</summary>
/// <param name="Known">Those that they have, each as SITE/APPROACH.</param>
public sealed record ApproachNotFound(SiteId Site, ApproachId Approach, ImmutableArray<string> Known) : IWireMessage;

// --- Quarantine: entries whose clock was wrong ---

public sealed record GetQuarantine(SiteId Site, ApproachId Approach) : IApproachMessage, IWireMessage;

public sealed record Quarantine(SiteId Site, ApproachId Approach, ImmutableArray<QuarantinedRun> Runs) : IWireMessage;

/// <summary>What of one epoch of a camera waits.</summary>
/// <param name="From">Earliest and latest event time, as stamped.</param>
/// <param name="ClockOffset">What the stamps lie behind the true time (negative: ahead); null where only the stamps themselves betray them.</param>
/// <param name="Since">When the first of it came, by the aggregator's clock.</param>
public sealed record QuarantinedRun(
    CameraId Camera, long Epoch, long Vehicles, long Entries, DateTimeOffset From, DateTimeOffset To, TimeSpan? ClockOffset, DateTimeOffset Since);

public enum QuarantineAction
{
    /// <summary>Count the entries, their stamps moved by the shift.</summary>
    Release = 0,

    /// <summary>Never count them: their time stays missing.</summary>
    Discard = 1,
}

/// <summary>Decides on what waits of one epoch of a camera. Answered with <see cref="QuarantineAnswer"/>.</summary>
/// <param name="Shift">Added to each stamp; zero releases them as they are.</param>
public sealed record ResolveQuarantine(SiteId Site, ApproachId Approach, CameraId Camera, long Epoch, QuarantineAction Action, TimeSpan Shift)
    : IApproachMessage, IWireMessage;

/// <param name="Entries">So many left the quarantine.</param>
/// <param name="Problem">Why nothing did, and what to do; empty for none.</param>
public sealed record QuarantineAnswer(SiteId Site, ApproachId Approach, long Entries, string Problem) : IWireMessage;

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
/// <param name="Quarantined">Entries that are not counted because their clock was wrong; null in events of older versions.</param>
/// <param name="ClockOffset">By how much the sender's clock lies behind the aggregator's; null where that was not told.</param>
/// <param name="StampOffset">By how much the quarantined entries' stamps lie behind the true time; null where only the stamps themselves betray them.</param>
/// <param name="Coalesces">Closed bins that it changes are revised when the cameras have passed their end; false in events of older versions, which revised at once.</param>
public sealed record BatchCounted(
    CameraId Camera,
    LogPosition HighWater,
    Provenance Provenance,
    IReadOnlyList<OutboxEntry> Entries,
    DateTimeOffset? ClosedThrough,
    DateTimeOffset? RetainFrom,
    DateTimeOffset At,
    LogPosition? After = null,
    IReadOnlyList<OutboxEntry>? Quarantined = null,
    TimeSpan? ClockOffset = null,
    TimeSpan? StampOffset = null,
    bool Coalesces = false) : ApproachEvent;

/// <summary>Closed bins that were changed are revised without waiting longer for the cameras that have not passed their end.</summary>
/// <param name="Through">Those that end at or before this.</param>
public sealed record RevisionsDue(DateTimeOffset Through, DateTimeOffset At) : ApproachEvent;

/// <summary>Somebody decided on what waited in quarantine.</summary>
public sealed record QuarantineResolved(
    CameraId Camera,
    long Epoch,
    QuarantineAction Action,
    TimeSpan Shift,
    DateTimeOffset? ClosedThrough,
    DateTimeOffset? RetainFrom,
    DateTimeOffset At) : ApproachEvent;

/// <summary>The stated lateness passed: bins that end at or before this are closed without waiting longer.</summary>
/// <param name="At">By the aggregator's clock.</param>
public sealed record LatenessPassed(DateTimeOffset ClosedThrough, DateTimeOffset? RetainFrom, DateTimeOffset At) : ApproachEvent;

/// <summary>From this event time on these cameras feed the approach: a bin is observed where all of them watched.</summary>
public sealed record FeedsChanged(DateTimeOffset From, ImmutableArray<CameraId> Cameras) : ApproachEvent
{
    public bool Equals(FeedsChanged? other) => other is not null && From == other.From && Cameras.SequenceEqual(other.Cameras);

    public override int GetHashCode() => HashCode.Combine(From, Cameras.Length);

}
