using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Aggregation;

/// <summary>What is asked and decided about entries whose clock was wrong.</summary>
internal static class QuarantineWire
{
    public static readonly IReadOnlyList<WireLine> Lines =
    [
        WireLine.Persisted<QuarantineResolved, Proto.QuarantineResolved>("quarantine-resolved-v1", Write, Read),
        WireLine.For<GetQuarantine, Proto.ApproachName>(
            "get-quarantine-v1", m => AggregationWire.Name(m.Site, m.Approach), m => new GetQuarantine(m.SiteId(), m.ApproachId())),
        WireLine.For<Quarantine, Proto.Quarantine>("quarantine-v1", Write, Read),
        WireLine.For<ResolveQuarantine, Proto.ResolveQuarantine>("resolve-quarantine-v1", Write, Read),
        WireLine.For<QuarantineAnswer, Proto.QuarantineAnswer>("quarantine-answer-v1", Write, Read),
    ];

    private static Proto.QuarantineResolved Write(QuarantineResolved e)
    {
        var resolved = new Proto.QuarantineResolved
        {
            Camera = e.Camera.Value,
            Epoch = e.Epoch,
            Action = (int)e.Action,
            ShiftTicks = e.Shift.Ticks,
            AtTicks = WireValues.Ticks(e.At),
        };
        if (e.ClosedThrough is { } through) resolved.ClosedThroughTicks = WireValues.Ticks(through);
        if (e.RetainFrom is { } retain) resolved.RetainFromTicks = WireValues.Ticks(retain);
        return resolved;
    }

    private static QuarantineResolved Read(Proto.QuarantineResolved e) => new(
        new CameraId(e.Camera),
        e.Epoch,
        WireValues.Enum<QuarantineAction>(e.Action),
        TimeSpan.FromTicks(e.ShiftTicks),
        WireValues.Time(e.HasClosedThroughTicks, e.ClosedThroughTicks),
        WireValues.Time(e.HasRetainFromTicks, e.RetainFromTicks),
        WireValues.Time(e.AtTicks));

    private static Proto.Quarantine Write(Quarantine q) => new() { Site = q.Site.Value, Approach = q.Approach.Value, Runs = { q.Runs.Select(Write) } };

    private static Quarantine Read(Proto.Quarantine q) => new(new SiteId(q.Site), new ApproachId(q.Approach), [.. q.Runs.Select(Read)]);

    private static Proto.Quarantine.Types.Run Write(QuarantinedRun r)
    {
        var run = new Proto.Quarantine.Types.Run
        {
            Camera = r.Camera.Value,
            Epoch = r.Epoch,
            Vehicles = r.Vehicles,
            Entries = r.Entries,
            FromTicks = WireValues.Ticks(r.From),
            ToTicks = WireValues.Ticks(r.To),
            SinceTicks = WireValues.Ticks(r.Since),
        };
        if (r.ClockOffset is { } offset) run.ClockOffsetTicks = offset.Ticks;
        return run;
    }

    private static QuarantinedRun Read(Proto.Quarantine.Types.Run r) => new(
        new CameraId(r.Camera),
        r.Epoch,
        r.Vehicles,
        r.Entries,
        WireValues.Time(r.FromTicks),
        WireValues.Time(r.ToTicks),
        r.HasClockOffsetTicks ? TimeSpan.FromTicks(r.ClockOffsetTicks) : null,
        WireValues.Time(r.SinceTicks));

    private static Proto.ResolveQuarantine Write(ResolveQuarantine r) => new()
    {
        Site = r.Site.Value,
        Approach = r.Approach.Value,
        Camera = r.Camera.Value,
        Epoch = r.Epoch,
        Action = (int)r.Action,
        ShiftTicks = r.Shift.Ticks,
    };

    private static ResolveQuarantine Read(Proto.ResolveQuarantine r) => new(
        new SiteId(r.Site), new ApproachId(r.Approach), new CameraId(r.Camera), r.Epoch, WireValues.Enum<QuarantineAction>(r.Action), TimeSpan.FromTicks(r.ShiftTicks));

    private static Proto.QuarantineAnswer Write(QuarantineAnswer a) =>
        new() { Site = a.Site.Value, Approach = a.Approach.Value, Entries = a.Entries, Problem = a.Problem };

    private static QuarantineAnswer Read(Proto.QuarantineAnswer a) => new(new SiteId(a.Site), new ApproachId(a.Approach), a.Entries, a.Problem);
}
