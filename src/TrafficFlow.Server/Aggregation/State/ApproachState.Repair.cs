using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Server.Aggregation.State;

/// <summary>What was taken from whom, and what somebody decides on a mark or a time that lies ahead.</summary>
public sealed partial record ApproachState
{
    public CountedEpochs Counted(ApproachSetup setup, DateTimeOffset now) => new(setup.Site, setup.Approach, ClosedThrough == DateTimeOffset.MinValue ? null : ClosedThrough,
    [
        .. Cameras.Select(c => new CountedCamera(
            new(c.Key),
            c.Value.Watermark == DateTimeOffset.MinValue ? null : c.Value.Watermark,
            c.Value.Log.Plausible(BatchCheck.LatestEpoch(now)),
            [.. c.Value.Log.Epochs.Select(e => new CountedRun(e.Epoch, e.Sequence, e.Gaps.Sum(g => g.Length), e.Vehicles, e.Entries, e.From, e.To, e.Since, e.Until))])),
    ]);

    /// <summary>An event, or why there is none.</summary>
    public (CameraRepaired? Event, string Problem) Process(RepairCamera command, ApproachSetup setup, AggregationSettings settings, DateTimeOffset now)
    {
        if (!setup.Senders.Contains(command.Camera) && !Cameras.ContainsKey(command.Camera.Value))
            return (null, $"Camera {command.Camera} feeds nothing here: list those that do with `approach repair {command.Site}/{command.Approach}`.");
        var ahead = now + settings.ClockBound;
        DateTimeOffset? through = ClosedThrough > ahead ? setup.Alignment.Containing(now, BinDuration.OneMinute).From : null;
        var to = command.To ?? LogOf(command.Camera).Plausible(BatchCheck.LatestEpoch(now));
        return (new CameraRepaired(command.Camera, to, ahead, through, RetentionBefore(through, setup, settings), now), "");
    }

    /// <summary>No time that lies ahead is left anywhere: what was closed or evicted because of it stays so, what comes counts.</summary>
    private ApproachState Repair(CameraRepaired e)
    {
        var feed = Cameras.GetValueOrDefault(e.Camera.Value, CameraFeed.Empty);
        var ahead = e.Ahead.UtcTicks;
        return this with
        {
            Cameras = Cameras.SetItem(e.Camera.Value, feed with { Log = feed.Log.SetTo(e.To) })
                .ToImmutableSortedDictionary(c => c.Key, c => Repair(c.Value, e), StringComparer.Ordinal),
            Cells = Cells.EvictFrom(e.Ahead),
            Since = Since > e.Ahead ? null : Since,
            ClosedThrough = e.ClosedThrough ?? ClosedThrough,
            RetainFrom = e.RetainFrom ?? RetainFrom,
            LateChanges = LateChanges.RemoveRange(LateChanges.Keys.Where(k => k.StartTicks > ahead)),
            Unsettled = Unsettled.Except(Unsettled.Where(k => k.StartTicks > ahead)),
            Unwritten = Unwritten.RemoveRange(Unwritten.Where(u => u.Value.Bin.Key.Start > e.Ahead).Select(u => u.Key)),
            Feeds = [.. Feeds.Where(f => f.From <= e.Ahead), .. Feeds.Where(f => f.From > e.Ahead).TakeLast(1).Select(f => f with { From = e.At })],
        };
    }

    private static CameraFeed Repair(CameraFeed feed, CameraRepaired e)
    {
        if (feed.Watermark <= e.Ahead) return feed;
        var past = new Interval(DateTimeOffset.MinValue, e.At);
        var watched = feed.Watched.Within(past);
        return feed with
        {
            Watched = watched,
            Degraded = feed.Degraded.Within(past),
            Watermark = watched.IsEmpty ? DateTimeOffset.MinValue : watched.Intervals[^1].To,
            Provenances = [.. feed.Provenances.Where(p => p.From <= e.Ahead)],
        };
    }
}
