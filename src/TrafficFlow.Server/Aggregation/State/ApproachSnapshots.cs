using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Flow;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Serialization;
using ApproachSnapshot = TrafficFlow.Wire.Proto.ApproachSnapshot;

namespace TrafficFlow.Server.Aggregation.State;

/// <summary>State to snapshot and back.</summary>
internal static class ApproachSnapshots
{
    public static ApproachSnapshot Take(ApproachState state)
    {
        var snapshot = new ApproachSnapshot
        {
            Cameras = { state.Cameras.Select(c => Take(c.Key, c.Value)) },
            PackedCells = PackedCells.Write(state.Cells),
            Totals = { state.Totals.Select(t => AggregationWire.Total(t.Key, t.Value)) },
            ClosedThroughTicks = WireValues.Ticks(state.ClosedThrough),
            RetainFromTicks = WireValues.Ticks(state.RetainFrom),
            LateChanges =
            {
                state.LateChanges.Select(l => new ApproachSnapshot.Types.LateChange
                {
                    Minutes = l.Key.Minutes,
                    StartTicks = l.Key.StartTicks,
                    Count = l.Value,
                }),
            },
            TooLate = state.TooLate,
            LagTicks = state.Lag.Ticks,
            Cursor = state.Cursor,
            Unwritten = { state.Unwritten.Values.Select(AggregationWire.Write) },
            Feeds = { state.Feeds.Select(AggregationWire.Write) },
            Quarantine = { state.Quarantine.Select(Take) },
            Unsettled = { state.Unsettled.Select(u => new ApproachSnapshot.Types.LateChange { Minutes = u.Minutes, StartTicks = u.StartTicks }) },
        };
        if (state.Since is { } since) snapshot.SinceTicks = WireValues.Ticks(since);
        return snapshot;
    }

    public static ApproachState Restore(ApproachSnapshot snapshot) => new()
    {
        Cameras = snapshot.Cameras.ToImmutableSortedDictionary(c => c.Camera, Restore, StringComparer.Ordinal),
        Cells = snapshot.PackedCells is { } packed ? PackedCells.Read(packed) : snapshot.Cells.Aggregate(MinuteCells.Empty, (cells, c) =>
        {
            var row = FlowWire.Read(c.Row);
            return cells.Add(WireValues.Time(c.MinuteTicks), new FlowStream(row.Movement, row.Class), row.Sums);
        }),
        Totals = snapshot.Totals.ToImmutableSortedDictionary(AggregationWire.Stream, t => t.Count),
        Since = WireValues.Time(snapshot.HasSinceTicks, snapshot.SinceTicks),
        ClosedThrough = WireValues.Time(snapshot.ClosedThroughTicks),
        RetainFrom = WireValues.Time(snapshot.RetainFromTicks),
        LateChanges = snapshot.LateChanges.ToImmutableSortedDictionary(l => (l.Minutes, l.StartTicks), l => l.Count),
        TooLate = snapshot.TooLate,
        Lag = TimeSpan.FromTicks(snapshot.LagTicks),
        Cursor = snapshot.Cursor,
        Unwritten = snapshot.Unwritten.Select(AggregationWire.Read).ToImmutableSortedDictionary(b => b.Cursor, b => b),
        Feeds = [.. snapshot.Feeds.Select(AggregationWire.Read)],
        Quarantine = [.. snapshot.Quarantine.Select(Restore)],
        Unsettled = [.. snapshot.Unsettled.Select(u => (u.Minutes, u.StartTicks))],
    };

    private static ApproachSnapshot.Types.QuarantinedBatch Take(QuarantinedBatch batch)
    {
        var taken = new ApproachSnapshot.Types.QuarantinedBatch
        {
            Camera = batch.Camera.Value,
            Epoch = batch.Epoch,
            Provenance = FlowWire.Write(batch.Provenance),
            Entries = { batch.Entries.Select(LogWire.Write) },
            AtTicks = WireValues.Ticks(batch.At),
        };
        if (batch.ClockOffset is { } offset) taken.ClockOffsetTicks = offset.Ticks;
        return taken;
    }

    private static QuarantinedBatch Restore(ApproachSnapshot.Types.QuarantinedBatch batch) => new(
        new CameraId(batch.Camera),
        batch.Epoch,
        FlowWire.Read(batch.Provenance),
        [.. batch.Entries.Select(LogWire.Read)],
        batch.HasClockOffsetTicks ? TimeSpan.FromTicks(batch.ClockOffsetTicks) : null,
        WireValues.Time(batch.AtTicks));

    private static ApproachSnapshot.Types.CameraFeed Take(string camera, CameraFeed feed)
    {
        var taken = Taken(camera, feed);
        if (feed.ClockOffset is { } offset) taken.ClockOffsetTicks = offset.Ticks;
        return taken;
    }

    private static ApproachSnapshot.Types.CameraFeed Taken(string camera, CameraFeed feed) => new()
    {
        Camera = camera,
        HighWater = LogWire.Write(feed.Log.HighWater),
        KnownThrough = feed.Log.KnownThrough,
        Epochs = { feed.Log.Epochs.Select(Take) },
        WatermarkTicks = WireValues.Ticks(feed.Watermark),
        Watched = { feed.Watched.Intervals.Select(Take) },
        Degraded = { feed.Degraded.Intervals.Select(Take) },
        Provenances =
        {
            feed.Provenances.Select(p => new ApproachSnapshot.Types.ProvenanceSince
            {
                FromTicks = WireValues.Ticks(p.From),
                Provenance = FlowWire.Write(p.Provenance),
            }),
        },
    };

    private static CameraFeed Restore(ApproachSnapshot.Types.CameraFeed feed) => new(
        feed.Epochs.Count == 0 ? CameraLog.Of(LogWire.Read(feed.HighWater)) : new CameraLog(feed.KnownThrough, [.. feed.Epochs.Select(Restore)]),
        WireValues.Time(feed.WatermarkTicks),
        IntervalSet.Of(feed.Watched.Select(Restore)),
        IntervalSet.Of(feed.Degraded.Select(Restore)),
        [.. feed.Provenances.Select(p => (WireValues.Time(p.FromTicks), FlowWire.Read(p.Provenance)))],
        feed.HasClockOffsetTicks ? TimeSpan.FromTicks(feed.ClockOffsetTicks) : null);

    private static ApproachSnapshot.Types.CountedEpoch Take(CountedEpoch epoch)
    {
        var taken = new ApproachSnapshot.Types.CountedEpoch
        {
            Epoch = epoch.Epoch,
            Sequence = epoch.Sequence,
            Gaps = { epoch.Gaps.SelectMany(g => new[] { g.From, g.To }) },
            Vehicles = epoch.Vehicles,
            Entries = epoch.Entries,
        };
        if (epoch is { From: { } from, To: { } to }) (taken.FromTicks, taken.ToTicks) = (WireValues.Ticks(from), WireValues.Ticks(to));
        if (epoch is { Since: { } since, Until: { } until }) (taken.SinceTicks, taken.UntilTicks) = (WireValues.Ticks(since), WireValues.Ticks(until));
        return taken;
    }

    private static CountedEpoch Restore(ApproachSnapshot.Types.CountedEpoch epoch) => new(
        epoch.Epoch,
        epoch.Sequence,
        [.. epoch.Gaps.Chunk(2).Select(g => new SequenceGap(g[0], g[1]))],
        epoch.Vehicles,
        epoch.Entries,
        WireValues.Time(epoch.HasFromTicks, epoch.FromTicks),
        WireValues.Time(epoch.HasToTicks, epoch.ToTicks),
        WireValues.Time(epoch.HasSinceTicks, epoch.SinceTicks),
        WireValues.Time(epoch.HasUntilTicks, epoch.UntilTicks));

    private static ApproachSnapshot.Types.Span Take(Interval i) => new() { FromTicks = WireValues.Ticks(i.From), ToTicks = WireValues.Ticks(i.To) };

    private static Interval Restore(ApproachSnapshot.Types.Span s) => new(WireValues.Time(s.FromTicks), WireValues.Time(s.ToTicks));
}
