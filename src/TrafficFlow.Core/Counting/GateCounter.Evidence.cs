using TrafficFlow.Core.Tracking;

namespace TrafficFlow.Core.Counting;

/// <summary>What is told of a crossing that was counted. Only then is any of it made: a frame without a crossing costs nothing.</summary>
internal sealed partial class GateCounter
{
    private LineEvidence AtLine(TrackPassages passages, int gate, in GateCrossing crossing) =>
        LineEvidence.Of(passages.Way, _lines[gate], crossing, SeenShare(passages, crossing), _settings);

    /// <summary>Call it once the crossing is settled, and before its gate's stream knows of it.</summary>
    private CrossingEvidence Explain(TrackPassages passages, in TrackPassages.Passed passed, DateTimeOffset origin)
    {
        var (passedAt, _, known) = passages.Judged[passed.GateIndex];
        var line = passedAt == passed.Time && known != default ? known : AtLine(passages, passed.GateIndex, passed.Crossing);
        var (gate, direction, points) = (_lines[passed.GateIndex], passed.Direction, passages.Way.Points);
        var (before, beyond) = (-LineEvidence.Beyond(gate, line.FarBefore, direction), LineEvidence.Beyond(gate, line.FarBeyond, direction));
        var (other, relation) = Beside(passages, passed);
        return new CrossingEvidence
        {
            FirstSeen = Observed(points[0]),
            Before = Observed(line.Before),
            After = Observed(line.After),
            LastSeen = Observed(points[^1]),
            X = line.X,
            Y = line.Y,
            BeforePixels = before,
            BeforeSizes = before / line.FarBefore.Size,
            BeyondPixels = beyond,
            BeyondSizes = beyond / line.FarBeyond.Size,
            SeenShare = line.SeenShare,
            Standing = passages.Track.Standing,
            SureScore = _sure,
            Reasons = Reasons(passages, passed, line) | relation,
            OtherTrack = other?.Track.Number,
            OtherShare = other is null ? 0 : SharedAround(passages, other, passed.Time) ?? 0,
            StreamForward = _streams[passed.GateIndex].Forward,
            StreamBackward = _streams[passed.GateIndex].Backward,
            DecidedAt = At(origin, _now),
            DecidedFrame = _frame,
        };

        TrackObservation Observed(in WayPoint point) => new(point.Frame, At(origin, point.Time), point.Box, point.Evidence * _sure);
    }

    private CrossingReasons Reasons(TrackPassages passages, in TrackPassages.Passed passed, in LineEvidence line)
    {
        var reasons = _settings.JudgesWay ? CrossingReasons.WayJudged : CrossingReasons.PointAlone;
        if (passed.Crossing.WasAstride) reasons |= CrossingReasons.WasAstride;
        if (passed.Crossing.IsAtEnd) reasons |= CrossingReasons.EndedBeyond;
        if (passed.Crossing.IsAgain) reasons |= CrossingReasons.TouchedBefore;
        if (PicturesWithin(line.Before.Time, line.After.Time) > 0) reasons |= CrossingReasons.HiddenAtLine;
        if (_streams[passed.GateIndex].IsAgainst(passed.Direction, _settings)) reasons |= CrossingReasons.AgainstStream;
        if (passages.Track.Votes.Winner().Class != passages.Track.Kind().Class) reasons |= CrossingReasons.LengthDecided;
        if (passed.Time < _watermark) reasons |= CrossingReasons.Late;
        if (passages.Track.HasEnded) reasons |= CrossingReasons.TrackOver;
        return reasons;
    }

    /// <summary>Pictures between two in which it was detected.</summary>
    private int PicturesWithin(double after, double before)
    {
        var count = 0;
        for (var i = _pictures.Count - 1; i >= 0 && _pictures[i] > after; i--)
        {
            if (_pictures[i] < before) count++;
        }

        return count;
    }

    /// <summary>The track that was most likely to be the same vehicle, and why it is not, or is and does not count.</summary>
    private (TrackPassages? Other, CrossingReasons Relation) Beside(TrackPassages passages, in TrackPassages.Passed passed)
    {
        TrackPassages? nearest = null;
        var most = -1.0;
        foreach (var other in _ended.Concat(_tracks.Values))
        {
            if (other == passages || !other.Track.IsConfirmed || !PassedWith(other, passed)) continue;
            var shared = SharedAround(passages, other, passed.Time) ?? 0;
            if (shared > most) (nearest, most) = (other, shared);
        }

        if (nearest is null) return (null, CrossingReasons.None);
        if (most < _settings.SameShare && !IsBornIn(passages, nearest) && !IsBornIn(nearest, passages)) return (nearest, CrossingReasons.OtherBeside);
        return (nearest, AreDifferentKinds(passages.Track, nearest.Track) ? CrossingReasons.OtherKindBeside : CrossingReasons.SecondBox);
    }

    private bool PassedWith(TrackPassages other, in TrackPassages.Passed passed)
    {
        foreach (var rival in other.All)
        {
            if (rival.GateIndex == passed.GateIndex && rival.Direction == passed.Direction && Math.Abs(rival.Time - passed.Time) <= _settings.SameSeconds) return true;
        }

        return false;
    }

    private static double? SharedAround(TrackPassages one, TrackPassages other, double time) => one.Way.SharedWith(other.Way, time - 2, time + 2);
}
