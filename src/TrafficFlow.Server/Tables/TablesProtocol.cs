using System.Collections.Immutable;
using Akka.Actor;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.Serialization;
using TrafficFlow.Wire.Topics;

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

/// <summary>Journeys from the outbox of a site's junction. Answered with <see cref="JourneysWritten"/>.</summary>
public sealed record WriteJourneys(DeliveryBatch Batch, IActorRef Outbox) : TableWrite(Batch.Site, Batch.Approach)
{
    internal override int Size => Batch.Entries.Count;
}

/// <summary>All bins up to this cursor survive a crash.</summary>
public sealed record BinsWritten(long UpTo);

/// <summary>A delivery of journeys survives a crash.</summary>
/// <param name="Answer">To the outbox: <see cref="Accepted"/> or <see cref="Behind"/>.</param>
/// <param name="Journeys">Those that were not in the table before, in the order of their cursors.</param>
public sealed record JourneysWritten(IActorRef Outbox, IWireMessage Answer, ImmutableArray<JourneyEnded> Journeys);
