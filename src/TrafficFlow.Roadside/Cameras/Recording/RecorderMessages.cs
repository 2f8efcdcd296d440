using TrafficFlow.Core.Segments;
using TrafficFlow.Wire.Cameras;

namespace TrafficFlow.Roadside.Cameras.Recording;

// Between a camera, its recorder and its detector.

/// <summary>Recorder to detector: who is shown every frame from now on; null: nobody.</summary>
internal sealed record ApplyRecorder(ICameraRecorder? Recorder);

/// <summary>Recorder to camera: a new life; it does not know the detector.</summary>
internal sealed record RecorderStarted
{
    public static readonly RecorderStarted Instance = new();
}

/// <summary>Recorder to camera: how it is has changed.</summary>
internal sealed record RecorderChanged(RecordingHealth Health);

/// <summary>Camera to recorder: close the segment. Answered with <see cref="RecorderStopped"/>.</summary>
internal sealed record StopRecorder
{
    public static readonly StopRecorder Instance = new();
}

internal sealed record RecorderStopped
{
    public static readonly RecorderStopped Instance = new();
}
