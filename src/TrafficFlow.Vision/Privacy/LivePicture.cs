using OpenCvSharp;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Privacy;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Vision.Privacy;

/// <summary>
/// Makes shown pictures of one camera while somebody looks: about one in two seconds, with a box around each vehicle that the detector is sure of, some seconds after it was taken,
/// as <see cref="LiveCoarsening"/> asks for.
/// </summary>
internal sealed class LivePicture(CameraSetup camera, DetectorIdentity detector, TimeProvider time, LiveView view, Action<LivePicture> ended) : ILivePicture
{
    /// <summary>Between two pictures.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);

    private static readonly Scalar s_box = new(120, 230, 120);

    private readonly ShownPicture _shown = new();
    private readonly List<Detection> _vehicles = [];
    private readonly LiveCoarsening _coarsening = new(detector, camera.Frame);
    private AnonymizedFrame? _taken;
    private long? _takenAt;

    public LiveView View => view;

    public void Observe(AnonymizedFrame frame, IReadOnlyList<Detection>? detections)
    {
        if (detections is null) return;
        var now = frame.EventTime;
        // Set back, or away for a while.
        if (_coarsening.IsInterruptedBy(now)) Drop();
        _coarsening.Observe(now, detections);
        if (_taken is { } taken && _coarsening.IsDue(taken.EventTime)) Show(taken);
        if (_taken is null && !frame.IsDamaged && view.IsLookedAt && (_takenAt is not { } at || time.GetElapsedTime(at) >= s_interval)) Take(frame, detections);
        if (_taken is null) _coarsening.Trim();
    }

    public void Dispose()
    {
        Drop();
        _shown.Dispose();
        ended(this);
    }

    private void Take(AnonymizedFrame frame, IReadOnlyList<Detection> detections)
    {
        _taken = frame.Lend();
        _takenAt = time.GetTimestamp();
        _vehicles.Clear();
        _vehicles.AddRange(detections.Where(d => d.Kind == DetectedKind.Vehicle && d.Score >= detector.Scores.High));
    }

    private void Show(AnonymizedFrame taken)
    {
        _shown.Show(taken, _coarsening.At(taken.EventTime));
        foreach (var vehicle in _vehicles)
        {
            var box = vehicle.Box;
            Cv2.Rectangle(_shown.Pixels, new Rect((int)box.X, (int)box.Y, (int)box.Width, (int)box.Height), s_box, Math.Max(1, taken.Width / 500), LineTypes.AntiAlias);
        }

        view.Publish(new TakenPicture(taken.EventTime, _shown.ToJpeg()));
        Drop();
    }

    private void Drop()
    {
        _taken?.Dispose();
        _taken = null;
    }
}
