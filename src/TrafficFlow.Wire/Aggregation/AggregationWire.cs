using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Flow;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Aggregation;

/// <summary>Events, queries and replies of the aggregators.</summary>
internal static class AggregationWire
{
    /// <summary>What this feature sends and persists.</summary>
    public static readonly IReadOnlyList<WireLine> Lines =
    [
        WireLine.Persisted<BatchCounted, Proto.BatchCounted>("batch-counted-v2", Write, Read),
        WireLine.Persisted<LatenessPassed, Proto.LatenessPassed>("lateness-passed-v2", Write, Read),
        WireLine.Persisted<FeedsChanged, Proto.FeedsChanged>("feeds-changed-v1", Write, Read),
        WireLine.Persisted<RevisionsDue, Proto.RevisionsDue>(
            "revisions-due-v1",
            e => new Proto.RevisionsDue { ThroughTicks = WireValues.Ticks(e.Through), AtTicks = WireValues.Ticks(e.At) },
            e => new RevisionsDue(WireValues.Time(e.ThroughTicks), WireValues.Time(e.AtTicks))),
        .. QuarantineWire.Lines,
        .. RepairWire.Lines,
        // Version 2 had no packed cells: to an older node this one would look empty.
        WireLine.Persisted<Proto.ApproachSnapshot, Proto.ApproachSnapshot>("approach-snapshot-v3", s => s, s => s),
        WireLine.For<CloseOpenBins, Proto.ApproachName>(
            "close-open-bins-v1", m => Name(m.Site, m.Approach), m => new CloseOpenBins(m.SiteId(), m.ApproachId())),
        WireLine.For<OpenBinsClosed, Proto.ApproachName>(
            "open-bins-closed-v1", m => Name(m.Site, m.Approach), m => new OpenBinsClosed(m.SiteId(), m.ApproachId())),
        WireLine.For<GetLatestBins, Proto.ApproachName>(
            "get-latest-bins-v1", m => Name(m.Site, m.Approach), m => new GetLatestBins(m.SiteId(), m.ApproachId())),
        WireLine.For<GetApproachStatus, Proto.ApproachName>(
            "get-approach-status-v1", m => Name(m.Site, m.Approach), m => new GetApproachStatus(m.SiteId(), m.ApproachId())),
        WireLine.For<ApproachNotFound, Proto.ApproachNotFound>("approach-not-found-v1", Write, Read),
        WireLine.For<GetFlowBins, Proto.GetFlowBins>("get-flow-bins-v1", Write, Read),
        WireLine.For<GetBinsAfter, Proto.GetBinsAfter>("get-bins-after-v1", Write, Read),
        WireLine.For<BinsAfter, Proto.BinsAfter>("bins-after-v1", Write, Read),
        WireLine.For<ApproachStatus, Proto.ApproachStatus>("approach-status-v1", Write, Read),
        WireLine.For<FlowBins, Proto.FlowBins>("flow-bins-v1", Write, Read),

        // Persisted by older versions only.
        WireLine.Before<BatchCounted, Proto.BatchCounted>("batch-counted-v1", Read),
        WireLine.Before<LatenessPassed, Proto.LatenessPassed>("lateness-passed-v1", Read),
        WireLine.PersistedBefore<Proto.ApproachSnapshot, Proto.ApproachSnapshot>("approach-snapshot-v2", s => s),
        WireLine.Before<Proto.ApproachSnapshot, Proto.ApproachSnapshot>("approach-snapshot-v1", s => s),
    ];

    public static Proto.ApproachName Name(SiteId site, ApproachId approach) => new() { Site = site.Value, Approach = approach.Value };

    public static SiteId SiteId(this Proto.ApproachName name) => new(name.Site);

    public static ApproachId ApproachId(this Proto.ApproachName name) => new(name.Approach);

    public static Proto.ApproachNotFound Write(ApproachNotFound a) => new() { Site = a.Site.Value, Approach = a.Approach.Value, Known = { a.Known } };

    public static ApproachNotFound Read(Proto.ApproachNotFound a) => new(new SiteId(a.Site), new ApproachId(a.Approach), [.. a.Known]);

    public static Proto.GetFlowBins Write(GetFlowBins q) => new()
    {
        Site = q.Site.Value,
        Approach = q.Approach.Value,
        Minutes = q.Duration.Minutes,
        FromTicks = WireValues.Ticks(q.From),
        ToTicks = WireValues.Ticks(q.To),
    };

    public static GetFlowBins Read(Proto.GetFlowBins q) => new(
        new SiteId(q.Site), new ApproachId(q.Approach), Measures.Duration(q.Minutes), WireValues.Time(q.FromTicks), WireValues.Time(q.ToTicks));

    public static Proto.StreamTotal Write(StreamTotal t) => Total(t.Stream, t.Count);

    public static Proto.StreamTotal Total(FlowStream stream, long count) =>
        new() { Movement = stream.Movement.Name, Class = (int)stream.Class, Count = count };

    public static FlowStream Stream(Proto.StreamTotal t) => new(new Movement(t.Movement), WireValues.Enum<VehicleClass>(t.Class));

    public static Proto.ApproachStatus Write(ApproachStatus s)
    {
        var status = new Proto.ApproachStatus
        {
            Site = s.Site.Value,
            Approach = s.Approach.Value,
            Cameras =
            {
                s.Cameras.Select(Write),
            },
            Totals = { s.Totals.Select(Write) },
            TooLate = s.TooLate,
            Cursor = s.Cursor,
            Unwritten = s.Unwritten,
            Quarantined = s.Quarantined,
        };
        if (s.ClosedThrough is { } through) status.ClosedThroughTicks = WireValues.Ticks(through);
        if (s.Problem is { } problem) status.Problem = problem;
        return status;
    }

    public static ApproachStatus Read(Proto.ApproachStatus s) => new(
        new SiteId(s.Site),
        new ApproachId(s.Approach),
        WireValues.Time(s.HasClosedThroughTicks, s.ClosedThroughTicks),
        [
            .. s.Cameras.Select(c => new CameraProgress(
                new CameraId(c.Camera), LogWire.Read(c.HighWater), WireValues.Time(c.WatermarkTicks), c.ObservedSeconds,
                c.HasClockOffsetTicks ? TimeSpan.FromTicks(c.ClockOffsetTicks) : null)),
        ],
        [.. s.Totals.Select(t => new StreamTotal(Stream(t), t.Count))],
        s.TooLate,
        s.Cursor,
        s.Unwritten,
        s.Quarantined,
        s.HasProblem ? s.Problem : null);

    private static Proto.CameraProgress Write(CameraProgress c)
    {
        var progress = new Proto.CameraProgress
        {
            Camera = c.Camera.Value,
            HighWater = LogWire.Write(c.HighWater),
            WatermarkTicks = WireValues.Ticks(c.Watermark),
            ObservedSeconds = c.ObservedSeconds,
        };
        if (c.ClockOffset is { } offset) progress.ClockOffsetTicks = offset.Ticks;
        return progress;
    }

    public static Proto.BatchCounted Write(BatchCounted e)
    {
        var counted = new Proto.BatchCounted
        {
            Camera = e.Camera.Value,
            HighWater = LogWire.Write(e.HighWater),
            Provenance = FlowWire.Write(e.Provenance),
            Entries = { e.Entries.Select(LogWire.Write) },
            AtTicks = WireValues.Ticks(e.At),
            Quarantined = { (e.Quarantined ?? []).Select(LogWire.Write) },
            Coalesces = e.Coalesces,
        };
        if (e.ClockOffset is { } offset) counted.ClockOffsetTicks = offset.Ticks;
        if (e.StampOffset is { } stamps) counted.StampOffsetTicks = stamps.Ticks;
        if (e.ClosedThrough is { } through) counted.ClosedThroughTicks = WireValues.Ticks(through);
        if (e.RetainFrom is { } retain) counted.RetainFromTicks = WireValues.Ticks(retain);
        if (e.After is { } after) counted.After = LogWire.Write(after);
        return counted;
    }

    public static BatchCounted Read(Proto.BatchCounted e) => new(
        new CameraId(e.Camera),
        LogWire.Read(e.HighWater),
        FlowWire.Read(e.Provenance),
        [.. e.Entries.Select(LogWire.Read)],
        WireValues.Time(e.HasClosedThroughTicks, e.ClosedThroughTicks),
        WireValues.Time(e.HasRetainFromTicks, e.RetainFromTicks),
        WireValues.Time(e.AtTicks),
        e.After is null ? null : LogWire.Read(e.After),
        e.Quarantined.Count == 0 ? null : [.. e.Quarantined.Select(LogWire.Read)],
        e.HasClockOffsetTicks ? TimeSpan.FromTicks(e.ClockOffsetTicks) : null,
        e.HasStampOffsetTicks ? TimeSpan.FromTicks(e.StampOffsetTicks) : null,
        e.Coalesces);

    public static Proto.LatenessPassed Write(LatenessPassed e)
    {
        var passed = new Proto.LatenessPassed { ClosedThroughTicks = WireValues.Ticks(e.ClosedThrough), AtTicks = WireValues.Ticks(e.At) };
        if (e.RetainFrom is { } retain) passed.RetainFromTicks = WireValues.Ticks(retain);
        return passed;
    }

    public static LatenessPassed Read(Proto.LatenessPassed e) =>
        new(
            WireValues.Time(e.ClosedThroughTicks),
            WireValues.Time(e.HasRetainFromTicks, e.RetainFromTicks),
            WireValues.Time(e.HasAtTicks ? e.AtTicks : e.ClosedThroughTicks));

    public static Proto.FeedsChanged Write(FeedsChanged e) =>
        new() { FromTicks = WireValues.Ticks(e.From), Cameras = { e.Cameras.Select(c => c.Value) } };

    public static FeedsChanged Read(Proto.FeedsChanged e) => new(WireValues.Time(e.FromTicks), [.. e.Cameras.Select(c => new CameraId(c))]);

    public static Proto.ClosedBin Write(ClosedBin b) =>
        new() { Cursor = b.Cursor, Bin = FlowWire.Write(b.Bin), ClosedAtTicks = WireValues.Ticks(b.ClosedAt) };

    public static ClosedBin Read(Proto.ClosedBin b) => new(b.Cursor, FlowWire.Read(b.Bin), WireValues.Time(b.ClosedAtTicks));

    public static Proto.GetBinsAfter Write(GetBinsAfter q)
    {
        var query = new Proto.GetBinsAfter { Site = q.Site.Value, Approach = q.Approach.Value, Limit = q.Limit };
        if (q.After is { } after) query.After = after;
        return query;
    }

    public static GetBinsAfter Read(Proto.GetBinsAfter q) =>
        new(new SiteId(q.Site), new ApproachId(q.Approach), q.HasAfter ? q.After : null, q.Limit);

    public static Proto.BinsAfter Write(BinsAfter b) => new()
    {
        Site = b.Site.Value,
        Approach = b.Approach.Value,
        Bins = { b.Bins.Select(Write) },
        Reached = b.Reached,
        More = b.More,
        Last = b.Last,
    };

    public static BinsAfter Read(Proto.BinsAfter b) =>
        new(new SiteId(b.Site), new ApproachId(b.Approach), [.. b.Bins.Select(Read)], b.Reached, b.More, b.Last);


    public static Proto.FlowBins Write(FlowBins bins) => new() { Bins = { bins.Bins.Select(FlowWire.Write) } };

    public static FlowBins Read(Proto.FlowBins bins) => new([.. bins.Bins.Select(FlowWire.Read)]);
}
