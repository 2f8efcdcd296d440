using System.Globalization;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Wire.Cameras;

public enum CameraState
{
    Connecting = 0,
    Streaming = 1,

    /// <summary>The source failed; it is opened again after a wait.</summary>
    BackingOff = 2,

    /// <summary>The file was read to its end.</summary>
    Finished = 3,

    /// <summary>The file failed, or the detector cannot be made: nothing more happens without an operator.</summary>
    Failed = 4,
}

// --- Queries to /user/cameras ---

/// <summary>Answered with <see cref="CameraStatus"/>, or <see cref="UnknownCamera"/>.</summary>
public sealed record GetCameraStatus(CameraId Camera) : IWireMessage;

/// <summary>Answered with <see cref="CameraStatuses"/>.</summary>
public sealed record GetCameras : IWireMessage
{
    public static readonly GetCameras Instance = new();
}

/// <summary>Answered at once with <see cref="DeliveryReport"/>.</summary>
public sealed record GetDelivery : IWireMessage
{
    public static readonly GetDelivery Instance = new();
}

/// <summary>
/// Answered with <see cref="DeliveryReport"/> once every camera is Finished or Failed and everything was accepted by the aggregators;
/// never while a live camera runs.
/// </summary>
public sealed record AwaitDelivery : IWireMessage
{
    public static readonly AwaitDelivery Instance = new();
}

public sealed record CameraStatuses(IReadOnlyList<CameraStatus> Cameras) : IWireMessage;

public sealed record UnknownCamera(CameraId Camera, IReadOnlyList<CameraId> Known) : IWireMessage;

/// <summary>State of one camera; also published to its health topic.</summary>
/// <param name="Reason">Why the camera is not streaming: what failed and what to do; empty while all is well.</param>
/// <param name="Frames">Processed since the node started; of a replay camera, the entries of its log.</param>
/// <param name="Dropped">Given by live sources and not taken, since the node started.</param>
/// <param name="FramesPerSecond">Processed, over the last second or so.</param>
/// <param name="Reconnects">How often the source was opened again.</param>
/// <param name="LastFrame">Event time of the last processed frame.</param>
/// <param name="Epoch">Of the camera's log; 0 before the first frame.</param>
/// <param name="Pending">Counted and not yet stored by the outbox.</param>
/// <param name="OutboxReason">Why the outbox does not store; empty while all is well.</param>
/// <param name="Scene">How what the camera shows compares with its calibrated scene.</param>
/// <param name="SceneReason">Why the scene is not as calibrated, and what to do; empty while all is well.</param>
public sealed record CameraStatus(
    SiteId Site,
    CameraId Camera,
    CameraState State,
    string Reason,
    long Frames,
    long Dropped,
    double FramesPerSecond,
    int Reconnects,
    DateTimeOffset? LastFrame,
    long Epoch,
    long Pending,
    string OutboxReason,
    SceneState Scene = SceneState.Unknown,
    string SceneReason = "") : IWireMessage
{
    /// <summary>Only of a site's junction, which has no scene.</summary>
    public JunctionHealth? Junction { get; init; }

    /// <summary>Null where pictures cannot be recorded, and of a node that is older than recordings.</summary>
    public RecordingHealth? Recording { get; init; }

    public bool HasEnded => State is CameraState.Finished or CameraState.Failed;
}

public enum RecordingState
{
    /// <summary>The site file does not ask for it, or no more.</summary>
    Off = 0,

    /// <summary>It will record: in the hours of its plan, or when pictures come.</summary>
    Waiting = 1,
    Recording = 2,

    /// <summary>It should record and cannot; counting goes on.</summary>
    Troubled = 3,
}

/// <summary>How a camera's recorder is.</summary>
/// <param name="Reason">Why it does not record, with what to do where something is wrong; empty while it records.</param>
/// <param name="Segments">Closed and stored, since the camera started.</param>
/// <param name="Frames">Recorded, since the camera started.</param>
/// <param name="Lost">Should have been recorded and were not; they were counted all the same.</param>
public sealed record RecordingHealth(RecordingState State, string Reason, long Segments, long Frames, long Lost)
{
    public static readonly RecordingHealth None = new(RecordingState.Off, "", 0, 0, 0);
}

/// <summary>The balance of a junction: every vehicle that entered has left or is inside.</summary>
/// <param name="Whole">Journeys of which both ends were seen, since the node started or cameras or gates were changed.</param>
/// <param name="Lost">Seen to enter, not to leave.</param>
/// <param name="Appeared">Seen to leave, not to enter.</param>
/// <param name="Inside">Have entered and are still followed.</param>
/// <param name="BrokenShare">Share of the last ten minutes' journeys of which one end is unknown, 0..1.</param>
/// <param name="IsViolated">So many that the junction's bins are degraded.</param>
public sealed record JunctionHealth(long Whole, long Lost, long Appeared, int Inside, double BrokenShare, bool IsViolated)
{
    /// <summary>What is wrong and what to do, a sentence without its end; empty while all is well.</summary>
    public string Explain() => IsViolated
        ? string.Create(CultureInfo.InvariantCulture, $"of {100 * BrokenShare:0} % of the vehicles of the last ten minutes only one end was seen: has a camera moved, is one dirty, or is an entering or exiting gate missing?")
        : "";
}

/// <param name="AllEnded">Every camera is Finished or Failed.</param>
/// <param name="AllDelivered">And the aggregators have accepted everything.</param>
public sealed record DeliveryReport(bool AllEnded, bool AllDelivered, IReadOnlyList<CameraStatus> Cameras) : IWireMessage;
