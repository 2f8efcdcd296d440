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
    internal sealed record Line(Type Type, string Manifest, Func<object, IMessage> Write, Func<byte[], object> Read);

    public static readonly IReadOnlyList<Line> Lines =
    [
        For<DeliveryBatch, Wire.DeliveryBatch>("delivery-batch-v1", DeliveryWire.Write, DeliveryWire.Read),
        For<Accepted, Wire.Accepted>("accepted-v1", DeliveryWire.Write, DeliveryWire.Read),
        For<Behind, Wire.Behind>("behind-v1", DeliveryWire.Write, DeliveryWire.Read),
        For<EpochOpened, Wire.EpochOpened>("epoch-opened-v1", DeliveryWire.Write, DeliveryWire.Read),
        For<EntriesStored, Wire.EntriesStored>("entries-stored-v1", DeliveryWire.Write, DeliveryWire.Read),
        For<EntriesDropped, Wire.EntriesDropped>("entries-dropped-v1", DeliveryWire.Write, DeliveryWire.Read),
        For<DeliveryAcknowledged, Wire.DeliveryAcknowledged>("delivery-acknowledged-v1", DeliveryWire.Write, DeliveryWire.Read),

        For<BatchCounted, Wire.BatchCounted>("batch-counted-v1", AggregationWire.Write, AggregationWire.Read),
        For<LatenessPassed, Wire.LatenessPassed>("lateness-passed-v1", AggregationWire.Write, AggregationWire.Read),
        For<FeedsChanged, Wire.FeedsChanged>("feeds-changed-v1", AggregationWire.Write, AggregationWire.Read),
        For<Wire.ApproachSnapshot, Wire.ApproachSnapshot>("approach-snapshot-v1", s => s, s => s),
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

    private static Line For<T, TWire>(string manifest, Func<T, TWire> write, Func<TWire, T> read)
        where T : class, IWireMessage
        where TWire : class, IMessage<TWire>, new()
    {
        var parser = new MessageParser<TWire>(() => new TWire());
        return new Line(typeof(T), manifest, message => write((T)message), bytes => read(parser.ParseFrom(bytes)));
    }
}
