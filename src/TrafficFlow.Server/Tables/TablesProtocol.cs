using System.Collections.Immutable;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;

namespace TrafficFlow.Server.Tables;

// Between the actors of one process and its table writer: nothing here has a wire form.

/// <summary>
/// A portion for the read tables. Answered once it survives a crash, however long that takes; the next one of the same site and approach
/// replaces one that is not written yet.
/// </summary>
public abstract record TableWrite(SiteId Site, ApproachId Approach)
{
    /// <summary>About how many rows it has.</summary>
    internal abstract int Size { get; }
}

/// <summary>Closed bins of one approach in the order of their cursors. Answered with <see cref="BinsWritten"/>.</summary>
public sealed record WriteBins(SiteId Site, ApproachId Approach, ImmutableArray<ClosedBin> Bins) : TableWrite(Site, Approach)
{
    internal override int Size => Bins.Length;
}

/// <summary>Journeys from the outbox of a site's junction. Answered as the outbox wants it: <see cref="Accepted"/> or <see cref="Behind"/>.</summary>
public sealed record WriteJourneys(DeliveryBatch Batch) : TableWrite(Batch.Site, Batch.Approach)
{
    internal override int Size => Batch.Entries.Count;
}

/// <summary>All bins up to this cursor survive a crash.</summary>
public sealed record BinsWritten(long UpTo);
