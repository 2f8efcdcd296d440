using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Roadside.Cameras.Junctions;

/// <summary>From a camera's tracker to the junction of its site; never leaves the process.</summary>
internal interface IJunctionMessage;

/// <summary>
/// A run's first frame has come: track numbers begin anew. Also where the tracker itself began anew: what it saw before is over.
/// </summary>
/// <param name="Log">Names what the camera reads: the same for the same file read again.</param>
internal sealed record CameraOpened(CameraId Camera, bool IsLive, string Log, DetectorIdentity Detector) : IJunctionMessage;

/// <summary>Answered with <see cref="ObservationProcessed"/>: for a live camera at once, for a file when it was fused.</summary>
internal sealed record ObservationMade(CameraObservation Observation) : IJunctionMessage;

/// <summary>The camera's run is over.</summary>
/// <param name="IsCutShort">Of a file that has more, but nobody wants it now.</param>
internal sealed record CameraClosed(CameraId Camera, bool IsCutShort) : IJunctionMessage
{
    /// <summary>The camera itself says so: whatever its tracker says, nothing more will come.</summary>
    public bool IsFinal { get; init; }
}

/// <summary>Fusion to junction: the first camera has opened.</summary>
internal sealed record FusionStarted
{
    public static readonly FusionStarted Instance = new();
}

/// <summary>Fusion to junction: every file was read to its end and all that it brought is counted.</summary>
internal sealed record FusionEnded(TrackerProgress Progress);

/// <summary>Fusion to junction: every camera has ended, and none of them gave a frame.</summary>
internal sealed record NothingToFuse
{
    public static readonly NothingToFuse Instance = new();
}

/// <summary>Junction to the cameras' supervisor: its fusion began anew, or cannot go on; its cameras are to know.</summary>
internal sealed record JunctionChanged(bool IsUp);

/// <summary>Junction to tracker.</summary>
internal sealed record ObservationProcessed
{
    public static readonly ObservationProcessed Instance = new();
}

/// <summary>To a camera, and on to its tracker: where its site's tracks are joined; nobody where each camera counts by itself.</summary>
internal sealed record ApplyJunction(Akka.Actor.IActorRef Junction);
