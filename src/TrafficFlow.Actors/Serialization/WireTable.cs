using Google.Protobuf;
using TrafficFlow.Actors.Aggregation;
using TrafficFlow.Actors.Cameras;
using TrafficFlow.Actors.Delivery;
using TrafficFlow.Actors.Membership;
using TrafficFlow.Actors.Topics;

namespace TrafficFlow.Actors.Serialization;

/// <summary>
/// The one table of everything that has a wire form: type, manifest, and how to write and read it. Extend only: a manifest that was
/// written once stays readable, and a changed meaning gets the next version beside it.
/// </summary>
internal static class WireTable
{
    /// <param name="Guard">How its bytes are kept from being taken for something else.</param>
    internal sealed record Line(Type Type, string Manifest, Guard Guard, Func<object, IMessage> Write, Func<byte[], object> Read);

    internal enum Guard
    {
        /// <summary>A message: the connection sees to it.</summary>
        None,

        /// <summary>Persisted, with a checksum. Damaged, it becomes a <see cref="DamagedRow"/>.</summary>
        Checksum,

        /// <summary>Persisted by an older version, without one: it is damaged where it does not parse.</summary>
        Parse,
    }

    public static readonly IReadOnlyList<Line> Lines =
    [
        For<DeliveryBatch, Wire.DeliveryBatch>("delivery-batch-v1", DeliveryWire.Write, DeliveryWire.Read),
        For<Accepted, Wire.Accepted>("accepted-v1", DeliveryWire.Write, DeliveryWire.Read),
        For<Behind, Wire.Behind>("behind-v1", DeliveryWire.Write, DeliveryWire.Read),
        Persisted<EpochOpened, Wire.EpochOpened>("epoch-opened-v2", DeliveryWire.Write, DeliveryWire.Read),
        Persisted<EntriesStored, Wire.EntriesStored>("entries-stored-v2", DeliveryWire.Write, DeliveryWire.Read),
        Persisted<EntriesDropped, Wire.EntriesDropped>("entries-dropped-v2", DeliveryWire.Write, DeliveryWire.Read),
        Persisted<DeliveryAcknowledged, Wire.DeliveryAcknowledged>("delivery-acknowledged-v2", DeliveryWire.Write, DeliveryWire.Read),

        Persisted<BatchCounted, Wire.BatchCounted>("batch-counted-v2", AggregationWire.Write, AggregationWire.Read),
        Persisted<LatenessPassed, Wire.LatenessPassed>("lateness-passed-v2", AggregationWire.Write, AggregationWire.Read),
        Persisted<FeedsChanged, Wire.FeedsChanged>("feeds-changed-v1", AggregationWire.Write, AggregationWire.Read),
        Persisted<Wire.ApproachSnapshot, Wire.ApproachSnapshot>("approach-snapshot-v2", s => s, s => s),
        For<CloseOpenBins, Wire.ApproachName>(
            "close-open-bins-v1", m => AggregationWire.Name(m.Site, m.Approach), m => new CloseOpenBins(m.SiteId(), m.ApproachId())),
        For<OpenBinsClosed, Wire.ApproachName>(
            "open-bins-closed-v1", m => AggregationWire.Name(m.Site, m.Approach), m => new OpenBinsClosed(m.SiteId(), m.ApproachId())),
        For<GetLatestBins, Wire.ApproachName>(
            "get-latest-bins-v1", m => AggregationWire.Name(m.Site, m.Approach), m => new GetLatestBins(m.SiteId(), m.ApproachId())),
        For<GetApproachStatus, Wire.ApproachName>(
            "get-approach-status-v1", m => AggregationWire.Name(m.Site, m.Approach), m => new GetApproachStatus(m.SiteId(), m.ApproachId())),
        For<GetFlowBins, Wire.GetFlowBins>("get-flow-bins-v1", AggregationWire.Write, AggregationWire.Read),
        For<GetBinsAfter, Wire.GetBinsAfter>("get-bins-after-v1", AggregationWire.Write, AggregationWire.Read),
        For<BinsAfter, Wire.BinsAfter>("bins-after-v1", AggregationWire.Write, AggregationWire.Read),
        For<ApproachStatus, Wire.ApproachStatus>("approach-status-v1", AggregationWire.Write, AggregationWire.Read),
        For<FlowBins, Wire.FlowBins>("flow-bins-v1", FlowWire.Write, FlowWire.Read),
        For<FlowBinClosed, Wire.Bin>("flow-bin-closed-v1", AggregationWire.Write, m => new FlowBinClosed(FlowWire.Read(m), m.Cursor)),
        For<FlowBinsOpen, Wire.FlowBinsOpen>("flow-bins-open-v1", FlowWire.Write, FlowWire.Read),

        For<JourneyEnded, Wire.JourneyEnded>("journey-ended-v1", JourneysWire.Write, JourneysWire.Read),

        For<GetCameraStatus, Wire.GetCameraStatus>("get-camera-status-v1", CamerasWire.Write, CamerasWire.Read),
        For<CameraStatus, Wire.CameraStatus>("camera-status-v1", CamerasWire.Write, CamerasWire.Read),
        For<CameraStatuses, Wire.CameraStatuses>("camera-statuses-v1", CamerasWire.Write, CamerasWire.Read),
        For<UnknownCamera, Wire.UnknownCamera>("unknown-camera-v1", CamerasWire.Write, CamerasWire.Read),
        For<DeliveryReport, Wire.DeliveryReport>("delivery-report-v1", CamerasWire.Write, CamerasWire.Read),
        For<GetCameras, Wire.Nothing>("get-cameras-v1", _ => new Wire.Nothing(), _ => GetCameras.Instance),
        For<GetDelivered, Wire.Nothing>("get-delivered-v1", _ => new Wire.Nothing(), _ => GetDelivered.Instance),
        For<WhenDelivered, Wire.Nothing>("when-delivered-v1", _ => new Wire.Nothing(), _ => WhenDelivered.Instance),

        For<IsMember, Wire.IsMember>("is-member-v1", m => new Wire.IsMember { Node = m.Node, Uid = m.Uid }, m => new IsMember(m.Node, m.Uid)),
        For<MemberKnown, Wire.MemberKnown>(
            "member-known-v1", m => new Wire.MemberKnown { IsMember = m.IsMember }, m => new MemberKnown(m.IsMember)),
    ];

    /// <summary>What older versions persisted and nobody writes any more. It stays readable.</summary>
    public static readonly IReadOnlyList<Line> Former =
    [
        Before<EpochOpened, Wire.EpochOpened>("epoch-opened-v1", DeliveryWire.Read),
        Before<EntriesStored, Wire.EntriesStored>("entries-stored-v1", DeliveryWire.Read),
        Before<EntriesDropped, Wire.EntriesDropped>("entries-dropped-v1", DeliveryWire.Read),
        Before<DeliveryAcknowledged, Wire.DeliveryAcknowledged>("delivery-acknowledged-v1", DeliveryWire.Read),
        Before<BatchCounted, Wire.BatchCounted>("batch-counted-v1", AggregationWire.Read),
        Before<LatenessPassed, Wire.LatenessPassed>("lateness-passed-v1", AggregationWire.Read),
        Before<Wire.ApproachSnapshot, Wire.ApproachSnapshot>("approach-snapshot-v1", s => s),
    ];

    private static Line For<T, TWire>(string manifest, Func<T, TWire> write, Func<TWire, T> read)
        where T : class, IWireMessage
        where TWire : class, IMessage<TWire>, new() => Make(manifest, Guard.None, write, read);

    private static Line Persisted<T, TWire>(string manifest, Func<T, TWire> write, Func<TWire, T> read)
        where T : class, IWireMessage
        where TWire : class, IMessage<TWire>, new() => Make(manifest, Guard.Checksum, write, read);

    private static Line Before<T, TWire>(string manifest, Func<TWire, T> read)
        where T : class, IWireMessage
        where TWire : class, IMessage<TWire>, new() =>
        Make<T, TWire>(manifest, Guard.Parse, _ => throw new NotSupportedException($"{manifest} is not written any more"), read);

    private static Line Make<T, TWire>(string manifest, Guard guard, Func<T, TWire> write, Func<TWire, T> read)
        where T : class, IWireMessage
        where TWire : class, IMessage<TWire>, new()
    {
        var parser = new MessageParser<TWire>(() => new TWire());
        return new Line(typeof(T), manifest, guard, message => write((T)message), bytes => read(parser.ParseFrom(bytes)));
    }
}
