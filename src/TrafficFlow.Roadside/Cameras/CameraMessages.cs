using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Scene;
using TrafficFlow.Roadside.Cameras.Lifecycle;
using TrafficFlow.Wire.Cameras;

namespace TrafficFlow.Roadside.Cameras;

// Between a camera's actor and its children. A run is one opening of the source; what belongs to an earlier run is stale.

internal sealed record OpenSource(int Run);

internal sealed record CloseSource(int Run);

/// <summary>Reader to camera: a live source is open, but a mute server or a stream without a key frame is so too: its first frame is to come.</summary>
internal sealed record SourceAwaited(int Run);

/// <summary>Reader to detector: frames may be asked for. Reader to camera: the source works; of a live one the first frame has come.</summary>
internal sealed record SourceOpened(int Run, bool IsLive, long? ExpectedFrames);

/// <summary>Reader to camera: no frame will follow. No failure: a file's end.</summary>
internal sealed record SourceEnded(int Run, bool? WasLive, Exception? Failure);

/// <summary>Reader to camera: how many of its readers cannot be ended has changed.</summary>
/// <param name="Reason">What to do; empty where none is left.</param>
internal sealed record ReadersStuck(string Reason);

/// <summary>Detector to reader: one more frame.</summary>
internal sealed record ReadFrame(int Run);

/// <summary>Reader to detector, which then owns the frame.</summary>
/// <param name="RequestedAt">A timestamp of Stopwatch: the reader began to wait for it.</param>
/// <param name="ReadAt">A timestamp of Stopwatch.</param>
internal sealed record FrameRead(int Run, AnonymizedFrame Frame, long Dropped, long RequestedAt, long ReadAt);

/// <summary>Reader to detector, and on to the tracker, behind the run's last frame.</summary>
/// <param name="IsCutShort">The source has more, but nobody wants it now.</param>
internal sealed record EndOfRun(int Run, bool IsCutShort);

/// <summary>Detector to tracker and recorder, once for each life of either.</summary>
internal sealed record DetectorReady(DetectorIdentity Identity);

/// <summary>Detector to camera: it cannot be made; the message says what to do.</summary>
internal sealed record DetectorUnavailable(string Reason);

/// <summary>To a detector: a new tracker or recorder does not know it.</summary>
internal sealed record AnnounceDetector
{
    public static readonly AnnounceDetector Instance = new();
}

/// <summary>
/// What was detected in one frame. Detector and tracker pass a few of these to and fro and never make more: the one that comes back is
/// the detector's leave to work on the next frame. Its holder may change it.
/// </summary>
internal sealed class FrameDetections
{
    public List<Detection> Detections { get; } = new(64);
    public int Run { get; set; }
    public DateTimeOffset EventTime { get; set; }

    /// <summary>Frames that the source gave and nobody took, since it was opened.</summary>
    public long Dropped { get; set; }

    /// <summary>Nobody looked for vehicles: there are none in the list because of that.</summary>
    public bool IsPassedOver { get; set; }

    /// <summary>The decoder complained of its picture.</summary>
    public bool IsDamaged { get; set; }

    /// <summary>Where the frame spent its time so far.</summary>
    public FrameTimes Times { get; set; }

    /// <summary>What was thought of the scene when this frame came.</summary>
    public SceneVerdict Scene { get; set; }
}

/// <summary>Detector to camera: what is thought of its scene has changed.</summary>
internal sealed record SceneChanged(SceneVerdict Scene);

/// <summary>Detector to tracker: a run begins.</summary>
internal sealed record BeginRun(int Run, bool IsLive, long? ExpectedFrames);

/// <summary>
/// To a camera, and on to its tracker: its site has a new configuration, in which this camera is as it was. What it counts from now on
/// carries the new hash.
/// </summary>
internal sealed record ApplySite(Core.Sites.Site Site);

/// <summary>Camera to tracker: where to store from now on.</summary>
internal sealed record ApplyOutbox(Akka.Actor.IActorRef Outbox);

/// <summary>Tracker to camera: a new life; it knows neither outbox nor run.</summary>
internal sealed record TrackerStarted
{
    public static readonly TrackerStarted Instance = new();
}

/// <summary>Tracker to camera, about once a second.</summary>
internal sealed record TrackerProgress(int Run, long Frames, long Dropped, double FramesPerSecond, DateTimeOffset? LastFrame, long Epoch, long Pending)
{
    /// <summary>Only of a site's junction.</summary>
    public JunctionHealth? Junction { get; init; }
}

/// <summary>Tracker to camera: the run's frames are processed and what they brought is counted.</summary>
internal sealed record RunFinished(int Run, TrackerProgress Progress);

/// <summary>Camera to tracker; answered with <see cref="EverythingStored"/> once nothing is left to store.</summary>
internal sealed record NotifyWhenStored
{
    public static readonly NotifyWhenStored Instance = new();
}

internal sealed record EverythingStored
{
    public static readonly EverythingStored Instance = new();
}

/// <summary>Camera to cameras: its state changed.</summary>
internal sealed record CameraChanged(CameraStatus Status);

/// <summary>Camera to cameras: it has ended and everything was delivered.</summary>
internal sealed record CameraDelivered(CameraStatus Status);
