using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Server.Aggregation.State;

/// <summary>What one camera has contributed to an approach.</summary>
/// <param name="Log">Which of its entries are counted.</param>
/// <param name="Provenances">What made its numbers, and from which event time on; sorted by that time.</param>
/// <param name="ClockOffset">By how much its node's clock lay behind this server's with the last batch; null where that was never told.</param>
public sealed record CameraFeed(
    CameraLog Log,
    DateTimeOffset Watermark,
    IntervalSet Watched,
    IntervalSet Degraded,
    ImmutableArray<(DateTimeOffset From, Provenance Provenance)> Provenances,
    TimeSpan? ClockOffset = null)
{
    public static readonly CameraFeed Empty = new(CameraLog.Empty, DateTimeOffset.MinValue, IntervalSet.Empty, IntervalSet.Empty, []);
}

/// <summary>Everything that one approach has counted. Pure: commands give events, events give states; recovery reuses Apply.</summary>
public sealed partial record ApproachState
{
    public static readonly ApproachState Empty = new();

    public ImmutableSortedDictionary<string, CameraFeed> Cameras { get; init; } =
        ImmutableSortedDictionary.Create<string, CameraFeed>(StringComparer.Ordinal);

    public MinuteCells Cells { get; init; } = MinuteCells.Empty;
    public ImmutableSortedDictionary<FlowStream, long> Totals { get; init; } = ImmutableSortedDictionary<FlowStream, long>.Empty;

    /// <summary>Earliest event time that was ever reported: no bin before it exists.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>A bin is closed if it ends at or before this.</summary>
    public DateTimeOffset ClosedThrough { get; init; } = DateTimeOffset.MinValue;

    /// <summary>Cells before this are evicted.</summary>
    public DateTimeOffset RetainFrom { get; init; } = DateTimeOffset.MinValue;

    /// <summary>How often closed bins were changed after closing; a bin that is not here has revision 1.</summary>
    public ImmutableSortedDictionary<(int Minutes, long StartTicks), int> LateChanges { get; init; } =
        ImmutableSortedDictionary<(int Minutes, long StartTicks), int>.Empty;

    /// <summary>Closed bins that were changed and are not revised yet: their cameras have not passed their end.</summary>
    public ImmutableSortedSet<(int Minutes, long StartTicks)> Unsettled { get; init; } = ImmutableSortedSet<(int Minutes, long StartTicks)>.Empty;

    /// <summary>Entries whose clock was wrong, in the order in which they came: in no count until somebody decides.</summary>
    public ImmutableList<QuarantinedBatch> Quarantine { get; init; } = [];

    public long TooLate { get; init; }

    /// <summary>Which cameras feed the approach, and from which event time on; sorted by that time. Empty before it was ever said.</summary>
    public ImmutableArray<FeedsChanged> Feeds { get; init; } = [];

    /// <summary>Number of the last bin that closed or was revised.</summary>
    public long Cursor { get; init; }

    /// <summary>Closed and revised bins that the read tables have not confirmed, by cursor, with the content that they had then.</summary>
    public ImmutableSortedDictionary<long, ClosedBin> Unwritten { get; init; } = ImmutableSortedDictionary<long, ClosedBin>.Empty;

    /// <summary>The last batch was taken this long after the event time that it reached: near zero for live cameras.</summary>
    public TimeSpan Lag { get; init; } = TimeSpan.MaxValue;

    public DateTimeOffset MaxWatermark => Cameras.Values.Select(c => c.Watermark).DefaultIfEmpty(DateTimeOffset.MinValue).Max();

    public CameraLog LogOf(CameraId camera) => Cameras.TryGetValue(camera.Value, out var feed) ? feed.Log : CameraLog.Empty;

    /// <summary>What is to be answered where the sender was told of counts that this state does not have; null where it has them.</summary>
    public Behind? ProcessPlace(DeliveryBatch batch) => batch.After is { } after && LogOf(batch.Camera) is var log && !log.Reaches(after)
        ? new Behind(batch.Camera, batch.Approach, log.LastBefore(after))
        : null;

    /// <summary>No event where everything in the batch was counted before. Entries whose clock is wrong go to the quarantine.</summary>
    public BatchCounted? Process(DeliveryBatch batch, ApproachSetup setup, AggregationSettings settings, DateTimeOffset now)
    {
        var log = LogOf(batch.Camera);
        var reached = new LogPosition(batch.Epoch, batch.UpToSequence);
        var check = new ClockSkewCheck(settings.ClockBound, now, batch.Clock);
        var unknown = batch.Entries.Where(e => !log.Knows(new LogPosition(batch.Epoch, e.Sequence))).ToList();
        if (unknown.Count == 0 && log.Reaches(reached)) return null;
        var added = unknown.Select(e => For(setup.Approach, e)).ToLookup(check.IsCredible);
        List<OutboxEntry> entries = [.. added[true]], quarantined = [.. added[false]];
        var through = ThroughWith(batch.Camera, entries, setup);
        return new BatchCounted(
            batch.Camera, reached, batch.Provenance, entries,
            through, RetentionBefore(through, setup, settings), now, log.LastBefore(reached with { Sequence = long.MaxValue }),
            quarantined.Count == 0 ? null : quarantined, check.NodeOffset, check.StampOffset, Coalesces: true);
    }

    /// <summary>Coverage goes to all approaches of a site with the queues of all: the others' are not kept here.</summary>
    private static OutboxEntry For(ApproachId approach, OutboxEntry entry) =>
        entry is CoverageEntry { Coverage: var coverage } covered && coverage.Queues.Any(q => q.Approach != approach)
            ? covered with { Coverage = coverage with { Queues = coverage.Queues.RemoveAll(q => q.Approach != approach) } }
            : entry;

    /// <summary>Event time through which these entries let bins close; null where no bin would.</summary>
    private DateTimeOffset? ThroughWith(CameraId camera, IEnumerable<OutboxEntry> entries, ApproachSetup setup)
    {
        var watermark = entries.OfType<CoverageEntry>().Select(c => c.Coverage.To).DefaultIfEmpty(DateTimeOffset.MinValue).Max();
        var through = CamerasNow(setup).Min(c => WatermarkOf(c, camera, watermark));
        return through > ClosedThrough ? through : null;
    }

    /// <summary>No event where no bin would close.</summary>
    public LatenessPassed? ProcessLateness(DateTimeOffset through, ApproachSetup setup, AggregationSettings settings, DateTimeOffset now)
    {
        if (Since is not { } since || through <= since) return null;
        var bin = setup.Alignment.Containing(through, BinDuration.OneMinute);
        return bin.From <= ClosedThrough || bin.From <= since ? null : new LatenessPassed(bin.From, RetentionBefore(bin.From, setup, settings), now);
    }

    /// <summary>No event where no changed bin ends at or before this.</summary>
    public RevisionsDue? ProcessRevisions(DateTimeOffset through, ApproachSetup setup, DateTimeOffset now) =>
        Changed(setup).Any(b => b.Bin.To <= through) ? new RevisionsDue(through, now) : null;

    /// <summary>Closes even the longest bin that has data, and revises all that were changed.</summary>
    public IReadOnlyList<ApproachEvent> Process(CloseOpenBins _, ApproachSetup setup, AggregationSettings settings, DateTimeOffset now)
    {
        var last = MaxWatermark;
        if (Since is null || last == DateTimeOffset.MinValue) return [];
        var through = BinDuration.All.Max(d => setup.Alignment.Containing(last.AddTicks(-1), d).To);
        var events = new List<ApproachEvent>();
        if (ProcessRevisions(DateTimeOffset.MaxValue, setup, now) is { } due) events.Add(due);
        if (through > ClosedThrough) events.Add(new LatenessPassed(through, RetentionBefore(through, setup, settings), now));
        return events;
    }

    private DateTimeOffset WatermarkOf(CameraId camera, CameraId reporting, DateTimeOffset reported)
    {
        var known = Cameras.TryGetValue(camera.Value, out var feed) ? feed.Watermark : DateTimeOffset.MinValue;
        // A camera that was added is not waited for before the moment from which on it feeds the approach.
        if (JoinedAt(camera) is { } joined && joined > known) known = joined;
        return camera == reporting && reported > known ? reported : known;
    }

    // Whole hours, so that no bin ever loses a part of its cells.
    private static DateTimeOffset? RetentionBefore(DateTimeOffset? closes, ApproachSetup setup, AggregationSettings settings) =>
        closes is not { } through || through - DateTimeOffset.MinValue < settings.Retention + TimeSpan.FromDays(2)
            ? null
            : setup.Alignment.Containing(through - settings.Retention, BinDuration.Hour).From;
}
