using OpenCvSharp;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Privacy;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Vision.Privacy;

/// <summary>
/// Makes shown pictures of one camera while somebody looks: about one in two seconds, with a box around each vehicle that the detector is sure of. It looks at every frame all the
/// time, so that it knows who was there before; a picture is shown some seconds after it was taken, so that it knows who was found afterwards. Until it has looked
/// for long enough, and after each pause, pictures are coarse as a whole.
/// </summary>
internal sealed class LivePicture(CameraSetup camera, DetectorIdentity detector, TimeProvider time, LiveView view, Action<LivePicture> ended) : ILivePicture
{
    /// <summary>Event time that a picture waits, as for a still picture of a camera.</summary>
    private static readonly TimeSpan s_lag = TimeSpan.FromSeconds(2);

    /// <summary>Between two pictures.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);

    /// <summary>Without detections for longer nobody knows who has come.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);

    private static readonly Scalar s_box = new(120, 230, 120);

    private readonly ShownPicture _shown = new();
    private readonly List<Detection> _vehicles = [];
    private PrivacyWatch _privacy = new(detector, camera.Frame);
    private AnonymizedFrame? _taken;
    private DateTimeOffset? _since;
    private DateTimeOffset _last;
    private DateTimeOffset _trimmed;
    private long? _takenAt;

    public LiveView View => view;

    public void Observe(AnonymizedFrame frame, IReadOnlyList<Detection>? detections)
    {
        if (detections is null) return;
        var now = frame.EventTime;
        // Set back, or away for a while.
        if (_since is null || now <= _last || now - _last > s_pause) Begin(now);
        _last = now;
        _privacy.Observe(now, detections, [], []);
        if (_taken is { } taken && now - taken.EventTime >= s_lag) Show(taken);
        if (_taken is null && !frame.IsDamaged && view.IsLookedAt && (_takenAt is not { } at || time.GetElapsedTime(at) >= s_interval)) Take(frame, detections);
        // What nobody asks about is forgotten all the same.
        if (_taken is not null || now - _trimmed < s_interval) return;
        _trimmed = now;
        _ = _privacy.At(now);
    }

    public void Dispose()
    {
        Drop();
        _shown.Dispose();
        ended(this);
    }

    private void Begin(DateTimeOffset now)
    {
        Drop();
        (_privacy, _since, _trimmed) = (new PrivacyWatch(detector, camera.Frame), now, now);
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
        _shown.Show(taken, _privacy.At(taken.EventTime, isWhole: taken.EventTime - _since < _privacy.Horizon));
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
