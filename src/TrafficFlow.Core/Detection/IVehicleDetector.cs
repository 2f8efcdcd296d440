using TrafficFlow.Core.Frames;

namespace TrafficFlow.Core.Detection;

/// <summary>Finds vehicles in one camera's frames. Not thread-safe: one camera, one detector.</summary>
public interface IVehicleDetector : IDisposable
{
    DetectorIdentity Identity { get; }

    /// <summary>
    /// Asked once for each frame, in order, before it is looked at. False: nobody looks at it; the tracker predicts over it, and it counts as
    /// watched all the same.
    /// </summary>
    bool IsDue(DateTimeOffset time) => true;

    /// <summary>Clears <paramref name="detections"/> and fills it with what is in the frame. The caller keeps the frame.</summary>
    void Detect(AnonymizedFrame frame, List<Detection> detections);
}

/// <summary>
/// A detector that compares with a learned background. A file can be read twice: its first seconds teach the background, so that the
/// vehicles of its first pictures are found too. A camera learns while it watches.
/// </summary>
public interface ILearnsBackground
{
    /// <summary>Learns from a frame without looking for vehicles. The caller keeps the frame.</summary>
    /// <param name="seconds">Time that this frame stands for.</param>
    void Learn(AnonymizedFrame frame, double seconds);
}

/// <summary>Makes the detector that a camera's setup names; one per camera.</summary>
public interface IVehicleDetectorFactory
{
    /// <exception cref="DetectorException">The model file is missing or is not what the settings say.</exception>
    IVehicleDetector Create(Sites.CameraSetup camera);
}

/// <summary>Which detector and model made a number, and how its scores are to be read.</summary>
/// <param name="Name">As in trafficflow.detectors: vehicles, motion, or the name of a model.</param>
/// <param name="Version">Of the model: first 12 hex digits of the file's SHA-256; of motion: its own version.</param>
/// <param name="Scores">Where this model's scores divide sure from unsure.</param>
/// <param name="KnowsPersons">True where the model reports persons, so that shown pictures pixelate them.</param>
public sealed record DetectorIdentity(string Name, string Version, ScoreBands Scores, bool KnowsPersons)
{
    /// <summary>What was done otherwise than the settings ask, and why, for log and summary; null where nothing was.</summary>
    public string? Note { get; init; }
}

/// <summary>Score limits of one model, 0..1.</summary>
/// <param name="Low">Below this a detection is not reported at all.</param>
/// <param name="High">From here a detection is sure: it takes part in the first association.</param>
/// <param name="New">From here a detection may begin a track.</param>
public readonly record struct ScoreBands(float Low, float High, float New)
{
    /// <summary>Boxes are of whatever moves: neighbours merge into one and part again, so that a box's size tells nothing.</summary>
    public bool AreBlobs { get; init; }
}

/// <summary>A detector cannot be made; the message says what was expected, what was found, and what to do.</summary>
public sealed class DetectorException(string message, Exception? inner = null) : Exception(message, inner);
