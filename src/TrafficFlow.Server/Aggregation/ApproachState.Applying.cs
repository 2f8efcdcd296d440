using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Log;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Server.Aggregation;

/// <summary>How events change the state.</summary>
public sealed partial record ApproachState
{
    // More than any event can close: the retention times all durations is some thousands.
    private const long CursorsOfARow = 1_000_000;

    public ApproachState Apply(ApproachEvent e, ApproachSetup setup) => e switch
    {
        // Rows between this one and what was recovered are damaged: the cameras' outboxes deliver all of it again.
        BatchCounted { After: { } after } counted when after > HighWaterOf(counted.Camera) => this,
        BatchCounted counted => Count(counted, setup),
        LatenessPassed passed => Close(passed.ClosedThrough).Number(this, [], passed.RetainFrom, passed.At, setup).Evict(passed.RetainFrom),
        FeedsChanged changed => Change(changed),
        _ => throw new NotSupportedException($"the aggregator knows no event {e.GetType().Name}: was the journal written by a newer version?"),
    };

    /// <summary>Start and duration of each closed bin that these entries change.</summary>
    public IReadOnlySet<(BinDuration Duration, Interval Bin)> LateBins(BatchCounted counted, ApproachSetup setup)
    {
        var late = new HashSet<(BinDuration, Interval)>();
        if (ClosedThrough == DateTimeOffset.MinValue) return late;
        foreach (var entry in counted.Entries)
        {
            var span = entry switch
            {
                VehicleEntry { Vehicle.Time: var time } => new Interval(time, time.AddTicks(1)),
                CoverageEntry { Coverage: var coverage } => new Interval(coverage.From, coverage.To),
                _ => throw Unknown(entry),
            };
            var changed = span.Clip(new Interval(RetainFrom, ClosedThrough));
            if (changed.IsEmpty) continue;
            foreach (var duration in BinDuration.All)
                foreach (var bin in setup.Alignment.Touching(changed, duration))
                    if (bin.To <= ClosedThrough) late.Add((duration, bin));
        }

        return late;
    }

    private ApproachState Count(BatchCounted counted, ApproachSetup setup)
    {
        var feed = Cameras.GetValueOrDefault(counted.Camera.Value, CameraFeed.Empty);
        var (cells, totals, tooLate, since) = (Cells, Totals.ToBuilder(), TooLate, Since);
        var (watched, degraded, watermark) = (feed.Watched, feed.Degraded, feed.Watermark);
        foreach (var entry in counted.Entries)
        {
            switch (entry)
            {
                case VehicleEntry { Vehicle: var vehicle }:
                    var stream = new FlowStream(vehicle.Movement, vehicle.Class);
                    totals[stream] = totals.GetValueOrDefault(stream) + 1;
                    if (vehicle.Time < RetainFrom) tooLate++;
                    else cells = cells.Add(vehicle.Time, stream, FlowSums.Of(vehicle));
                    since = Earlier(since, vehicle.Time);
                    break;
                case CoverageEntry { Coverage: var coverage }:
                    var interval = new Interval(coverage.From < RetainFrom ? RetainFrom : coverage.From, coverage.To);
                    watched = watched.Add(interval);
                    if (coverage.State == WatchState.Degraded) degraded = degraded.Add(interval);
                    if (coverage.To > watermark) watermark = coverage.To;
                    since = Earlier(since, coverage.From);
                    break;
                default:
                    throw Unknown(entry);
            }
        }

        var changes = LateChanges.ToBuilder();
        var late = LateBins(counted, setup);
        foreach (var (duration, bin) in late)
        {
            var key = (duration.Minutes, bin.From.UtcTicks);
            changes[key] = changes.GetValueOrDefault(key) + 1;
        }

        var after = this with
        {
            Cameras = Cameras.SetItem(counted.Camera.Value, feed with
            {
                HighWater = counted.HighWater,
                Watermark = watermark,
                Watched = watched,
                Degraded = degraded,
                Provenances = WithProvenance(feed.Provenances, counted),
            }),
            Cells = cells,
            Totals = totals.ToImmutable(),
            TooLate = tooLate,
            Since = since,
            LateChanges = changes.ToImmutable(),
            Lag = watermark == DateTimeOffset.MinValue ? Lag : counted.At - watermark,
        };
        return after.Close(counted.ClosedThrough).Number(this, late, counted.RetainFrom, counted.At, setup).Evict(counted.RetainFrom);
    }

    private static ImmutableArray<(DateTimeOffset From, Provenance Provenance)> WithProvenance(
        ImmutableArray<(DateTimeOffset From, Provenance Provenance)> known, BatchCounted counted)
    {
        if (counted.Entries.Count == 0 || (known.Length > 0 && known[^1].Provenance == counted.Provenance)) return known;
        var from = counted.Entries.Min(e => e is CoverageEntry c ? c.Coverage.From : ((VehicleEntry)e).Vehicle.Time);
        return known.Add((from, counted.Provenance));
    }

    /// <summary>
    /// A row that cannot be read may have closed any number of bins under the next numbers: none of these is given again, so that
    /// subscribers see what is closed anew.
    /// </summary>
    public ApproachState PassOver(DamagedRow _) => this with { Cursor = Cursor + CursorsOfARow };

    /// <summary>The read tables hold everything up to here. Not an event: what recovery does not know is written again, to no effect.</summary>
    public ApproachState Written(long upTo)
    {
        var written = Unwritten.Keys.TakeWhile(c => c <= upTo).ToList();
        return written.Count == 0 ? this : this with { Unwritten = Unwritten.RemoveRange(written) };
    }

    /// <summary>Gives each bin that was revised or closed since then the next number.</summary>
    private ApproachState Number(
        ApproachState before, IEnumerable<(BinDuration Duration, Interval Bin)> late, DateTimeOffset? retainFrom, DateTimeOffset at, ApproachSetup setup)
    {
        var (cursor, unwritten) = (Cursor, Unwritten);
        var revised = late.OrderBy(l => l.Duration).ThenBy(l => l.Bin.From).Select(l => Bin(l.Bin, l.Duration, setup));
        foreach (var bin in revised.Concat(ClosedSince(before, retainFrom, setup)))
        {
            cursor++;
            unwritten = unwritten.Add(cursor, new ClosedBin(cursor, bin, at));
        }

        return cursor == Cursor ? this : this with { Cursor = cursor, Unwritten = unwritten };
    }

    private ApproachState Close(DateTimeOffset? through) => through > ClosedThrough ? this with { ClosedThrough = through.Value } : this;

    private ApproachState Evict(DateTimeOffset? retainFrom) => retainFrom > RetainFrom ? Evict(retainFrom.Value) : this;

    private ApproachState Evict(DateTimeOffset before) => this with
    {
        RetainFrom = before,
        Cells = Cells.EvictBefore(before),
        Feeds = Recent(Feeds, before),
        Cameras = Cameras.ToImmutableSortedDictionary(
            c => c.Key,
            c => c.Value with
            {
                Watched = c.Value.Watched.From(before),
                Degraded = c.Value.Degraded.From(before),
                Provenances = Recent(c.Value.Provenances, before),
            },
            StringComparer.Ordinal),
        LateChanges = LateChanges.RemoveRange(LateChanges.Keys.Where(k => k.StartTicks < before.UtcTicks)),
    };

    private static ImmutableArray<(DateTimeOffset From, Provenance Provenance)> Recent(
        ImmutableArray<(DateTimeOffset From, Provenance Provenance)> all, DateTimeOffset before)
    {
        var last = all.Length - 1;
        while (last > 0 && all[last].From > before) last--;
        return last <= 0 ? all : all.RemoveRange(0, last);
    }

    private static DateTimeOffset Earlier(DateTimeOffset? a, DateTimeOffset b) => a is { } time && time < b ? time : b;

    private static NotSupportedException Unknown(OutboxEntry entry) => new($"the aggregator knows no entry {entry.GetType().Name}");
}
