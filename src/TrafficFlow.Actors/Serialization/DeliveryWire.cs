using TrafficFlow.Actors.Delivery;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Actors.Serialization;

/// <summary>Deliveries and the events of the outbox.</summary>
internal static class DeliveryWire
{
    public static Wire.DeliveryBatch Write(DeliveryBatch b) => new()
    {
        After = b.After is { } after ? FlowWire.Write(after) : null,
        Site = b.Site.Value,
        Camera = b.Camera.Value,
        Approach = b.Approach.Value,
        Epoch = b.Epoch,
        UpToSequence = b.UpToSequence,
        Provenance = FlowWire.Write(b.Provenance),
        Entries = { b.Entries.Select(FlowWire.Write) },
    };

    public static DeliveryBatch Read(Wire.DeliveryBatch b) => new(
        new SiteId(b.Site),
        new CameraId(b.Camera),
        new ApproachId(b.Approach),
        b.Epoch,
        b.UpToSequence,
        FlowWire.Read(b.Provenance),
        [.. b.Entries.Select(FlowWire.Read)],
        b.After is { } after ? FlowWire.Read(after) : null);

    public static Wire.Accepted Write(Accepted a) =>
        new() { Camera = a.Camera.Value, Approach = a.Approach.Value, Epoch = a.Epoch, UpToSequence = a.UpToSequence };

    public static Accepted Read(Wire.Accepted a) => new(new CameraId(a.Camera), new ApproachId(a.Approach), a.Epoch, a.UpToSequence);

    public static Wire.Behind Write(Behind b) =>
        new() { Camera = b.Camera.Value, Approach = b.Approach.Value, HighWater = FlowWire.Write(b.HighWater) };

    public static Behind Read(Wire.Behind b) => new(new CameraId(b.Camera), new ApproachId(b.Approach), FlowWire.Read(b.HighWater));

    public static Wire.EpochOpened Write(EpochOpened o) => new()
    {
        Epoch = o.Epoch,
        Run = o.Run,
        Provenance = FlowWire.Write(o.Provenance),
        Feeds = { o.Feeds.Select(f => f.Value) },
    };

    public static EpochOpened Read(Wire.EpochOpened o) =>
        new(o.Epoch, o.Run, FlowWire.Read(o.Provenance), [.. o.Feeds.Select(f => new ApproachId(f))]);

    public static Wire.EntriesStored Write(EntriesStored s) => new() { Epoch = s.Epoch, Entries = { s.Entries.Select(FlowWire.Write) } };

    public static EntriesStored Read(Wire.EntriesStored s) => new(s.Epoch, [.. s.Entries.Select(FlowWire.Read)]);

    public static Wire.EntriesDropped Write(EntriesDropped d) =>
        new() { UpTo = FlowWire.Write(d.UpTo), MissingUntilTicks = FlowWire.Ticks(d.MissingUntil) };

    public static EntriesDropped Read(Wire.EntriesDropped d) => new(FlowWire.Read(d.UpTo), FlowWire.Time(d.MissingUntilTicks));

    public static Wire.DeliveryAcknowledged Write(DeliveryAcknowledged a) => new()
    {
        LastStored = FlowWire.Write(a.LastStored),
        Epochs = { a.Epochs.Select(Write) },
        Accepted = { a.Accepted.Select(Write) },
        DroppedTotal = a.DroppedTotal,
        MissingUntilTicks = FlowWire.Ticks(a.MissingUntil),
    };

    public static DeliveryAcknowledged Read(Wire.DeliveryAcknowledged a) => new(
        FlowWire.Read(a.LastStored),
        [.. a.Epochs.Select(Read)],
        [.. a.Accepted.Select(Read)],
        a.DroppedTotal,
        FlowWire.Time(a.MissingUntilTicks));

    private static Wire.AcceptedUpTo Write(AcceptedUpTo a) => new()
    {
        Approach = a.Approach.Value,
        Position = FlowWire.Write(a.Position),
        Delivered = a.Delivered is { } delivered ? FlowWire.Write(delivered) : null,
    };

    private static AcceptedUpTo Read(Wire.AcceptedUpTo a) =>
        new(new ApproachId(a.Approach), FlowWire.Read(a.Position), a.Delivered is { } delivered ? FlowWire.Read(delivered) : null);
}
