using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Segments;

/// <summary>
/// Records one camera from the moment it is made until it is ended or fails; after that it takes nothing, counts what is lost by that, and is made anew. It looks at every frame, also
/// while its plan does not record, so that it knows who was there before.
/// </summary>
public interface ICameraRecorder : IDisposable
{
    /// <summary>What it has done. Thread-safe.</summary>
    RecorderProgress Progress { get; }

    /// <summary>Completes when it has ended and holds no frame: empty where somebody ended it, else why, with what to do. Never faults.</summary>
    Task<string> Completion { get; }

    /// <summary>Takes a lease where it has room, and counts the frame as lost where it has none; never blocks.</summary>
    /// <param name="frame">The caller keeps it, and must be its owner.</param>
    /// <param name="detections">Of this very frame, the unsure ones too; null where nobody looked for any. Copied.</param>
    void Observe(AnonymizedFrame frame, IReadOnlyList<Detection.Detection>? detections);

    /// <summary>From the next frame on; what has another site hash begins another segment. Thread-safe.</summary>
    void Use(RecordingOrder order);

    /// <summary>Closes the segment and completes. Thread-safe; does not wait.</summary>
    void End();
}

/// <summary>Makes the recorder of a camera.</summary>
public interface ICameraRecorderFactory
{
    /// <summary>One that cannot record completes at once with the reason.</summary>
    ICameraRecorder Create(CameraSetup camera, DetectorIdentity detector, RecordingOrder order);
}

/// <summary>What to record, and under which configuration of the site.</summary>
public sealed record RecordingOrder(SiteId Site, string SiteHash, RecordingSettings Settings);

/// <summary>What a recorder has done since it was made.</summary>
/// <param name="IsRecording">A segment is open.</param>
/// <param name="Segments">Closed and stored.</param>
/// <param name="Frames">Given to the encoder.</param>
/// <param name="Lost">Should have been recorded and were not.</param>
/// <param name="Trouble">What it waits for that should not take so long, with what to do; empty where it does not.</param>
public sealed record RecorderProgress(bool IsRecording, long Segments, long Frames, long Lost, string Trouble)
{
    public static readonly RecorderProgress None = new(false, 0, 0, 0, "");
}
