using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Benchmarks.Restart;

internal readonly record struct EntryKey(string Camera, long Epoch, long Sequence);

/// <summary>
/// What the journal proves, by sets and sums alone: every entry that an outbox ever stored against every entry that an aggregator ever
/// persisted.
/// </summary>
internal sealed class Evidence
{
    private readonly Dictionary<(string Camera, long Epoch), EpochOpened> _epochs = [];
    private readonly Dictionary<EntryKey, OutboxEntry> _stored = [];
    private readonly Dictionary<(EntryKey Entry, string Approach), int> _counted = [];
    private readonly Dictionary<string, long> _vehiclesOf = [];
    private readonly List<string> _faults = [];

    public long Emitted => _stored.Values.LongCount(e => e is VehicleEntry);

    /// <summary>Vehicle entries in the aggregators' events, repeats included.</summary>
    public long CountedVehicles => _vehiclesOf.Values.Sum();

    public long Lost => Due<VehicleEntry>().LongCount(d => !_counted.ContainsKey(d));

    public long Doubled => Repeats<VehicleEntry>();

    public long CoverageLost => Due<CoverageEntry>().LongCount(d => !_counted.ContainsKey(d));

    public long CoverageDoubled => Repeats<CoverageEntry>();

    /// <summary>Epochs without a gap, coverage without overlap, nothing counted that was not emitted: what is wrong, in words.</summary>
    public IEnumerable<string> Faults => _faults.Concat(Gaps()).Concat(Overlaps());

    public IReadOnlyDictionary<string, long> VehiclesOf => _vehiclesOf;

    public void Opened(string camera, EpochOpened opened)
    {
        if (!_epochs.TryAdd((camera, opened.Epoch), opened)) _faults.Add($"{camera} opened epoch {opened.Epoch} twice");
    }

    public void Stored(string camera, EntriesStored stored)
    {
        foreach (var entry in stored.Entries)
        {
            if (!_stored.TryAdd(new EntryKey(camera, stored.Epoch, entry.Sequence), entry)) _faults.Add($"{camera} stored {stored.Epoch}/{entry.Sequence} twice");
        }
    }

    public void Counted(string approach, BatchCounted counted)
    {
        foreach (var entry in counted.Entries)
        {
            var key = new EntryKey(counted.Camera.Value, counted.HighWater.Epoch, entry.Sequence);
            if (!_stored.TryGetValue(key, out var stored) || WithoutQueues(stored) != WithoutQueues(entry)) _faults.Add($"{approach} counted {key}, which no outbox stored like this");
            if (entry is VehicleEntry { Vehicle.Approach.Value: var own } && own != approach) _faults.Add($"{approach} counted {key}, which belongs to {own}");
            _counted[(key, approach)] = _counted.GetValueOrDefault((key, approach)) + 1;
            if (entry is VehicleEntry) _vehiclesOf[approach] = _vehiclesOf.GetValueOrDefault(approach) + 1;
        }
    }

    /// <summary>An approach keeps only its own queue of what a coverage tells.</summary>
    private static OutboxEntry WithoutQueues(OutboxEntry entry) =>
        entry is CoverageEntry { Coverage: var coverage } covered ? covered with { Coverage = coverage with { Queues = [] } } : entry;

    /// <summary>Event times from the first to the last entry.</summary>
    public Interval Span()
    {
        List<DateTimeOffset> times =
        [
            .. _stored.Values.OfType<VehicleEntry>().Select(v => v.Vehicle.Time),
            .. _stored.Values.OfType<CoverageEntry>().Select(c => c.Coverage.From),
        ];
        return new Interval(times.Min(), times.Max());
    }

    /// <summary>Every delivery that is owed: a vehicle to its approach, coverage to each approach that the camera feeds.</summary>
    private IEnumerable<(EntryKey Entry, string Approach)> Due<T>()
        where T : OutboxEntry =>
        from stored in _stored
        where stored.Value is T
        from approach in stored.Value is VehicleEntry v ? [v.Vehicle.Approach] : _epochs[(stored.Key.Camera, stored.Key.Epoch)].Feeds.Where(f => f != ApproachId.Journeys)
        select (stored.Key, approach.Value);

    private long Repeats<T>()
        where T : OutboxEntry =>
        _counted.Where(c => _stored.TryGetValue(c.Key.Entry, out var e) && e is T).Sum(c => (long)c.Value - 1);

    private IEnumerable<string> Gaps() =>
        from epoch in _stored.Keys.GroupBy(k => (k.Camera, k.Epoch))
        let last = epoch.Max(k => k.Sequence)
        where epoch.Min(k => k.Sequence) != 1 || last != epoch.Count()
        select $"{epoch.Key.Camera} has {epoch.Count()} entries of {last} in epoch {epoch.Key.Epoch}";

    private IEnumerable<string> Overlaps()
    {
        foreach (var camera in _stored.Where(s => s.Value is CoverageEntry).GroupBy(s => s.Key.Camera))
        {
            var watched = camera.Select(s => ((CoverageEntry)s.Value).Coverage).OrderBy(c => c.From).ToList();
            for (var i = 1; i < watched.Count; i++)
            {
                if (watched[i].From < watched[i - 1].To) yield return $"{camera.Key} says twice that it watched at {watched[i].From:O}";
            }
        }
    }
}
