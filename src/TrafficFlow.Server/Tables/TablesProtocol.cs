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

/// <summary>Work on a site's journeys. Answered with <see cref="JourneysWritten"/>.</summary>
/// <param name="ReplyTo">Whom the answer to it is for.</param>
public abstract record JourneysWrite(SiteId Site, ApproachId Approach, IActorRef ReplyTo) : TableWrite(Site, Approach);

/// <summary>Journeys from the outbox of a site's junction.</summary>
/// <param name="Wrong">Those that are held because their clock was wrong; null for none.</param>
public sealed record WriteJourneys(DeliveryBatch Batch, IActorRef ReplyTo, WrongStamps? Wrong = null) : JourneysWrite(Batch.Site, Batch.Approach, ReplyTo)
{
    internal override int Size => Batch.Entries.Count;
}

/// <param name="Sequences">Of the entries.</param>
/// <param name="ClockOffset">What their stamps lie behind the true time; null where only they themselves betray that they are wrong.</param>
/// <param name="At">The server's clock.</param>
/// <param name="MostHeld">Journeys of the site that are held at most: a batch that would bring more is not taken, and has no answer.</param>
public sealed record WrongStamps(IReadOnlySet<long> Sequences, TimeSpan? ClockOffset, DateTimeOffset At, int MostHeld);

/// <summary>What somebody decided on held journeys.</summary>
/// <param name="Now">The server's clock.</param>
/// <param name="Bound">How far ahead of it a journey may lie.</param>
public sealed record ResolveJourneys(ResolveQuarantine Command, IActorRef ReplyTo, DateTimeOffset Now, TimeSpan Bound)
    // In a place of its own beside the batches, of which the next replaces the one before.
    : JourneysWrite(Command.Site, new ApproachId($"{Command.Approach}/quarantine"), ReplyTo)
{
    internal override int Size => 1000;
}

/// <summary>All bins up to this cursor survive a crash.</summary>
public sealed record BinsWritten(long UpTo);

/// <summary>What a <see cref="JourneysWrite"/> came to survives a crash.</summary>
public sealed record JourneysWritten(JourneysWrite Work, StoredJourneys Stored);

/// <param name="Answer">To an outbox <see cref="Accepted"/> or <see cref="Behind"/>, or null where there is no room for what would be held; to a decision <see cref="QuarantineAnswer"/>.</param>
/// <param name="Journeys">Of a batch those that were not in the table before, in the order of their cursors. What a decision brought there is read from it.</param>
/// <param name="Held">So many of a batch are held now.</param>
public sealed record StoredJourneys(IWireMessage? Answer, ImmutableArray<JourneyEnded> Journeys, int Held = 0);
