using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Routing;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Delivery;

// --- Outbox to aggregator and back ---

/// <summary>
/// All of the camera's entries for one approach after the last accepted batch, up to and including <see cref="UpToSequence"/>, which may
/// lie beyond the last entry where later ones concern other approaches.
/// </summary>
/// <param name="After">
/// The aggregator said that it had persisted everything up to here; null where the sender does not know (it started anew, or is of an
/// older version). An aggregator that has less answers <see cref="Behind"/>.
/// </param>
/// <param name="Clock">What the sender's clock says; null where it did not stamp the entries (recordings bring a time of their own), and from nodes of older versions.</param>
public sealed record DeliveryBatch(
    SiteId Site,
    CameraId Camera,
    ApproachId Approach,
    long Epoch,
    long UpToSequence,
    Provenance Provenance,
    IReadOnlyList<OutboxEntry> Entries,
    LogPosition? After = null,
    ClockReading? Clock = null) : IWireMessage, IApproachMessage;

/// <summary>The aggregator has persisted all entries up to here.</summary>
public sealed record Accepted(CameraId Camera, ApproachId Approach, long Epoch, long UpToSequence) : IWireMessage;

/// <summary>
/// The aggregator has less than the outbox believes: its journal was damaged or restored from a backup. It wants everything after
/// <see cref="HighWater"/> again.
/// </summary>
public sealed record Behind(CameraId Camera, ApproachId Approach, LogPosition HighWater) : IWireMessage;

// --- Events of the outbox ---

public abstract record OutboxEvent : IWireMessage;

/// <param name="Origin">The clock that stamps its entries; null where those bring a time of their own, as recordings do.</param>
public sealed record EpochOpened(long Epoch, string Run, Provenance Provenance, IReadOnlyList<ApproachId> Feeds, ClockOrigin? Origin = null) : OutboxEvent;

public sealed record EntriesStored(long Epoch, IReadOnlyList<OutboxEntry> Entries) : OutboxEvent;

/// <summary>The bound was reached: entries up to here were given up, and no coverage before <see cref="MissingUntil"/> is delivered.</summary>
public sealed record EntriesDropped(LogPosition UpTo, DateTimeOffset MissingUntil) : OutboxEvent;

/// <summary>
/// How far each approach has come. It also repeats what the events before it say about epochs, so that those can be deleted: recovery
/// needs no snapshot, which during a long outage would have to hold every pending entry.
/// </summary>
public sealed record DeliveryAcknowledged(
    LogPosition LastStored,
    IReadOnlyList<EpochOpened> Epochs,
    IReadOnlyList<AcceptedUpTo> Accepted,
    long DroppedTotal,
    DateTimeOffset MissingUntil) : OutboxEvent;

/// <param name="Position">Nothing up to here is to be sent any more: it was accepted, or concerns others, or was given up.</param>
/// <param name="Delivered">Up to here the aggregator itself said that it has persisted; null where that is not known.</param>
public readonly record struct AcceptedUpTo(ApproachId Approach, LogPosition Position, LogPosition? Delivered = null);
