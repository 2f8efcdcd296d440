using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Roadside.Outbox;

/// <summary>Asks for the epoch of a run. The same run gets the same epoch again, however often it asks.</summary>
/// <param name="Run">Names what is measured: new for each life of a live tracker, the same for the same file read again.</param>
/// <param name="Feeds">The approaches that get this camera's coverage.</param>
/// <param name="AtLeast">
/// The epoch's number is no smaller: for a live camera the second in which it began. An outbox whose disk was replaced would begin at 1
/// again, and aggregators would take its counts for those that they have.
/// </param>
/// <param name="Origin">The clock that stamps the entries; null where they bring a time of their own, as recordings do.</param>
public sealed record OpenEpoch(string Run, Provenance Provenance, IReadOnlyList<ApproachId> Feeds, long AtLeast = 1, ClockOrigin? Origin = null);

/// <summary>Entries in order, the first one next to what is stored (or already stored: those are dropped).</summary>
public sealed record Store(long Epoch, IReadOnlyList<OutboxEntry> Entries);

/// <summary>Answers with <see cref="EverythingDelivered"/> once all that is stored was accepted.</summary>
public sealed record AwaitOutboxDelivery
{
    public static readonly AwaitOutboxDelivery Instance = new();
}

/// <param name="StoredUpTo">Last entry of the epoch that is stored; 0 for none.</param>
public sealed record EpochReady(string Run, long Epoch, long StoredUpTo)
{
    /// <summary>The epoch was opened by a version that kept no journeys: its entries are numbered without them.</summary>
    public bool IsWithoutJourneys { get; init; }
}

/// <summary>All entries of the epoch up to this sequence survive a crash.</summary>
public sealed record Stored(long Epoch, long UpTo);

public sealed record EverythingDelivered(CameraId Camera);

/// <summary>The way to the aggregators is open again: what waits for an answer is sent at once.</summary>
public sealed record LinkUp
{
    public static readonly LinkUp Instance = new();
}

public sealed record GetOutboxStatus
{
    public static readonly GetOutboxStatus Instance = new();
}

/// <param name="Pending">Entries that are stored and not yet accepted by every approach.</param>
/// <param name="Dropped">Entries given up at the bound since the camera was installed.</param>
public sealed record OutboxStatus(CameraId Camera, LogPosition LastStored, long Pending, long Dropped, IReadOnlyList<AcceptedUpTo> Accepted);

/// <summary>Outbox to camera, before it stops.</summary>
public sealed record OutboxFailed(string Reason);
