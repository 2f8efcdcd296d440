using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Roadside.Cameras.Storing;

/// <summary>Numbers what a tracker counts and keeps it, in order, until the outbox has stored it.</summary>
internal sealed class UnacknowledgedEntries
{
    // One write of the journal; many small ones would cost it more.
    private const int MaxPerStore = 1000;

    private readonly Queue<OutboxEntry> _entries = new();
    private long _last;
    private bool _isWithoutJourneys;

    public int Count => _entries.Count;

    /// <summary>Number of the newest entry; 0 before the first.</summary>
    public long Last => _last;

    public void Add(CountedVehicle vehicle) => _entries.Enqueue(new VehicleEntry(++_last, vehicle));

    public void Add(Coverage coverage) => _entries.Enqueue(new CoverageEntry(++_last, coverage));

    public void Add(CameraId junction, Journey journey)
    {
        if (!_isWithoutJourneys) _entries.Enqueue(new JourneyEntry(++_last, junction, journey));
    }

    /// <summary>Numbers vehicles and coverage as if there were no journeys. Only before anything is stored.</summary>
    public void LeaveOutJourneys()
    {
        OutboxEntry[] kept = [.. _entries.Where(e => e is not JourneyEntry)];
        _entries.Clear();
        (_last, _isWithoutJourneys) = (0, true);
        foreach (var entry in kept) _entries.Enqueue(entry with { Sequence = ++_last });
    }

    public IReadOnlyList<OutboxEntry> Oldest() => [.. _entries.Take(MaxPerStore)];

    /// <summary>Something between what is stored and the oldest entry here is in neither place.</summary>
    public bool HasGapAfter(long stored) => _entries.TryPeek(out var oldest) && oldest.Sequence > stored + 1;

    public void StoredUpTo(long sequence)
    {
        while (_entries.TryPeek(out var entry) && entry.Sequence <= sequence) _entries.Dequeue();
    }
}
