using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Tracking;

/// <summary>Where a vehicle was in one picture.</summary>
/// <param name="Frame">As the caller numbers them.</param>
/// <param name="Box">In pixels, as far as it lies in the picture.</param>
/// <param name="Score">Of the detection; 0 where it was not detected and the box follows from those before and after.</param>
public readonly record struct TrackedBox(int Frame, long Track, Box Box, float Score);

/// <summary>
/// Tracks a whole recording and keeps every box: as it was known in its picture, and with hindsight. Nothing is counted from hindsight.
/// </summary>
public sealed class TrackRecorder(TrackerSettings settings, ScoreBands scores, FrameFormat frame)
{
    private readonly VehicleTracker _tracker = new(settings, scores, frame);
    private readonly List<TrackedBox> _live = [];
    private readonly List<Step> _steps = [];
    private readonly Dictionary<long, TrackTrail> _trails = [];

    /// <summary>The vehicles in each picture as they were known then: those that were detected in it, and those that were a moment before.</summary>
    public IReadOnlyList<TrackedBox> Live => _live;

    /// <param name="number">Of the frame; later than the one before.</param>
    /// <param name="time">Seconds; later than in the step before.</param>
    /// <param name="detections">In pixels; persons and others are passed over.</param>
    public void Add(int number, double time, IReadOnlyList<Detection.Detection> detections)
    {
        _tracker.Update(time, detections);
        _steps.Add(new Step(number, time, [.. detections], new bool[detections.Count]));
        foreach (var track in _tracker.Tracks)
        {
            if (!track.IsSeen)
            {
                if (track.IsConfirmed && track.UnseenSeconds <= settings.ShownUnseenSeconds && track.IsConvincing(scores.High)) _live.Add(Shown(number, track.Number, track.Box, 0));
                continue;
            }

            if (!_trails.TryGetValue(track.Number, out var trail)) _trails.Add(track.Number, trail = new TrackTrail(track));
            trail.Append(_steps.Count - 1, time, track.Found);
            _steps[^1].Taken[track.FoundIndex] = track.IsConfirmed;
            if (track.IsConvincing(scores.High)) _live.Add(Shown(number, track.Number, Between(track.Box, track.Found.Box), track.Found.Score));
        }
    }

    /// <summary>
    /// The same vehicles, told after the end: each from its first detection on and back through unsure ones that lead there, through short
    /// gaps, on a path smoothed over the pictures before and after. In order of track and frame.
    /// </summary>
    public IReadOnlyList<TrackedBox> Hindsight()
    {
        var boxes = new List<TrackedBox>();
        foreach (var trail in _trails.Values.Where(t => t.Track.IsConfirmed && t.Track.IsConvincing(scores.High)))
        {
            var path = ExtendedBack(trail);
            for (var s = 0; s < path.Seen.Count; s++)
            {
                var (step, time, found) = path.Seen[s];
                boxes.Add(Shown(_steps[step].Number, trail.Track.Number, path.SmoothAt(time), found.Score));
                if (s + 1 == path.Seen.Count || path.Seen[s + 1].Time - time > settings.MovingPatienceSeconds) continue;
                for (var hidden = step + 1; hidden < path.Seen[s + 1].Step; hidden++)
                    boxes.Add(Shown(_steps[hidden].Number, trail.Track.Number, path.SmoothAt(_steps[hidden].Time), 0));
            }
        }

        return boxes;
    }

    /// <summary>Unsure detections begin no track, yet those before a track's first sure one are mostly the same vehicle.</summary>
    private TrackTrail ExtendedBack(TrackTrail trail)
    {
        var path = trail.Copy();
        for (var s = path.Seen[0].Step - 1; s >= 0; s--)
        {
            var (time, found, taken) = (_steps[s].Time, _steps[s].Found, _steps[s].Taken);
            if (path.Seen[0].Time - time > settings.TentativePatienceSeconds) break;
            var expected = path.LineAt(time);
            var (best, at) = (settings.BackwardOverlap, -1);
            for (var d = 0; d < found.Length; d++)
            {
                if (taken[d] || found[d].Kind != DetectedKind.Vehicle || found[d].Score < scores.Low) continue;
                var overlap = found[d].Box.IntersectionOverUnion(expected);
                if (overlap > best) (best, at) = (overlap, d);
            }

            if (at < 0) continue;
            if (!path.StaysConvincing(s, found[at].Score, scores.High)) break;
            taken[at] = true;
            path.Prepend(s, time, found[at]);
        }

        return path;
    }

    /// <summary>The filter lags behind what has just been seen, and what has just been seen jitters: the truth lies between.</summary>
    private static Box Between(in Box filtered, in Box seen)
    {
        return Box.FromCorners(Mean(filtered.X, seen.X), Mean(filtered.Y, seen.Y), Mean(filtered.Right, seen.Right), Mean(filtered.Bottom, seen.Bottom));

        static float Mean(float filtered, float seen) => (0.4f * filtered) + (0.6f * seen);
    }

    private TrackedBox Shown(int number, long track, in Box box, float score) =>
        new(number, track, box.ClipTo(frame.Width, frame.Height), score);

    /// <param name="Taken">Detections that belong to a vehicle already.</param>
    private sealed record Step(int Number, double Time, Detection.Detection[] Found, bool[] Taken);
}
