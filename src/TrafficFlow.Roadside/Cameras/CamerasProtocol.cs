using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tracking;
using TrafficFlow.Wire.Cameras;

namespace TrafficFlow.Roadside.Cameras;

/// <summary>Readers stop, trackers give out what is pending, outboxes store it. Answered with <see cref="CamerasStopped"/>; then
/// the actor stops.</summary>
public sealed record StopCameras
{
    public static readonly StopCameras Instance = new();
}

/// <summary>Stops one camera gracefully, so that what it counted is stored, and starts it again; the others do not notice. Answered with
/// <see cref="CameraRestarted"/> or <see cref="UnknownCamera"/>.</summary>
public sealed record RestartCamera(CameraId Camera);

/// <summary>The camera's scene as it is now is the right one. Answered with <see cref="SceneAccepted"/>, <see cref="NoScene"/> or <see cref="UnknownCamera"/>.</summary>
public sealed record AcceptScene(CameraId Camera);

/// <summary>
/// The site files were read again. What did not change goes on without a frame lost; what left the files stops, and what it counted is
/// delivered. Answered with <see cref="SitesApplied"/>.
/// </summary>
public sealed record ApplySites(IReadOnlyList<Site> Sites);

// --- Replies ---

/// <param name="Changed">Stopped and started again.</param>
public sealed record SitesApplied(IReadOnlyList<CameraId> Added, IReadOnlyList<CameraId> Changed, IReadOnlyList<CameraId> Removed);

public sealed record CameraRestarted(CameraId Camera);

public sealed record SceneAccepted(CameraId Camera);

/// <summary>There is no scene to accept.</summary>
public sealed record NoScene(CameraId Camera, string Reason, string Remedy);

public sealed record CamerasStopped
{
    public static readonly CamerasStopped Instance = new();
}

// --- Events on the EventStream of the process ---

/// <summary>The tracks of one camera after a frame, for live views; published only where the policy says so.</summary>
public sealed record TracksObserved(CameraId Camera, DateTimeOffset Time, IReadOnlyList<TrackView> Tracks);

/// <summary>Every camera has ended and everything was delivered.</summary>
public sealed record RunCompleted(DeliveryReport Report);
