using System.Collections.Immutable;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Roadside.Outbox;

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
/// <param name="Keep">Entries that stay although every approach has accepted them: an aggregator that lost its last rows asks for them again.</param>
public sealed partial record OutboxState(int Keep)
{
    public static readonly OutboxState Empty = new(0);

    public LogPosition LastStored { get; private init; } = LogPosition.Start;

    /// <summary>The current epoch and those that still have pending entries.</summary>
    public ImmutableSortedDictionary<long, EpochOpened> Epochs { get; private init; } = ImmutableSortedDictionary<long, EpochOpened>.Empty;

    /// <summary>A tail of what was accepted by all (<see cref="AcceptedBatches"/> of them), then what is pending.</summary>
    public ImmutableList<StoredBatch> Batches { get; private init; } = [];

    /// <summary>So many of the first batches are accepted by every approach, and kept in case that an aggregator has lost them.</summary>
    public int AcceptedBatches { get; private init; }

    /// <summary>Entries that are kept although every approach has accepted them.</summary>
    public long Retained { get; private init; }

    public ImmutableDictionary<ApproachId, LogPosition> AcceptedUpTo { get; private init; } = ImmutableDictionary<ApproachId, LogPosition>.Empty;

    /// <summary>How far each aggregator itself has said that it persisted; what only concerned others does not move it.</summary>
    public ImmutableDictionary<ApproachId, LogPosition> Delivered { get; private init; } = ImmutableDictionary<ApproachId, LogPosition>.Empty;

    public long Pending { get; private init; }

    /// <summary>The first entry of the oldest batch that not every approach has accepted; null where there is none.</summary>
    public LogPosition? OldestPending => AcceptedBatches < Batches.Count ? Batches[AcceptedBatches].First : null;

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
            : [new EpochOpened(Math.Max(NextEpoch, command.AtLeast), command.Run, command.Provenance, command.Feeds, command.Origin)];

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

    /// <summary>The entries do not follow on what is stored: this outbox is not the one that stored those before them.</summary>
    public bool HasGapBefore(Store command) =>
        command.Entries.Count > 0 && (command.Epoch != LastStored.Epoch || command.Entries[0].Sequence > LastStored.Sequence + 1);

    public DeliveryAcknowledged Acknowledge() => new(
        LastStored,
        [.. Epochs.Values],
        [.. AcceptedUpTo.Select(a => new AcceptedUpTo(a.Key, a.Value, DeliveredTo(a.Key)))],
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
            IsDamaged = false,
        },
        EntriesStored stored => Append(stored, journalSequence),
        EntriesDropped dropped => Drop(dropped).Trim(),
        DeliveryAcknowledged acknowledged => (this with
        {
            LastStored = acknowledged.LastStored > LastStored ? acknowledged.LastStored : LastStored,
            Epochs = acknowledged.Epochs.ToImmutableSortedDictionary(o => o.Epoch, o => o),
            AcceptedUpTo = acknowledged.Accepted.ToImmutableDictionary(a => a.Approach, a => a.Position),
            Delivered = acknowledged.Accepted.Where(a => a.Delivered is not null).ToImmutableDictionary(a => a.Approach, a => a.Delivered!.Value),
            DroppedTotal = acknowledged.DroppedTotal,
            MissingUntil = acknowledged.MissingUntil,
        }).Trim(),
        _ => throw new NotSupportedException($"the outbox knows no event {e.GetType().Name}: was the journal written by a newer version?"),
    };

    public OutboxState Apply(Accepted accepted)
    {
        var position = new LogPosition(accepted.Epoch, accepted.UpToSequence);
        var delivered = position > (DeliveredTo(accepted.Approach) ?? LogPosition.Start)
            ? this with { Delivered = Delivered.SetItem(accepted.Approach, position) }
            : this;
        return delivered.Advance(accepted.Approach, position);
    }

    /// <summary>Moves an approach past entries that do not concern it, or that it accepted.</summary>
    public OutboxState Advance(ApproachId approach, LogPosition to) =>
        to <= PositionOf(approach) ? this : (this with { AcceptedUpTo = AcceptedUpTo.SetItem(approach, to) }).Trim();

    public LogPosition PositionOf(ApproachId approach) => AcceptedUpTo.GetValueOrDefault(approach, LogPosition.Start);

    /// <summary>Null before the aggregator has said anything.</summary>
    public LogPosition? DeliveredTo(ApproachId approach) => Delivered.TryGetValue(approach, out var position) ? position : null;

    /// <summary>Back to what the aggregator has; entries that are kept no more cannot be sent again.</summary>
    public OutboxState Apply(Behind behind)
    {
        if (behind.HighWater >= (DeliveredTo(behind.Approach) ?? LogPosition.Start)) return this;
        var rewound = FirstBatchAfter(behind.HighWater);
        var again = Math.Min(rewound, AcceptedBatches);
        var entries = Batches.Skip(again).Take(AcceptedBatches - again).Sum(b => (long)b.Entries.Length);
        return this with
        {
            AcceptedUpTo = AcceptedUpTo.SetItem(behind.Approach, behind.HighWater),
            Delivered = Delivered.SetItem(behind.Approach, behind.HighWater),
            AcceptedBatches = again,
            Retained = Retained - entries,
            Pending = Pending + entries,
        };
    }

    /// <summary>Whether everything after this position is still kept, as far as positions can tell.</summary>
    public bool Reaches(LogPosition position)
    {
        if (Batches.IsEmpty) return position >= LastStored;
        var first = Batches[0].First;
        // With which sequence an earlier epoch ended is not known: a position in it may be its last, and then nothing is missing before the next epoch.
        return position >= first with { Sequence = first.Sequence - 1 } || first.Sequence == 1;
    }

    private OutboxState Append(EntriesStored stored, long journalSequence)
    {
        var (entries, isCovered) = WithoutUncertain(stored);
        var batch = new StoredBatch(journalSequence, stored.Epoch, entries);
        return WithEpoch(stored.Epoch) with
        {
            IsUncertain = !isCovered,
            Batches = Batches.Add(batch),
            LastStored = batch.Last,
            Pending = Pending + batch.Entries.Length,
        };
    }

    private OutboxState Trim()
    {
        var reached = Approaches.Select(PositionOf).DefaultIfEmpty(LogPosition.Start).Min();
        var (accepted, retained, pending) = (AcceptedBatches, Retained, Pending);
        while (accepted < Batches.Count && Batches[accepted].Last <= reached)
        {
            retained += Batches[accepted].Entries.Length;
            pending -= Batches[accepted].Entries.Length;
            accepted++;
        }

        var gone = 0;
        var deletable = DeletableUpTo;
        while (gone < accepted && retained - Batches[gone].Entries.Length >= Keep)
        {
            retained -= Batches[gone].Entries.Length;
            deletable = Math.Max(deletable, Batches[gone].JournalSequence);
            gone++;
        }

        var trimmed = accepted == AcceptedBatches && gone == 0 ? this : this with
        {
            Batches = gone == 0 ? Batches : Batches.RemoveRange(0, gone),
            AcceptedBatches = accepted - gone,
            Retained = retained,
            Pending = pending,
            DeletableUpTo = deletable,
        };
        return gone > 0 || Batches.IsEmpty ? trimmed.PruneEpochs() : trimmed;
    }

    /// <summary>
    /// Accepted entries of live cameras that were stamped before this are kept no more. What is not accepted stays: it is nobody's copy. Those of
    /// recordings have stamps of another time.
    /// </summary>
    public OutboxState Age(DateTimeOffset before)
    {
        var gone = 0;
        while (gone < AcceptedBatches && IsOld(Batches[gone])) gone++;
        return gone == 0 ? this : (this with
        {
            Batches = Batches.RemoveRange(0, gone),
            AcceptedBatches = AcceptedBatches - gone,
            Retained = Retained - Batches.Take(gone).Sum(b => (long)b.Entries.Length),
            DeletableUpTo = Math.Max(DeletableUpTo, Batches[gone - 1].JournalSequence),
        }).PruneEpochs();

        bool IsOld(StoredBatch batch) => Epochs.TryGetValue(batch.Epoch, out var epoch) && epoch.Origin is not null && batch.Entries.Max(StampOf) < before;
    }

    /// <summary>Entries of live cameras that no approach has, and that must be gone by now; null where there are none.</summary>
    /// <param name="journeys">Those of journeys that were stamped before; null for none.</param>
    /// <param name="counts">The same of all others.</param>
    public EntriesDropped? OverAge(DateTimeOffset? journeys, DateTimeOffset? counts)
    {
        var over = Batches.Skip(AcceptedBatches)
            .TakeWhile(b => Epochs.TryGetValue(b.Epoch, out var epoch) && epoch.Origin is not null && b.Entries.All(e => StampOf(e) < (e is JourneyEntry ? journeys : counts)))
            .Sum(b => (long)b.Entries.Length);
        return over == 0 ? null : DropOldest(over);
    }

    private static DateTimeOffset StampOf(OutboxEntry entry) => entry switch
    {
        VehicleEntry v => v.Vehicle.Time,
        CoverageEntry c => c.Coverage.To,
        JourneyEntry j => j.Journey.LastSeenAt,
        _ => DateTimeOffset.MinValue,
    };

    private OutboxState PruneEpochs()
    {
        var oldest = Batches.IsEmpty ? LastStored.Epoch : Batches[0].Epoch;
        var over = Epochs.Keys.Where(e => e < oldest).ToList();
        return over.Count == 0 ? this : this with { Epochs = Epochs.RemoveRange(over) };
    }
}
