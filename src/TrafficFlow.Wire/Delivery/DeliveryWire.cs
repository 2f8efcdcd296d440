using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Flow;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Delivery;

/// <summary>Deliveries and the events of the outbox.</summary>
internal static class DeliveryWire
{
    /// <summary>What this feature sends and persists.</summary>
    public static readonly IReadOnlyList<WireLine> Lines =
    [
        WireLine.For<DeliveryBatch, Proto.DeliveryBatch>("delivery-batch-v1", Write, Read),
        WireLine.For<Accepted, Proto.Accepted>("accepted-v1", Write, Read),
        WireLine.For<Behind, Proto.Behind>("behind-v1", Write, Read),
        WireLine.Persisted<EpochOpened, Proto.EpochOpened>("epoch-opened-v2", Write, Read),
        WireLine.Persisted<EntriesStored, Proto.EntriesStored>("entries-stored-v2", Write, Read),
        WireLine.Persisted<EntriesDropped, Proto.EntriesDropped>("entries-dropped-v2", Write, Read),
        WireLine.Persisted<DeliveryAcknowledged, Proto.DeliveryAcknowledged>("delivery-acknowledged-v2", Write, Read),

        // Persisted by older versions only.
        WireLine.Before<EpochOpened, Proto.EpochOpened>("epoch-opened-v1", Read),
        WireLine.Before<EntriesStored, Proto.EntriesStored>("entries-stored-v1", Read),
        WireLine.Before<EntriesDropped, Proto.EntriesDropped>("entries-dropped-v1", Read),
        WireLine.Before<DeliveryAcknowledged, Proto.DeliveryAcknowledged>("delivery-acknowledged-v1", Read),
    ];

    public static Proto.DeliveryBatch Write(DeliveryBatch b) => new()
    {
        After = b.After is { } after ? LogWire.Write(after) : null,
        Clock = b.Clock is { } clock ? Write(clock) : null,
        Site = b.Site.Value,
        Camera = b.Camera.Value,
        Approach = b.Approach.Value,
        Epoch = b.Epoch,
        UpToSequence = b.UpToSequence,
        Provenance = FlowWire.Write(b.Provenance),
        Entries = { b.Entries.Select(LogWire.Write) },
    };

    public static DeliveryBatch Read(Proto.DeliveryBatch b) => new(
        new SiteId(b.Site),
        new CameraId(b.Camera),
        new ApproachId(b.Approach),
        b.Epoch,
        b.UpToSequence,
        FlowWire.Read(b.Provenance),
        [.. b.Entries.Select(LogWire.Read)],
        b.After is { } after ? LogWire.Read(after) : null,
        b.Clock is { } clock ? Read(clock) : null);

    private static Proto.ClockReading Write(ClockReading reading)
    {
        var clock = new Proto.ClockReading { SentAtTicks = WireValues.Ticks(reading.SentAt) };
        if (reading.Shift is { } shift) clock.ShiftTicks = shift.Ticks;
        return clock;
    }

    private static ClockReading Read(Proto.ClockReading clock) =>
        new(WireValues.Time(clock.SentAtTicks), clock.HasShiftTicks ? TimeSpan.FromTicks(clock.ShiftTicks) : null);

    private static Proto.ClockOrigin Write(ClockOrigin o) =>
        new() { Boot = o.Boot, UptimeTicks = o.Uptime.Ticks, WallTicks = WireValues.Ticks(o.Wall) };

    private static ClockOrigin Read(Proto.ClockOrigin o) => new(o.Boot, TimeSpan.FromTicks(o.UptimeTicks), WireValues.Time(o.WallTicks));

    public static Proto.Accepted Write(Accepted a) =>
        new() { Camera = a.Camera.Value, Approach = a.Approach.Value, Epoch = a.Epoch, UpToSequence = a.UpToSequence };

    public static Accepted Read(Proto.Accepted a) => new(new CameraId(a.Camera), new ApproachId(a.Approach), a.Epoch, a.UpToSequence);

    public static Proto.Behind Write(Behind b) =>
        new() { Camera = b.Camera.Value, Approach = b.Approach.Value, HighWater = LogWire.Write(b.HighWater) };

    public static Behind Read(Proto.Behind b) => new(new CameraId(b.Camera), new ApproachId(b.Approach), LogWire.Read(b.HighWater));

    public static Proto.EpochOpened Write(EpochOpened o) => new()
    {
        Epoch = o.Epoch,
        Run = o.Run,
        Provenance = FlowWire.Write(o.Provenance),
        Feeds = { o.Feeds.Select(f => f.Value) },
        Origin = o.Origin is { } origin ? Write(origin) : null,
    };

    public static EpochOpened Read(Proto.EpochOpened o) =>
        new(o.Epoch, o.Run, FlowWire.Read(o.Provenance), [.. o.Feeds.Select(f => new ApproachId(f))], o.Origin is { } origin ? Read(origin) : null);

    public static Proto.EntriesStored Write(EntriesStored s) => new() { Epoch = s.Epoch, Entries = { s.Entries.Select(LogWire.Write) } };

    public static EntriesStored Read(Proto.EntriesStored s) => new(s.Epoch, [.. s.Entries.Select(LogWire.Read)]);

    public static Proto.EntriesDropped Write(EntriesDropped d) =>
        new() { UpTo = LogWire.Write(d.UpTo), MissingUntilTicks = WireValues.Ticks(d.MissingUntil) };

    public static EntriesDropped Read(Proto.EntriesDropped d) => new(LogWire.Read(d.UpTo), WireValues.Time(d.MissingUntilTicks));

    public static Proto.DeliveryAcknowledged Write(DeliveryAcknowledged a) => new()
    {
        LastStored = LogWire.Write(a.LastStored),
        Epochs = { a.Epochs.Select(Write) },
        Accepted = { a.Accepted.Select(Write) },
        DroppedTotal = a.DroppedTotal,
        MissingUntilTicks = WireValues.Ticks(a.MissingUntil),
    };

    public static DeliveryAcknowledged Read(Proto.DeliveryAcknowledged a) => new(
        LogWire.Read(a.LastStored),
        [.. a.Epochs.Select(Read)],
        [.. a.Accepted.Select(Read)],
        a.DroppedTotal,
        WireValues.Time(a.MissingUntilTicks));

    private static Proto.AcceptedUpTo Write(AcceptedUpTo a) => new()
    {
        Approach = a.Approach.Value,
        Position = LogWire.Write(a.Position),
        Delivered = a.Delivered is { } delivered ? LogWire.Write(delivered) : null,
    };

    private static AcceptedUpTo Read(Proto.AcceptedUpTo a) =>
        new(new ApproachId(a.Approach), LogWire.Read(a.Position), a.Delivered is { } delivered ? LogWire.Read(delivered) : null);
}
