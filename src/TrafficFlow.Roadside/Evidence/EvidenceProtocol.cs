using Akka.Actor;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Roadside.Evidence;

// Between the actors of one process: nothing here has a wire form, and none of it leaves the node but as an operator's answer.

/// <summary>Why an entry of a log was counted.</summary>
public abstract record CountEvidence;

public sealed record CrossingCounted(Crossing Crossing) : CountEvidence;

public sealed record PassageCounted(FlowPassage Passage) : CountEvidence;

public sealed record JourneyCounted(Journey Journey, JourneyEvidence Evidence) : CountEvidence;

/// <summary>One of the counts that a journey makes; the journey's own entry tells why.</summary>
/// <param name="Number">Of the journey.</param>
public sealed record JourneyShareCounted(long Number) : CountEvidence;

/// <param name="Evidence">Null for coverage.</param>
public sealed record CountedEntry(OutboxEntry Entry, CountEvidence? Evidence);

/// <summary>Entries that are stored in the outbox, with why they were counted; and the coverage between them.</summary>
public sealed record KeepEvidence(SiteId Site, CameraId Camera, long Epoch, Provenance Provenance, IReadOnlyList<CountedEntry> Entries);

/// <summary>Whose evidence goes where.</summary>
/// <param name="Keeper">The <see cref="EvidenceActor"/>.</param>
public sealed record EvidenceSink(IActorRef Keeper, SiteId Site, CameraId Camera);

/// <summary>Where evidence is kept. Not thread-safe against itself.</summary>
public interface IEvidenceStore
{
    /// <exception cref="EvidenceException">It could not be written; the message says why and what to do.</exception>
    void Write(IReadOnlyList<KeepEvidence> evidence);
}

public sealed class EvidenceException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>How long evidence is kept.</summary>
public sealed record EvidenceSettings
{
    public bool IsKept { get; init; } = true;

    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(7);

    public int MaxEntries { get; init; } = 100_000;
}
