using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Actors.Delivery;

/// <summary>Entries that were stored together, and where the journal holds them.</summary>
public sealed record StoredBatch(long JournalSequence, long Epoch, ImmutableArray<OutboxEntry> Entries)
{
    public LogPosition First => new(Epoch, Entries[0].Sequence);
    public LogPosition Last => new(Epoch, Entries[^1].Sequence);
}

/// <summary>
/// One camera's log of what was measured and not yet accepted by every approach. Pure: commands give events, events give states.
/// What approaches accepted is applied at once and persisted now and then: after a crash some batches are sent again, and the
/// aggregators know them.
/// </summary>
public sealed partial record OutboxState
{
    public static readonly OutboxState Empty = new();

    public LogPosition LastStored { get; private init; } = LogPosition.Start;

    /// <summary>The current epoch and those that still have pending entries.</summary>
    public ImmutableSortedDictionary<long, EpochOpened> Epochs { get; private init; } = ImmutableSortedDictionary<long, EpochOpened>.Empty;

    public ImmutableList<StoredBatch> Batches { get; private init; } = [];
    public ImmutableDictionary<ApproachId, LogPosition> AcceptedUpTo { get; private init; } = ImmutableDictionary<ApproachId, LogPosition>.Empty;
    public long Pending { get; private init; }
    public long DroppedTotal { get; private init; }

    /// <summary>Event time before which entries were dropped: no coverage before it may be delivered.</summary>
    public DateTimeOffset MissingUntil { get; private init; }

    /// <summary>The journal is needed no more up to here; 0 for none.</summary>
    public long DeletableUpTo { get; private init; }

    public EpochOpened? CurrentEpoch => Epochs.IsEmpty ? null : Epochs[Epochs.Keys.Last()];

    public IEnumerable<ApproachId> Approaches => Epochs.Values.SelectMany(e => e.Feeds).Distinct();

    public IReadOnlyList<OutboxEvent> Process(OpenEpoch command) =>
        CurrentEpoch?.Run == command.Run
            ? []
            : [new EpochOpened((CurrentEpoch?.Epoch ?? 0) + 1, command.Run, command.Provenance, command.Feeds)];

    /// <summary>Nothing where all entries are stored already, where the epoch is over, or where entries before them are missing.</summary>
    public IReadOnlyList<OutboxEvent> Process(Store command, int maxEntries)
    {
        if (command.Epoch != LastStored.Epoch) return [];
        var added = command.Entries.Where(e => e.Sequence > LastStored.Sequence).ToImmutableArray();
        if (added.IsEmpty || added[0].Sequence != LastStored.Sequence + 1) return [];
        var stored = new EntriesStored(command.Epoch, added);
        var excess = Pending + added.Length - maxEntries;
        return excess > 0 && DropOldest(excess) is { } dropped ? [dropped, stored] : [stored];
    }

    public DeliveryAcknowledged Acknowledge() => new(
        LastStored,
        [.. Epochs.Values],
        [.. AcceptedUpTo.Select(a => new AcceptedUpTo(a.Key, a.Value))],
        DroppedTotal,
        MissingUntil);

    /// <param name="e">What was persisted.</param>
    /// <param name="journalSequence">Where the journal holds it.</param>
    public OutboxState Apply(OutboxEvent e, long journalSequence) => e switch
    {
        EpochOpened opened => this with
        {
            Epochs = Epochs.SetItem(opened.Epoch, opened),
            LastStored = new LogPosition(opened.Epoch, 0),
        },
        EntriesStored stored => Append(stored, journalSequence),
        EntriesDropped dropped => Drop(dropped).Trim(),
        DeliveryAcknowledged acknowledged => (this with
        {
            LastStored = acknowledged.LastStored > LastStored ? acknowledged.LastStored : LastStored,
            Epochs = acknowledged.Epochs.ToImmutableSortedDictionary(o => o.Epoch, o => o),
            AcceptedUpTo = acknowledged.Accepted.ToImmutableDictionary(a => a.Approach, a => a.Position),
            DroppedTotal = acknowledged.DroppedTotal,
            MissingUntil = acknowledged.MissingUntil,
        }).Trim(),
        _ => throw new NotSupportedException($"the outbox knows no event {e.GetType().Name}: was the journal written by a newer version?"),
    };

    public OutboxState Apply(Accepted accepted) => Advance(accepted.Approach, new LogPosition(accepted.Epoch, accepted.UpToSequence));

    /// <summary>Moves an approach past entries that do not concern it, or that it accepted.</summary>
    public OutboxState Advance(ApproachId approach, LogPosition to) =>
        to <= PositionOf(approach) ? this : (this with { AcceptedUpTo = AcceptedUpTo.SetItem(approach, to) }).Trim();

    public LogPosition PositionOf(ApproachId approach) => AcceptedUpTo.GetValueOrDefault(approach, LogPosition.Start);

    private OutboxState Append(EntriesStored stored, long journalSequence)
    {
        var batch = new StoredBatch(journalSequence, stored.Epoch, [.. stored.Entries]);
        return this with
        {
            Batches = Batches.Add(batch),
            LastStored = batch.Last,
            Pending = Pending + batch.Entries.Length,
        };
    }

    private OutboxState Trim()
    {
        if (Batches.IsEmpty) return PruneEpochs();
        var reached = Approaches.Select(PositionOf).DefaultIfEmpty(LogPosition.Start).Min();
        var done = 0;
        var freed = 0L;
        var deletable = DeletableUpTo;
        while (done < Batches.Count && Batches[done].Last <= reached)
        {
            freed += Batches[done].Entries.Length;
            deletable = Math.Max(deletable, Batches[done].JournalSequence);
            done++;
        }

        return done == 0
            ? this
            : (this with { Batches = Batches.RemoveRange(0, done), Pending = Pending - freed, DeletableUpTo = deletable }).PruneEpochs();
    }

    private OutboxState PruneEpochs()
    {
        var oldest = Batches.IsEmpty ? LastStored.Epoch : Batches[0].Epoch;
        var over = Epochs.Keys.Where(e => e < oldest).ToList();
        return over.Count == 0 ? this : this with { Epochs = Epochs.RemoveRange(over) };
    }
}
