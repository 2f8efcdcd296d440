using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tracking;

namespace TrafficFlow.Core.Learning;

/// <summary>Makes labels of what a detector found in recorded frames, with the tracks by which vehicles are followed from one to the next.</summary>
/// <param name="frame">Of the pictures.</param>
public sealed class FrameLabels(FrameFormat frame)
{
    // As detections are kept: the recorder knows nothing of the detector's own bands.
    private static readonly ScoreBands s_bands = new(0.1f, 0.5f, 0.5f);

    private readonly VehicleTracker _tracker = new(TrackerSettings.Default, s_bands, frame);
    private DateTimeOffset? _origin;

    /// <param name="time">Later than that of the frame before.</param>
    public IReadOnlyList<LabelBox> Of(DateTimeOffset time, IReadOnlyList<Detection.Detection> detections)
    {
        _tracker.Update((time - (_origin ??= time)).TotalSeconds, detections);
        var tracks = new Dictionary<int, int>();
        foreach (var track in _tracker.Tracks)
        {
            if (track is { IsSeen: true, IsConfirmed: true } && track.FoundIndex >= 0) tracks[track.FoundIndex] = (int)track.Number;
        }

        var labels = new List<LabelBox>();
        for (var i = 0; i < detections.Count; i++)
        {
            var box = detections[i].Box.ClipTo(frame.Width, frame.Height);
            if (box.Width < 1 || box.Height < 1) continue;
            labels.Add(new LabelBox(LabelClasses.Of(detections[i]), box.X, box.Y, box.Width, box.Height, tracks.TryGetValue(i, out var number) ? number : null, detections[i].Score));
        }

        return labels;
    }
}
