using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Recounting;

/// <summary>What a camera's detector found in one picture; no picture.</summary>
public readonly record struct SeenFrame(DateTimeOffset Time, IReadOnlyList<Detection.Detection> Detections);

/// <summary>What one camera's detector found in the last minutes, in order of event time.</summary>
/// <param name="Scores">Of that detector.</param>
public sealed record SeenFrames(CameraId Camera, ScoreBands Scores, IReadOnlyList<SeenFrame> Frames);
