using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;

namespace TrafficFlow.Vision.Throttling;

/// <summary>
/// Uses another detector less: looks at so many frames a second, and not where nothing has moved. Time decides and not the number of
/// frames, so that a camera that drops some is looked at as often as one that does not.
/// </summary>
public class ThrottledDetector : IVehicleDetector
{
    private readonly IVehicleDetector _detector;
    private readonly ThrottleSettings _settings;
    private readonly MotionGate _gate;
    private readonly List<Detection> _found = [];
    private DateTimeOffset? _last;
    private DateTimeOffset _next;
    private DateTimeOffset _inferredAt;

    /// <param name="detector">Disposed of with this one.</param>
    public ThrottledDetector(IVehicleDetector detector, ThrottleSettings settings)
    {
        _detector = detector;
        _settings = settings;
        _gate = new MotionGate(settings.Change);
        Identity = detector.Identity with { Version = $"{detector.Identity.Version}{settings}" };
    }

    /// <summary>As <paramref name="detector"/>, used less; learns a background where that does.</summary>
    public static ThrottledDetector Around(IVehicleDetector detector, ThrottleSettings settings) => detector is ILearnsBackground learner
        ? new LearningThrottledDetector(detector, learner, settings)
        : new ThrottledDetector(detector, settings);

    public DetectorIdentity Identity { get; }

    /// <summary>How often the inner detector was asked.</summary>
    public long Inferences { get; private set; }

    public bool IsDue(DateTimeOffset time)
    {
        if (_settings.LooksPerSecond is not { } rate) return true;
        var interval = TimeSpan.FromSeconds(1 / rate);
        if (_last is { } last && time > last && time < _next - (interval * 0.1)) return false;
        // As often on average, though frames do not come at its multiples.
        _next = _last is null || time < _last || time - _next > interval ? time + interval : _next + interval;
        _last = time;
        return true;
    }

    public void Detect(AnonymizedFrame frame, List<Detection> detections)
    {
        if (_settings.GateByMotion)
        {
            var isStale = (frame.EventTime - _inferredAt).Duration().TotalSeconds >= _settings.RefreshSeconds;
            if (isStale) _gate.Forget();
            if (!_gate.HasChanged(frame))
            {
                detections.Clear();
                detections.AddRange(_found);
                return;
            }
        }

        _detector.Detect(frame, detections);
        Inferences++;
        if (!_settings.GateByMotion) return;
        _inferredAt = frame.EventTime;
        _found.Clear();
        _found.AddRange(detections);
    }

    public void Dispose()
    {
        _gate.Dispose();
        _detector.Dispose();
        GC.SuppressFinalize(this);
    }

    private sealed class LearningThrottledDetector(IVehicleDetector detector, ILearnsBackground learner, ThrottleSettings settings)
        : ThrottledDetector(detector, settings), ILearnsBackground
    {
        public void Learn(AnonymizedFrame frame, double seconds) => learner.Learn(frame, seconds);
    }
}
