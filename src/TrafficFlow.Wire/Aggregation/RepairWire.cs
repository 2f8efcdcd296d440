using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Aggregation;

/// <summary>What is asked and decided about the marks of cameras.</summary>
internal static class RepairWire
{
    public static readonly IReadOnlyList<WireLine> Lines =
    [
        WireLine.Persisted<CameraRepaired, Proto.CameraRepaired>("camera-repaired-v1", Write, Read),
        WireLine.For<GetCountedEpochs, Proto.ApproachName>(
            "get-counted-epochs-v1", m => AggregationWire.Name(m.Site, m.Approach), m => new GetCountedEpochs(m.SiteId(), m.ApproachId())),
        WireLine.For<CountedEpochs, Proto.CountedEpochs>("counted-epochs-v1", Write, Read),
        WireLine.For<RepairCamera, Proto.RepairCamera>("repair-camera-v1", Write, Read),
        WireLine.For<RepairAnswer, Proto.RepairAnswer>("repair-answer-v1", Write, Read),
    ];

    private static Proto.CameraRepaired Write(CameraRepaired e)
    {
        var repaired = new Proto.CameraRepaired
        {
            Camera = e.Camera.Value,
            To = LogWire.Write(e.To),
            AheadTicks = WireValues.Ticks(e.Ahead),
            AtTicks = WireValues.Ticks(e.At),
        };
        if (e.ClosedThrough is { } through) repaired.ClosedThroughTicks = WireValues.Ticks(through);
        if (e.RetainFrom is { } retain) repaired.RetainFromTicks = WireValues.Ticks(retain);
        return repaired;
    }

    private static CameraRepaired Read(Proto.CameraRepaired e) => new(
        new CameraId(e.Camera),
        LogWire.Read(e.To),
        WireValues.Time(e.AheadTicks),
        WireValues.Time(e.HasClosedThroughTicks, e.ClosedThroughTicks),
        WireValues.Time(e.HasRetainFromTicks, e.RetainFromTicks),
        WireValues.Time(e.AtTicks));

    private static Proto.RepairCamera Write(RepairCamera r) => new()
    {
        Site = r.Site.Value,
        Approach = r.Approach.Value,
        Camera = r.Camera.Value,
        To = r.To is { } to ? LogWire.Write(to) : null,
    };

    private static RepairCamera Read(Proto.RepairCamera r) =>
        new(new SiteId(r.Site), new ApproachId(r.Approach), new CameraId(r.Camera), r.To is { } to ? LogWire.Read(to) : null);

    private static Proto.RepairAnswer Write(RepairAnswer a) =>
        new() { Site = a.Site.Value, Approach = a.Approach.Value, To = a.To is { } to ? LogWire.Write(to) : null, Problem = a.Problem };

    private static RepairAnswer Read(Proto.RepairAnswer a) =>
        new(new SiteId(a.Site), new ApproachId(a.Approach), a.To is { } to ? LogWire.Read(to) : null, a.Problem);

    private static Proto.CountedEpochs Write(CountedEpochs c)
    {
        var counted = new Proto.CountedEpochs { Site = c.Site.Value, Approach = c.Approach.Value, Cameras = { c.Cameras.Select(Write) } };
        if (c.ClosedThrough is { } through) counted.ClosedThroughTicks = WireValues.Ticks(through);
        return counted;
    }

    private static CountedEpochs Read(Proto.CountedEpochs c) => new(
        new SiteId(c.Site), new ApproachId(c.Approach), WireValues.Time(c.HasClosedThroughTicks, c.ClosedThroughTicks), [.. c.Cameras.Select(Read)]);

    private static Proto.CountedEpochs.Types.Camera Write(CountedCamera c)
    {
        var camera = new Proto.CountedEpochs.Types.Camera { Camera_ = c.Camera.Value, Plausible = LogWire.Write(c.Plausible), Runs = { c.Runs.Select(Write) } };
        if (c.Watermark is { } watermark) camera.WatermarkTicks = WireValues.Ticks(watermark);
        return camera;
    }

    private static CountedCamera Read(Proto.CountedEpochs.Types.Camera c) => new(
        new CameraId(c.Camera_), WireValues.Time(c.HasWatermarkTicks, c.WatermarkTicks), LogWire.Read(c.Plausible), [.. c.Runs.Select(Read)]);

    private static Proto.CountedEpochs.Types.Run Write(CountedRun r)
    {
        var run = new Proto.CountedEpochs.Types.Run { Epoch = r.Epoch, Sequence = r.Sequence, Missing = r.Missing, Vehicles = r.Vehicles, Entries = r.Entries };
        if (r.From is { } from) run.FromTicks = WireValues.Ticks(from);
        if (r.To is { } to) run.ToTicks = WireValues.Ticks(to);
        if (r.Since is { } since) run.SinceTicks = WireValues.Ticks(since);
        if (r.Until is { } until) run.UntilTicks = WireValues.Ticks(until);
        return run;
    }

    private static CountedRun Read(Proto.CountedEpochs.Types.Run r) => new(
        r.Epoch,
        r.Sequence,
        r.Missing,
        r.Vehicles,
        r.Entries,
        WireValues.Time(r.HasFromTicks, r.FromTicks),
        WireValues.Time(r.HasToTicks, r.ToTicks),
        WireValues.Time(r.HasSinceTicks, r.SinceTicks),
        WireValues.Time(r.HasUntilTicks, r.UntilTicks));
}
