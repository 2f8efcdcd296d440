using System.Collections.Immutable;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Roadside.Outbox;

/// <summary>What an approach is to get next, and what is given up when the bound is reached.</summary>
public sealed partial record OutboxState
{
    /// <summary>
    /// The next entries of one epoch for an approach, and how far they reach. No entries, but a position beyond the approach's own: what
    /// lies between concerns others. Null when the approach has everything.
    /// </summary>
    public (ImmutableArray<OutboxEntry> Entries, LogPosition UpTo)? NextFor(ApproachId approach, int maxEntries)
    {
        var position = PositionOf(approach);
        var upTo = position;
        var entries = ImmutableArray.CreateBuilder<OutboxEntry>();
        for (var i = FirstBatchAfter(position); i < Batches.Count; i++)
        {
            var batch = Batches[i];
            if (entries.Count > 0 && batch.Epoch != upTo.Epoch) break;
            // The row that opened the epoch was damaged: nobody knows what made these entries, or whom they concern.
            if (!Epochs.TryGetValue(batch.Epoch, out var epoch))
            {
                if (entries.Count > 0) break;
                upTo = batch.Last;
                continue;
            }

            var feeds = epoch.Feeds;
            foreach (var entry in batch.Entries)
            {
                var at = new LogPosition(batch.Epoch, entry.Sequence);
                if (at <= position) continue;
                if (entries.Count == maxEntries) return (entries.ToImmutable(), upTo);
                upTo = at;
                if (Concerns(entry, approach, feeds) && WithoutMissing(entry) is { } sent) entries.Add(sent);
            }
        }

        return upTo > position ? (entries.ToImmutable(), upTo) : null;
    }

    private static bool Concerns(OutboxEntry entry, ApproachId approach, IReadOnlyList<ApproachId> feeds) => entry switch
    {
        VehicleEntry vehicle => vehicle.Vehicle.Approach == approach,
        CoverageEntry => approach != ApproachId.Journeys && feeds.Contains(approach),
        JourneyEntry => approach == ApproachId.Journeys,
        UnknownEntry unknown => unknown.For == approach,
        _ => throw new NotSupportedException($"the outbox knows no entry {entry.GetType().Name}"),
    };

    /// <summary>A dropped count may lie inside a coverage that was kept: that part must show as missing.</summary>
    private OutboxEntry? WithoutMissing(OutboxEntry entry) =>
        entry is not CoverageEntry { Coverage: var coverage } || coverage.From >= MissingUntil ? entry
        : coverage.To <= MissingUntil ? null
        : new CoverageEntry(entry.Sequence, coverage with { From = MissingUntil });

    /// <summary>Whole batches from the oldest on, so that what remains of a batch is never half of what one coverage covers.</summary>
    private EntriesDropped? DropOldest(long excess)
    {
        var count = 0L;
        var missingUntil = MissingUntil;
        var upTo = LogPosition.Start;
        foreach (var batch in Batches.Skip(AcceptedBatches))
        {
            if (count >= excess) break;
            foreach (var entry in batch.Entries)
            {
                var until = entry switch
                {
                    // A crossing at the very instant lies in the interval that begins there.
                    VehicleEntry vehicle => vehicle.Vehicle.Time.AddTicks(1),
                    CoverageEntry coverage => coverage.Coverage.To,
                    _ => missingUntil,
                };
                if (until > missingUntil) missingUntil = until;
            }

            count += batch.Entries.Length;
            upTo = batch.Last;
        }

        return count == 0 ? null : new EntriesDropped(upTo, missingUntil);
    }

    private OutboxState Drop(EntriesDropped dropped)
    {
        var gone = Batches.TakeWhile(b => b.Last <= dropped.UpTo).ToList();
        // The accepted tail goes with them: no row behind a deleted one may be needed. It was not lost.
        var count = gone.Skip(AcceptedBatches).Sum(b => (long)b.Entries.Length);
        var kept = gone.Take(AcceptedBatches).Sum(b => (long)b.Entries.Length);
        var accepted = AcceptedUpTo;
        foreach (var approach in Approaches)
            if (PositionOf(approach) < dropped.UpTo) accepted = accepted.SetItem(approach, dropped.UpTo);
        return this with
        {
            Batches = Batches.RemoveRange(0, gone.Count),
            AcceptedBatches = Math.Max(0, AcceptedBatches - gone.Count),
            Retained = Retained - kept,
            Pending = Pending - count,
            DroppedTotal = DroppedTotal + count,
            MissingUntil = dropped.MissingUntil,
            AcceptedUpTo = accepted,
            DeletableUpTo = Math.Max(DeletableUpTo, gone.Count == 0 ? 0 : gone[^1].JournalSequence),
        };
    }

    private int FirstBatchAfter(LogPosition position)
    {
        var (low, high) = (0, Batches.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Batches[middle].Last <= position) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
