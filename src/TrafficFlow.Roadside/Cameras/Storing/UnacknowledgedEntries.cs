using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Evidence;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Roadside.Cameras.Storing;

/// <summary>Numbers what a tracker counts and keeps it, in order, until the outbox has stored it.</summary>
internal sealed class UnacknowledgedEntries
{
    // One write of the journal; many small ones would cost it more.
    private const int MaxPerStore = 1000;

    private readonly Queue<CountedEntry> _entries = new();
    private long _last;
    private bool _isWithoutJourneys;

    public int Count => _entries.Count;

    /// <summary>Number of the newest entry; 0 before the first.</summary>
    public long Last => _last;

    public void Add(CountedVehicle vehicle, CountEvidence? evidence = null) => _entries.Enqueue(new CountedEntry(new VehicleEntry(++_last, vehicle), evidence));

    public void Add(Coverage coverage) => _entries.Enqueue(new CountedEntry(new CoverageEntry(++_last, coverage), null));

    public void Add(CameraId junction, Journey journey, CountEvidence? evidence = null)
    {
        if (!_isWithoutJourneys) _entries.Enqueue(new CountedEntry(new JourneyEntry(++_last, junction, journey), evidence));
    }

    /// <summary>Numbers vehicles and coverage as if there were no journeys. Only before anything is stored.</summary>
    public void LeaveOutJourneys()
    {
        CountedEntry[] kept = [.. _entries.Where(e => e.Entry is not JourneyEntry)];
        _entries.Clear();
        (_last, _isWithoutJourneys) = (0, true);
        foreach (var entry in kept) _entries.Enqueue(entry with { Entry = entry.Entry with { Sequence = ++_last } });
    }

    public IReadOnlyList<OutboxEntry> Oldest() => [.. _entries.Take(MaxPerStore).Select(e => e.Entry)];

    /// <summary>Something between what is stored and the oldest entry here is in neither place.</summary>
    public bool HasGapAfter(long stored) => _entries.TryPeek(out var oldest) && oldest.Entry.Sequence > stored + 1;

    /// <returns>What was stored and has a reason to be told: vehicles, journeys, and the coverage of their time.</returns>
    public IReadOnlyList<CountedEntry> StoredUpTo(long sequence)
    {
        List<CountedEntry>? stored = null;
        while (_entries.TryPeek(out var entry) && entry.Entry.Sequence <= sequence)
        {
            if (entry.Evidence is not null || entry.Entry is CoverageEntry) (stored ??= []).Add(entry);
            _entries.Dequeue();
        }

        return stored ?? [];
    }
}
