using TrafficFlow.Core.Proposal;
using TrafficFlow.Core.Scene;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Cameras;

namespace TrafficFlow.Roadside.Cameras.Lifecycle;

/// <summary>What a camera's actor says about it.</summary>
internal sealed class CameraHealth(SiteId site, CameraId camera, TimeProvider time)
{
    private TrackerProgress _progress = new(0, 0, 0, 0, null, 0, 0);
    private CameraState _state = CameraState.Connecting;
    private string _reason = "";
    private long? _openedAt;
    private long _lastProgressAt;

    public int Reconnects { get; set; }

    public string OutboxReason { get; set; } = "";

    /// <summary>Which readers cannot be ended; shown in every state, beside the reason of that state.</summary>
    public string StuckReason { get; set; } = "";

    /// <summary>Why the camera is in its state; empty while all is well.</summary>
    public string Reason => _reason;

    public SceneVerdict Scene { get; set; }

    /// <summary>Null where pictures cannot be recorded.</summary>
    public RecordingHealth? Recording { get; set; }

    /// <summary>For how long frames have come since the source was opened.</summary>
    public TimeSpan GoodFor => _openedAt is { } opened ? time.GetElapsedTime(opened, Math.Max(opened, _lastProgressAt)) : TimeSpan.Zero;

    public CameraStatus Status => new(
        site, camera, _state, ShownReason, _progress.Frames, _progress.Dropped,
        _state == CameraState.Streaming ? _progress.FramesPerSecond : 0,
        Reconnects, _progress.LastFrame, _progress.Epoch, _progress.Pending, OutboxReason, Scene.State, Scene.Explain())
    {
        Junction = _progress.Junction,
        Recording = Recording,
    };

    private string ShownReason =>
        StuckReason.Length == 0 || _reason.Contains(StuckReason, StringComparison.Ordinal) ? _reason
        : _reason.Length == 0 ? StuckReason : $"{_reason}; {StuckReason}";

    public void Opened() => _openedAt = _lastProgressAt = time.GetTimestamp();

    public void Become(CameraState state, string reason)
    {
        if (state == CameraState.Connecting) _openedAt = null;
        (_state, _reason) = (state, reason);
    }

    public void Take(TrackerProgress progress)
    {
        if (progress.Frames > _progress.Frames) _lastProgressAt = time.GetTimestamp();
        if (progress.Pending < _progress.Pending) OutboxReason = "";
        CameraTelemetry.Progress(site, camera, _progress, progress);
        _progress = progress;
    }
}
