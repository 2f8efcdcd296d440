using TrafficFlow.Actors.Aggregation;
using TrafficFlow.Actors.Topics;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Actors.Serialization;

/// <summary>Events, queries and replies of the aggregators.</summary>
internal static class AggregationWire
{
    public static Wire.ApproachName Name(SiteId site, ApproachId approach) => new() { Site = site.Value, Approach = approach.Value };

    public static SiteId SiteId(this Wire.ApproachName name) => new(name.Site);

    public static ApproachId ApproachId(this Wire.ApproachName name) => new(name.Approach);

    public static Wire.GetFlowBins Write(GetFlowBins q) => new()
    {
        Site = q.Site.Value,
        Approach = q.Approach.Value,
        Minutes = q.Duration.Minutes,
        FromTicks = FlowWire.Ticks(q.From),
        ToTicks = FlowWire.Ticks(q.To),
    };

    public static GetFlowBins Read(Wire.GetFlowBins q) => new(
        new SiteId(q.Site), new ApproachId(q.Approach), new BinDuration(q.Minutes), FlowWire.Time(q.FromTicks), FlowWire.Time(q.ToTicks));

    public static Wire.StreamTotal Write(StreamTotal t) => Total(t.Stream, t.Count);

    public static Wire.StreamTotal Total(FlowStream stream, long count) =>
        new() { Movement = stream.Movement.Name, Class = (int)stream.Class, Count = count };

    public static FlowStream Stream(Wire.StreamTotal t) => new(new Movement(t.Movement), FlowWire.Enum<VehicleClass>(t.Class));

    public static Wire.ApproachStatus Write(ApproachStatus s)
    {
        var status = new Wire.ApproachStatus
        {
            Site = s.Site.Value,
            Approach = s.Approach.Value,
            Cameras =
            {
                s.Cameras.Select(c => new Wire.CameraProgress
                {
                    Camera = c.Camera.Value,
                    HighWater = FlowWire.Write(c.HighWater),
                    WatermarkTicks = FlowWire.Ticks(c.Watermark),
                    ObservedSeconds = c.ObservedSeconds,
                }),
            },
            Totals = { s.Totals.Select(Write) },
            TooLate = s.TooLate,
            Cursor = s.Cursor,
            Unwritten = s.Unwritten,
        };
        if (s.ClosedThrough is { } through) status.ClosedThroughTicks = FlowWire.Ticks(through);
        return status;
    }

    public static ApproachStatus Read(Wire.ApproachStatus s) => new(
        new SiteId(s.Site),
        new ApproachId(s.Approach),
        FlowWire.Time(s.HasClosedThroughTicks, s.ClosedThroughTicks),
        [
            .. s.Cameras.Select(c => new CameraProgress(
                new CameraId(c.Camera), FlowWire.Read(c.HighWater), FlowWire.Time(c.WatermarkTicks), c.ObservedSeconds)),
        ],
        [.. s.Totals.Select(t => new StreamTotal(Stream(t), t.Count))],
        s.TooLate,
        s.Cursor,
        s.Unwritten);

    public static Wire.BatchCounted Write(BatchCounted e)
    {
        var counted = new Wire.BatchCounted
        {
            Camera = e.Camera.Value,
            HighWater = FlowWire.Write(e.HighWater),
            Provenance = FlowWire.Write(e.Provenance),
            Entries = { e.Entries.Select(FlowWire.Write) },
            AtTicks = FlowWire.Ticks(e.At),
        };
        if (e.ClosedThrough is { } through) counted.ClosedThroughTicks = FlowWire.Ticks(through);
        if (e.RetainFrom is { } retain) counted.RetainFromTicks = FlowWire.Ticks(retain);
        if (e.After is { } after) counted.After = FlowWire.Write(after);
        return counted;
    }

    public static BatchCounted Read(Wire.BatchCounted e) => new(
        new CameraId(e.Camera),
        FlowWire.Read(e.HighWater),
        FlowWire.Read(e.Provenance),
        [.. e.Entries.Select(FlowWire.Read)],
        FlowWire.Time(e.HasClosedThroughTicks, e.ClosedThroughTicks),
        FlowWire.Time(e.HasRetainFromTicks, e.RetainFromTicks),
        FlowWire.Time(e.AtTicks),
        e.After is null ? null : FlowWire.Read(e.After));

    public static Wire.LatenessPassed Write(LatenessPassed e)
    {
        var passed = new Wire.LatenessPassed { ClosedThroughTicks = FlowWire.Ticks(e.ClosedThrough), AtTicks = FlowWire.Ticks(e.At) };
        if (e.RetainFrom is { } retain) passed.RetainFromTicks = FlowWire.Ticks(retain);
        return passed;
    }

    public static LatenessPassed Read(Wire.LatenessPassed e) =>
        new(
            FlowWire.Time(e.ClosedThroughTicks),
            FlowWire.Time(e.HasRetainFromTicks, e.RetainFromTicks),
            FlowWire.Time(e.HasAtTicks ? e.AtTicks : e.ClosedThroughTicks));

    public static Wire.FeedsChanged Write(FeedsChanged e) =>
        new() { FromTicks = FlowWire.Ticks(e.From), Cameras = { e.Cameras.Select(c => c.Value) } };

    public static FeedsChanged Read(Wire.FeedsChanged e) => new(FlowWire.Time(e.FromTicks), [.. e.Cameras.Select(c => new CameraId(c))]);

    public static Wire.ClosedBin Write(ClosedBin b) =>
        new() { Cursor = b.Cursor, Bin = FlowWire.Write(b.Bin), ClosedAtTicks = FlowWire.Ticks(b.ClosedAt) };

    public static ClosedBin Read(Wire.ClosedBin b) => new(b.Cursor, FlowWire.Read(b.Bin), FlowWire.Time(b.ClosedAtTicks));

    public static Wire.GetBinsAfter Write(GetBinsAfter q)
    {
        var query = new Wire.GetBinsAfter { Site = q.Site.Value, Approach = q.Approach.Value, Limit = q.Limit };
        if (q.After is { } after) query.After = after;
        return query;
    }

    public static GetBinsAfter Read(Wire.GetBinsAfter q) =>
        new(new SiteId(q.Site), new ApproachId(q.Approach), q.HasAfter ? q.After : null, q.Limit);

    public static Wire.BinsAfter Write(BinsAfter b) => new()
    {
        Site = b.Site.Value,
        Approach = b.Approach.Value,
        Bins = { b.Bins.Select(Write) },
        Reached = b.Reached,
        More = b.More,
        Last = b.Last,
    };

    public static BinsAfter Read(Wire.BinsAfter b) =>
        new(new SiteId(b.Site), new ApproachId(b.Approach), [.. b.Bins.Select(Read)], b.Reached, b.More, b.Last);

    public static Wire.Bin Write(FlowBinClosed closed)
    {
        var bin = FlowWire.Write(closed.Bin);
        bin.Cursor = closed.Cursor;
        return bin;
    }
}
