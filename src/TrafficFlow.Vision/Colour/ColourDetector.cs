using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Vision.Colour;

/// <summary>
/// Adds to each vehicle that another detector finds the colour that its picture shows, a few times a second: the only stage that still
/// has the picture.
/// </summary>
public class ColourDetector(IVehicleDetector inner, FrameFormat format) : IVehicleDetector
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(0.2);

    /// <summary>A vehicle that a nearer one hides by more than this share shows the other's paint.</summary>
    private const float MostHidden = 0.2f;

    private readonly RoadReference _road = new(format.Width, format.Height);
    private BodyColourReader? _reader;
    private DateTimeOffset _last = DateTimeOffset.MinValue;

    public DetectorIdentity Identity => inner.Identity;

    /// <summary>As <paramref name="inner"/>, with colours; learns a background where that does.</summary>
    public static IVehicleDetector Around(IVehicleDetector inner, FrameFormat format) =>
        inner is ILearnsBackground learner ? new LearningColourDetector(inner, learner, format) : new ColourDetector(inner, format);

    public void Detect(AnonymizedFrame frame, List<Detection> detections)
    {
        inner.Detect(frame, detections);
        // Also after a step backwards of the source's clock.
        if ((frame.EventTime - _last).Duration() < Every) return;
        _last = frame.EventTime;
        _road.Update(frame, detections, Identity.Scores.High);
        _reader ??= new BodyColourReader(_road);
        for (var d = 0; d < detections.Count; d++)
        {
            var detection = detections[d];
            if (detection.Kind != DetectedKind.Vehicle || detection.Score < Identity.Scores.High || IsHidden(d, detections)) continue;
            detections[d] = detection with { Colour = _reader.Read(frame, detection.Box) };
        }
    }

    public void Dispose()
    {
        inner.Dispose();
        GC.SuppressFinalize(this);
    }

    private bool IsHidden(int index, List<Detection> detections)
    {
        var box = detections[index].Box;
        for (var d = 0; d < detections.Count; d++)
        {
            var other = detections[d];
            if (d == index || other.Kind != DetectedKind.Vehicle || other.Score < Identity.Scores.High || other.Box.Bottom <= box.Bottom) continue;
            if (other.Box.IntersectionWith(box) > MostHidden * box.Area) return true;
        }

        return false;
    }

    private sealed class LearningColourDetector(IVehicleDetector inner, ILearnsBackground learner, FrameFormat format)
        : ColourDetector(inner, format), ILearnsBackground
    {
        public void Learn(AnonymizedFrame frame, double seconds) => learner.Learn(frame, seconds);
    }
}
