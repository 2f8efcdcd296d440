using Akka.Actor;
using TrafficFlow.Actors.Delivery;
using TrafficFlow.Actors.Topics;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Actors.Cameras;

/// <summary>What a camera's actor needs; one per camera.</summary>
/// <param name="FlowLogs">Makes what virtual cameras play; null where the node has none.</param>
/// <param name="Approaches">The shard region of the approach aggregators, or its proxy.</param>
public sealed record CameraSettings(
    Site Site,
    CameraSetup Camera,
    IFrameReaderFactory Readers,
    IVehicleDetectorFactory Detectors,
    CameraPolicy Policy,
    OutboxSettings Outbox,
    IActorRef Approaches,
    TopicPublisher Topics,
    TimeProvider Time,
    IFlowLogFactory? FlowLogs = null);
