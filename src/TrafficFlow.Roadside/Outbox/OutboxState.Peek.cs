using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Roadside.Outbox;

/// <summary>What waits for delivery, for whoever looks into it.</summary>
public sealed partial record OutboxState
{
    /// <summary>The first and the last entries that wait, in order; all of them where there are no more than twice as many.</summary>
    public IReadOnlyList<(long Epoch, OutboxEntry Entry)> Peek(int count)
    {
        // Of the first batch that waits some may concern approaches that have accepted them: with the batch they wait as well.
        var waiting = Batches.Skip(AcceptedBatches).ToList();
        if (waiting.Sum(b => (long)b.Entries.Length) <= 2L * count) return [.. waiting.SelectMany(Of)];
        var last = Enumerable.Reverse(waiting).SelectMany(b => b.Entries.Reverse().Select(e => (b.Epoch, e))).Take(count).Reverse();
        return [.. waiting.SelectMany(Of).Take(count), .. last];

        static IEnumerable<(long, OutboxEntry)> Of(StoredBatch batch) => batch.Entries.Select(e => (batch.Epoch, e));
    }

    /// <summary>How many entries wait for one approach.</summary>
    public long PendingFor(ApproachId approach)
    {
        var position = PositionOf(approach);
        return Batches.Sum(b => b.Last <= position ? 0L : b.Entries.Count(e => new LogPosition(b.Epoch, e.Sequence) > position));
    }
}
