using Akka.Actor;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Privacy;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Evidence;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Roadside.Cameras;

/// <summary>What a camera's actor needs; one per camera.</summary>
/// <param name="Approaches">The shard region of the approach aggregators, its proxy, or the uplink.</param>
/// <param name="ReplayScripts">Makes what replay cameras play; null where the node has none.</param>
/// <param name="FreeBytes">Of the outbox' disk; null where nobody watches it.</param>
/// <param name="Scenes">Null where nobody watches the scene.</param>
/// <param name="Junction">Where the site's tracks are joined; null or nobody where each camera counts by itself.</param>
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
    IReplayScriptFactory? ReplayScripts = null,
    Func<long>? FreeBytes = null,
    ISceneWatchFactory? Scenes = null,
    IActorRef? Junction = null)
{
    /// <summary>Null where nobody sees pictures.</summary>
    public ILivePictureFactory? Pictures { get; init; }

    /// <summary>Keeps what detectors found in the last minutes; null for nobody.</summary>
    public RecentDetections? Recent { get; init; }

    /// <summary>Records pictures; null where nobody does.</summary>
    public ICameraRecorderFactory? Recorders { get; init; }

    /// <summary>What is recorded of this camera, by its site file as it is now.</summary>
    public Func<RecordingSettings>? Recording { get; init; }

    internal RecordingSettings RecordingNow => Recording?.Invoke() ?? RecordingSettings.Off;

    /// <summary>Keeps why things were counted; null for nobody.</summary>
    public IActorRef? Evidence { get; init; }

    internal EvidenceSink? EvidenceSink => Evidence is null ? null : new EvidenceSink(Evidence, Site.Id, Camera.Id);
}
