using TrafficFlow.Actors.Aggregation;
using TrafficFlow.Actors.Serialization;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Actors.Delivery;

/// <summary>Place in a camera's log. Epochs follow one another; inside one, sequences run 1, 2, 3, ...</summary>
public readonly record struct LogPosition(long Epoch, long Sequence) : IComparable<LogPosition>
{
    public static readonly LogPosition Start = new(0, 0);

    public int CompareTo(LogPosition other) =>
        Epoch != other.Epoch ? Epoch.CompareTo(other.Epoch) : Sequence.CompareTo(other.Sequence);

    public static bool operator <(LogPosition a, LogPosition b) => a.CompareTo(b) < 0;
    public static bool operator >(LogPosition a, LogPosition b) => a.CompareTo(b) > 0;
    public static bool operator <=(LogPosition a, LogPosition b) => a.CompareTo(b) <= 0;
    public static bool operator >=(LogPosition a, LogPosition b) => a.CompareTo(b) >= 0;

    public override string ToString() => $"{Epoch}/{Sequence}";
}

/// <summary>One entry of a camera's log; (camera, epoch, sequence) is its idempotency key.</summary>
public abstract record OutboxEntry(long Sequence);

/// <summary>A vehicle for one approach.</summary>
public sealed record VehicleEntry(long Sequence, CountedVehicle Vehicle) : OutboxEntry(Sequence);

/// <summary>What the camera watched, for every approach that it feeds.</summary>
public sealed record CoverageEntry(long Sequence, Coverage Coverage) : OutboxEntry(Sequence);

// --- Commands of the tracker (never leave the process) ---

/// <summary>Asks for the epoch of a run. The same run gets the same epoch again, however often it asks.</summary>
/// <param name="Run">Names what is measured: new for each life of a live tracker, the same for the same file read again.</param>
/// <param name="Feeds">The approaches that get this camera's coverage.</param>
/// <param name="AtLeast">
/// The epoch's number is no smaller: for a live camera the second in which it began. An outbox whose disk was replaced would begin at 1
/// again, and aggregators would take its counts for those that they have.
/// </param>
public sealed record OpenEpoch(string Run, Provenance Provenance, IReadOnlyList<ApproachId> Feeds, long AtLeast = 1);

/// <summary>Entries in order, the first one next to what is stored (or already stored: those are dropped).</summary>
public sealed record Store(long Epoch, IReadOnlyList<OutboxEntry> Entries);

/// <summary>Answers with <see cref="EverythingDelivered"/> once all that is stored was accepted.</summary>
public sealed record NotifyWhenDelivered
{
    public static readonly NotifyWhenDelivered Instance = new();
}

// --- Replies ---

/// <param name="StoredUpTo">Last entry of the epoch that is stored; 0 for none.</param>
public sealed record EpochReady(string Run, long Epoch, long StoredUpTo);

/// <summary>All entries of the epoch up to this sequence survive a crash.</summary>
public sealed record Stored(long Epoch, long UpTo);

public sealed record EverythingDelivered(CameraId Camera);

// --- Outbox to aggregator and back ---

/// <summary>
/// All of the camera's entries for one approach after the last accepted batch, up to and including <see cref="UpToSequence"/>, which may
/// lie beyond the last entry where later ones concern other approaches.
/// </summary>
/// <param name="After">
/// The aggregator said that it had persisted everything up to here; null where the sender does not know (it started anew, or is of an
/// older version). An aggregator that has less answers <see cref="Behind"/>.
/// </param>
public sealed record DeliveryBatch(
    SiteId Site,
    CameraId Camera,
    ApproachId Approach,
    long Epoch,
    long UpToSequence,
    Provenance Provenance,
    IReadOnlyList<OutboxEntry> Entries,
    LogPosition? After = null) : IWireMessage, IApproachMessage;

/// <summary>The aggregator has persisted all entries up to here.</summary>
public sealed record Accepted(CameraId Camera, ApproachId Approach, long Epoch, long UpToSequence) : IWireMessage;

/// <summary>
/// The aggregator has less than the outbox believes: its journal was damaged or restored from a backup. It wants everything after
/// <see cref="HighWater"/> again.
/// </summary>
public sealed record Behind(CameraId Camera, ApproachId Approach, LogPosition HighWater) : IWireMessage;

/// <summary>The way to the aggregators is open again: what waits for an answer is sent at once.</summary>
public sealed record LinkUp
{
    public static readonly LinkUp Instance = new();
}

// --- Events of the outbox ---

public abstract record OutboxEvent : IWireMessage;

public sealed record EpochOpened(long Epoch, string Run, Provenance Provenance, IReadOnlyList<ApproachId> Feeds) : OutboxEvent;

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

// --- Queries ---

public sealed record GetOutboxStatus
{
    public static readonly GetOutboxStatus Instance = new();
}

/// <param name="Pending">Entries that are stored and not yet accepted by every approach.</param>
/// <param name="Dropped">Entries given up at the bound since the camera was installed.</param>
public sealed record OutboxStatus(CameraId Camera, LogPosition LastStored, long Pending, long Dropped, IReadOnlyList<AcceptedUpTo> Accepted);
