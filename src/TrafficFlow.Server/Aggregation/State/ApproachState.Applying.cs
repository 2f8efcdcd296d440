using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Server.Aggregation.State;

/// <summary>How events change the state.</summary>
public sealed partial record ApproachState
{
    // More than any event can close: the retention times all durations is some thousands.
    private const long CursorsOfARow = 1_000_000;

    public ApproachState Apply(ApproachEvent e, ApproachSetup setup) => e switch
    {
        // Rows between this one and what was recovered are damaged: the cameras' outboxes deliver all of it again.
        BatchCounted { After: { } after } counted when !LogOf(counted.Camera).Reaches(after) => this,
        BatchCounted counted => Count(counted, setup),
        LatenessPassed passed => Close(passed.ClosedThrough).Number(this, [], passed.RetainFrom, passed.At, setup).Evict(passed.RetainFrom),
        FeedsChanged changed => Change(changed),
        RevisionsDue due => Settle(due.Through, due.At, setup),
        QuarantineResolved resolved => Resolve(resolved, setup),
        CameraRepaired repaired => Repair(repaired),
        _ => throw new NotSupportedException($"the aggregator knows no event {e.GetType().Name}: was the journal written by a newer version?"),
    };

    /// <summary>Start and duration of each closed bin that these entries change.</summary>
    public IReadOnlySet<(BinDuration Duration, Interval Bin)> LateBins(IEnumerable<OutboxEntry> entries, ApproachSetup setup)
    {
        var late = new HashSet<(BinDuration, Interval)>();
        if (ClosedThrough == DateTimeOffset.MinValue) return late;
        foreach (var entry in entries)
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
        var late = LateBins(counted.Entries, setup);
        var after = Add(counted.Camera, counted.Provenance, counted.Entries);
        var feed = after.Cameras[counted.Camera.Value];
        var offset = counted.ClockOffset ?? feed.ClockOffset;
        List<OutboxEntry> taken = counted.Quarantined is { } held ? [.. counted.Entries.Concat(held).OrderBy(e => e.Sequence)] : [.. counted.Entries];
        after = after with
        {
            Cameras = after.Cameras.SetItem(counted.Camera.Value, feed with { Log = feed.Log.Take(counted.HighWater, taken, counted.At), ClockOffset = offset }),
            Quarantine = counted.Quarantined is { } wrong
                ? Quarantine.Add(new QuarantinedBatch(counted.Camera, counted.HighWater.Epoch, counted.Provenance, wrong, counted.StampOffset, counted.At))
                : Quarantine,
            Lag = counted.Entries.Count == 0 || feed.Watermark == DateTimeOffset.MinValue ? Lag : counted.At - (counted.ClockOffset ?? TimeSpan.Zero) - feed.Watermark,
        };
        return counted.Coalesces
            ? after.Revise(this, late, counted.ClosedThrough, counted.RetainFrom, counted.At, setup)
            : after.ReviseAtOnce(late).Close(counted.ClosedThrough).Number(this, late, counted.RetainFrom, counted.At, setup).Evict(counted.RetainFrom);
    }

    /// <summary>Counts entries and what they covered.</summary>
    private ApproachState Add(CameraId camera, Provenance provenance, IReadOnlyList<OutboxEntry> entries)
    {
        var feed = Cameras.GetValueOrDefault(camera.Value, CameraFeed.Empty);
        var (cells, totals, tooLate, since) = (Cells, Totals.ToBuilder(), TooLate, Since);
        var (watched, degraded, watermark) = (feed.Watched, feed.Degraded, feed.Watermark);
        foreach (var entry in entries)
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
                    foreach (var queue in coverage.Queues)
                    {
                        if (queue.From >= RetainFrom) cells = cells.Add(queue.From, queue.Sums);
                    }

                    since = Earlier(since, coverage.From);
                    break;
                default:
                    throw Unknown(entry);
            }
        }

        return this with
        {
            Cameras = Cameras.SetItem(camera.Value, feed with
            {
                Watermark = watermark,
                Watched = watched,
                Degraded = degraded,
                Provenances = WithProvenance(feed.Provenances, provenance, entries),
            }),
            Cells = cells,
            Totals = totals.ToImmutable(),
            TooLate = tooLate,
            Since = since,
        };
    }

    private static ImmutableArray<(DateTimeOffset From, Provenance Provenance)> WithProvenance(
        ImmutableArray<(DateTimeOffset From, Provenance Provenance)> known, Provenance provenance, IReadOnlyList<OutboxEntry> entries) =>
        entries.Count == 0 || (known.Length > 0 && known[^1].Provenance == provenance) ? known : known.Add((entries.Min(ClockSkewCheck.Earliest), provenance));

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

    private ApproachState ReviseAtOnce(IEnumerable<(BinDuration Duration, Interval Bin)> bins)
    {
        var changes = LateChanges.ToBuilder();
        foreach (var (duration, bin) in bins)
        {
            var key = (duration.Minutes, bin.From.UtcTicks);
            changes[key] = changes.GetValueOrDefault(key) + 1;
        }

        return this with { LateChanges = changes.ToImmutable() };
    }

    /// <summary>
    /// Closes bins, and revises those that were changed once every camera has passed their end, not with each batch: a bin that closed too
    /// early, for whatever reason, is published once more, complete.
    /// </summary>
    private ApproachState Revise(
        ApproachState before, IEnumerable<(BinDuration Duration, Interval Bin)> late, DateTimeOffset? closes, DateTimeOffset? retainFrom, DateTimeOffset at, ApproachSetup setup)
    {
        var changed = this with { Unsettled = Unsettled.Union(late.Select(l => (l.Duration.Minutes, l.Bin.From.UtcTicks))) };
        var passed = CamerasNow(setup).Select(c => changed.WatermarkOf(c, c, DateTimeOffset.MinValue)).DefaultIfEmpty(DateTimeOffset.MinValue).Min();
        return changed.Settle(passed, at, setup).Close(closes).Number(before, [], retainFrom, at, setup).Evict(retainFrom);
    }

    /// <summary>Revises the changed bins that end at or before this.</summary>
    private ApproachState Settle(DateTimeOffset through, DateTimeOffset at, ApproachSetup setup)
    {
        var settled = Changed(setup).Where(b => b.Bin.To <= through).ToList();
        if (settled.Count == 0) return this;
        var after = (this with { Unsettled = Unsettled.Except(settled.Select(s => (s.Duration.Minutes, s.Bin.From.UtcTicks))) }).ReviseAtOnce(settled);
        return after.Number(after, settled, null, at, setup);
    }

    private IEnumerable<(BinDuration Duration, Interval Bin)> Changed(ApproachSetup setup) => Unsettled.Select(u =>
    {
        var duration = new BinDuration(u.Minutes);
        return (duration, setup.Alignment.Containing(new DateTimeOffset(u.StartTicks, TimeSpan.Zero), duration));
    });

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
        Unsettled = Unsettled.Except(Unsettled.Where(k => k.StartTicks < before.UtcTicks)),
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
