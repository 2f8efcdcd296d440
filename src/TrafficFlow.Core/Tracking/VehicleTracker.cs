using System.Runtime.InteropServices;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Tracking;

/// <summary>
/// Follows vehicles from frame to frame by two-stage association on predicted motion (in the line of ByteTrack and OC-SORT): sure
/// detections go to all tracks, unsure ones only continue what is seen. Pure and deterministic; allocates only for new tracks.
/// </summary>
public sealed class VehicleTracker
{
    private readonly TrackerSettings _settings;
    private readonly ScoreBands _scores;
    private readonly List<Track> _tracks = [];
    private readonly List<int> _sure = [];
    private readonly List<int> _unsure = [];
    private readonly List<Track> _waiting = [];
    private readonly HungarianAssignment _assignment = new();
    private int[] _columns = new int[64];
    private readonly FrameFormat _frame;
    private readonly TrackNumbers _numbers;
    private readonly DetectedKind _follows;
    private double _time;

    public VehicleTracker(TrackerSettings settings, ScoreBands scores, FrameFormat frame)
        : this(settings, scores, frame, DetectedKind.Vehicle, new TrackNumbers())
    {
    }

    /// <param name="follows">Everything else is passed over.</param>
    /// <param name="numbers">Shared by the trackers of one camera.</param>
    internal VehicleTracker(TrackerSettings settings, ScoreBands scores, FrameFormat frame, DetectedKind follows, TrackNumbers numbers)
    {
        (_follows, _numbers) = (follows, numbers);
        _settings = scores.AreBlobs ? settings.ForBlobs() : settings;
        _scores = scores;
        _frame = frame;
    }

    /// <summary>Valid until the next step. A span, because an enumerator behind an interface would be allocated in each frame.</summary>
    internal ReadOnlySpan<Track> Tracks => CollectionsMarshal.AsSpan(_tracks);

    /// <param name="time">Seconds since the pipeline's origin; later than in the step before.</param>
    /// <param name="detections">In pixels; persons and others are passed over.</param>
    public void Update(double time, IReadOnlyList<Detection.Detection> detections)
    {
        _sure.Clear();
        _unsure.Clear();
        for (var d = 0; d < detections.Count; d++)
        {
            if (detections[d].Kind != _follows || detections[d].Score < _scores.Low) continue;
            (detections[d].Score >= _scores.High ? _sure : _unsure).Add(d);
        }

        foreach (var track in _tracks) track.Predict(time);
        // After a long gap in the pictures, what stands at a predicted place is another vehicle.
        if (time - _time > _settings.MovingPatienceSeconds) EndOverdue();
        _time = time;

        Associate(detections, _sure, _settings.FirstSimilarity, sure: true, static track => track.IsConfirmed);
        Associate(
            detections, _unsure, _settings.SecondSimilarity, sure: false, static track => track.IsConfirmed);
        Associate(detections, _sure, _settings.FirstSimilarity, sure: true, static track => !track.IsConfirmed);
        Associate(detections, _unsure, _settings.SecondSimilarity, sure: false, static track => !track.IsConfirmed);

        KeepHiddenWhereTheyStood();
        Begin(time, detections);
        EndOverdue();
    }

    private void KeepHiddenWhereTheyStood()
    {
        foreach (var track in _tracks)
        {
            if (track.IsSeen) continue;
            foreach (var hider in _tracks)
            {
                if (hider.IsSeen && hider.IsConfirmed) track.StayWhereItStood(hider.Seen);
            }
        }
    }

    /// <summary>Ends every track: the source ended or was interrupted.</summary>
    public void Clear()
    {
        foreach (var track in _tracks) track.End();
        _tracks.Clear();
    }

    private void Associate(
        IReadOnlyList<Detection.Detection> detections, List<int> free, double least, bool sure, Predicate<Track> mayTake)
    {
        _waiting.Clear();
        foreach (var track in _tracks)
        {
            if (!track.IsSeen && mayTake(track)) _waiting.Add(track);
        }

        if (_waiting.Count == 0 || free.Count == 0) return;

        _assignment.Reset(_waiting.Count, free.Count);
        for (var t = 0; t < _waiting.Count; t++)
        {
            for (var c = 0; c < free.Count; c++)
            {
                var similarity = _waiting[t].Similarity(detections[free[c]], sure);
                if (similarity >= least) _assignment.Set(t, c, similarity);
            }
        }

        if (_columns.Length < _waiting.Count) _columns = new int[_waiting.Count * 2];
        _assignment.Solve(_columns);
        for (var t = 0; t < _waiting.Count; t++)
        {
            if (_columns[t] < 0) continue;
            _waiting[t].Correct(detections[free[_columns[t]]], free[_columns[t]], sure, Contested(detections, free[_columns[t]]));
            free[_columns[t]] = -1;
        }

        RemoveTaken(free);
    }

    private static void RemoveTaken(List<int> free)
    {
        var kept = 0;
        foreach (var d in CollectionsMarshal.AsSpan(free))
        {
            if (d >= 0) free[kept++] = d;
        }

        CollectionsMarshal.SetCount(free, kept);
    }

    private void Begin(double time, IReadOnlyList<Detection.Detection> detections)
    {
        foreach (var d in _sure)
        {
            var detection = detections[d];
            if (detection.Score < _scores.New || IsPartOfASeenVehicle(detection) || IsPartOfANewVehicle(detection, detections)) continue;
            _tracks.Add(new Track(_numbers.Next(), time, detection, d, _settings, Contested(detections, d)));
        }
    }

    /// <summary>Score of a person or bicycle in the same place: walkers are vehicles for a few pictures, but persons in more.</summary>
    private float Contested(IReadOnlyList<Detection.Detection> detections, int index)
    {
        var (vehicle, contested) = (detections[index], 0f);
        if (vehicle.Kind != DetectedKind.Vehicle || vehicle.Class == VehicleClass.Motorcycle) return 0;
        for (var d = 0; d < detections.Count; d++)
        {
            var other = detections[d];
            if (other.Kind != DetectedKind.Vehicle && other.Box.IntersectionOverUnion(vehicle.Box) > _settings.ContestedOverlap)
                contested = Math.Max(contested, other.Score);
        }

        return contested;
    }

    /// <summary>
    /// A second box on one vehicle must not become a second vehicle: neither a smaller one (its cabin, its trailer) nor a wider one around it,
    /// or around it and its neighbour.
    /// </summary>
    private bool IsPartOfASeenVehicle(in Detection.Detection detection)
    {
        var left = new BoxParts(detection.Box);
        foreach (var track in _tracks)
        {
            if (!track.IsSeen || IsAnotherVehicle(detection, track)) continue;
            if (Covers(track.Box, detection.Box) || IsAround(detection, track)) return true;
            left.Remove(track.Box);
        }

        return left.Area < (1 - _settings.CoveredByAllShare) * detection.Box.Area;
    }

    /// <summary>The same where both boxes are new: the larger one is the vehicle, whichever comes first.</summary>
    private bool IsPartOfANewVehicle(in Detection.Detection detection, IReadOnlyList<Detection.Detection> detections)
    {
        foreach (var d in _sure)
        {
            var other = detections[d];
            if (other.Score < _scores.New || other.Box.Area <= detection.Box.Area || AreDifferentKinds(detection.Class, other.Class)) continue;
            if (Covers(other.Box, detection.Box)) return true;
        }

        return false;
    }

    /// <summary>A lorry behind a car is much larger than it.</summary>
    private bool IsAround(in Detection.Detection detection, Track track) =>
        track.IsConfirmed && track.Box.Area > _settings.AroundShare * detection.Box.Area && Covers(detection.Box, track.Box);

    /// <summary>
    /// A motorcycle before a car lies within its box, and is another vehicle. It stands on the road before it: what ends higher up in the box is a part
    /// of the larger vehicle, else that would hide it.
    /// </summary>
    private bool IsAnotherVehicle(in Detection.Detection detection, Track track) =>
        AreDifferentKinds(detection.Class, track.Votes.Winner().Class)
        && (detection.Class != VehicleClass.Motorcycle || detection.Box.Bottom > track.Box.Bottom - (_settings.BeforeShare * track.Box.Height));

    private static bool AreDifferentKinds(VehicleClass a, VehicleClass b) => a == VehicleClass.Motorcycle != (b == VehicleClass.Motorcycle);

    private bool Covers(in Box whole, in Box part) => whole.IntersectionWith(part) > _settings.CoveredShare * part.Area;

    /// <summary>An unseen vehicle whose predicted place lies outside the picture will not come back.</summary>
    private bool HasLeft(Track track)
    {
        if (track.IsSeen) return false;
        var box = track.Box;
        return box.CenterX < 0 || box.CenterY < 0 || box.CenterX > _frame.Width || box.CenterY > _frame.Height;
    }

    private void EndOverdue()
    {
        var kept = 0;
        for (var t = 0; t < _tracks.Count; t++)
        {
            var track = _tracks[t];
            if (track.IsOverdue() || HasLeft(track))
            {
                track.End();
            }
            else
            {
                _tracks[kept++] = track;
            }
        }

        CollectionsMarshal.SetCount(_tracks, kept);
    }
}
