namespace TrafficFlow.Roadside.Cameras.Lifecycle;

/// <summary>Where one frame spent its time; timestamps of Stopwatch.</summary>
internal readonly record struct FrameTimes(long Requested, long Read, long DetectorBegan, long Detected);
