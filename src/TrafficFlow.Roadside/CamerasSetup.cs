using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Privacy;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Segments;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Roadside.Evidence;
using TrafficFlow.Roadside.Outbox;

namespace TrafficFlow.Roadside;

/// <summary>The cameras of a node, and what they work with.</summary>
/// <param name="Sites">Those of now: site files can be read again while the node runs.</param>
public sealed record CamerasSetup(Func<IReadOnlyList<Site>> Sites, IFrameReaderFactory Readers, IVehicleDetectorFactory Detectors)
{
    public CameraPolicy Policy { get; init; } = new();

    public OutboxSettings Outbox { get; init; } = new();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Makes what replay cameras play; null where the node has none.</summary>
    public IReplayScriptFactory? ReplayScripts { get; init; }

    /// <summary>Of the outboxes' disk; null where nobody watches it.</summary>
    public Func<long>? FreeBytes { get; init; }

    /// <summary>Cameras that are no more and whose outboxes may still hold something.</summary>
    public IReadOnlyList<(SiteId Site, CameraId Camera)>? Former { get; init; }

    /// <summary>Watches whether the cameras still show what they were calibrated on; null: nobody does.</summary>
    public ISceneWatchFactory? Scenes { get; init; }

    /// <summary>Shows pictures of the cameras on this node; null: nobody sees any.</summary>
    public ILivePictureFactory? Pictures { get; init; }

    /// <summary>Records pictures of the cameras; null: nobody does.</summary>
    public ICameraRecorderFactory? Recorders { get; init; }

    /// <summary>What is recorded of a camera, by the site files as they are now.</summary>
    public Func<CameraId, RecordingSettings> Recording { get; init; } = _ => RecordingSettings.Off;

    /// <summary>Keeps what detectors found in the last minutes, for whoever counts it again; null: nobody does.</summary>
    public RecentDetections? Recent { get; init; }

    /// <summary>Where it is kept why things were counted; null: nowhere.</summary>
    public IEvidenceStore? Evidence { get; init; }
}
