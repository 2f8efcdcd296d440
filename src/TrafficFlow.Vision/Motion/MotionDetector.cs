using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
namespace TrafficFlow.Vision.Motion;
public sealed record MotionSettings { public static readonly MotionSettings Default = new(); }
public sealed class MotionDetector(FrameFormat frame, MotionSettings settings) : IVehicleDetector
{
    public DetectorIdentity Identity { get; } = new("motion", "1", new ScoreBands(0.1f, 0.3f, 0.3f), false);
    public void Detect(AnonymizedFrame f, List<Detection> detections) { _ = frame; _ = settings; }
    public void Dispose() { }
}
