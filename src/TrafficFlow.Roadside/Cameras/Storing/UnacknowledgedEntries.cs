using TrafficFlow.Core.Flow;
using TrafficFlow.Wire.Log;

namespace TrafficFlow.Roadside.Cameras.Storing;

/// <summary>Numbers what a tracker counts and keeps it, in order, until the outbox has stored it.</summary>
internal sealed class UnacknowledgedEntries
{
    // One write of the journal; many small ones would cost it more.
    private const int MaxPerStore = 1000;

    private readonly Queue<OutboxEntry> _entries = new();
    private long _last;

    public int Count => _entries.Count;

    public void Add(CountedVehicle vehicle) => _entries.Enqueue(new VehicleEntry(++_last, vehicle));

    public void Add(Coverage coverage) => _entries.Enqueue(new CoverageEntry(++_last, coverage));

    public IReadOnlyList<OutboxEntry> Oldest() => [.. _entries.Take(MaxPerStore)];

    /// <summary>Something between what is stored and the oldest entry here is in neither place.</summary>
    public bool HasGapAfter(long stored) => _entries.TryPeek(out var oldest) && oldest.Sequence > stored + 1;

    public void StoredUpTo(long sequence)
    {
        while (_entries.TryPeek(out var entry) && entry.Sequence <= sequence) _entries.Dequeue();
    }
}
