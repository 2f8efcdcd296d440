using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tracking;
using TrafficFlow.Core.Tracking.Ground;

namespace TrafficFlow.Core.Counting;

/// <summary>Turns the tracks of one camera into crossings and flow passages. Pure; forgets a track when it has ended.</summary>
internal sealed partial class GateCounter
{
    private readonly CameraSetup _camera;
    private readonly GateSettings _settings;
    private readonly float _sure;
    private readonly GateLine[] _lines;
    private readonly GateStream[] _streams;
    private readonly Dictionary<long, TrackPassages> _tracks = [];
    private readonly List<TrackPassages> _ended = [];
    private readonly List<long> _over = [];
    private readonly List<double> _pictures = [];
    private double _watermark;
    private double _now;
    private long _frame;

    /// <param name="sure">Score from which a detection is sure.</param>
    public GateCounter(CameraSetup camera, GateSettings settings, float sure)
    {
        _camera = camera;
        _settings = settings;
        _sure = sure;
        _lines = [.. camera.Gates.Select(gate => new GateLine(gate, camera.Frame.Width, camera.Frame.Height))];
        _streams = [.. camera.Gates.Select(gate => new GateStream(gate, settings))];
    }

    /// <summary>Tracks that are remembered.</summary>
    public int Held => _tracks.Count;

    /// <summary>Takes one step of the tracker and gives out what became final.</summary>
    /// <returns>
    /// Everything before this time (seconds) has been given out; never less than in the step before. A crossing can come later only where
    /// the vehicle was last seen before the line a whole hold ago: it stood across the line or was hidden since.
    /// </returns>
    public double Count(double now, VehicleTracker tracker, DateTimeOffset origin, PipelineOutput output, long frame = 0)
    {
        (_frame, _now) = (frame, now);
        Remember(now);
        foreach (var track in tracker.Tracks)
        {
            if (track.IsSeen) Follow(track);
        }

        var watermark = now;
        foreach (var passages in _tracks.Values) EndWatches(passages);
        foreach (var (number, passages) in _tracks)
        {
            Emit(now, passages, origin, output);
            if (passages.Track.HasEnded) _over.Add(number);
            else watermark = Math.Min(watermark, Pending(now, passages));
        }

        foreach (var number in _over)
        {
            _tracks.Remove(number, out var passages);
            if (passages!.Track.IsConfirmed) _ended.Add(passages);
        }

        _over.Clear();
        for (var e = _ended.Count - 1; e >= 0; e--)
        {
            if (now - _ended[e].Track.SeenAt > _settings.RememberSeconds) _ended.RemoveAt(e);
        }

        Sort(output);
        return _watermark = Math.Max(_watermark, watermark);
    }

    /// <summary>Puts crossings and passages in order of time, and of track and gate where times are equal.</summary>
    public static void Sort(PipelineOutput output)
    {
        output.Crossings.Sort(InOrderOfTime);
        output.Passages.Sort(InOrderOfTime);
    }

    private static int InOrderOfTime(Crossing a, Crossing b)
    {
        var byTime = a.Time.CompareTo(b.Time);
        if (byTime != 0) return byTime;
        var byTrack = a.Track.CompareTo(b.Track);
        return byTrack != 0 ? byTrack : string.CompareOrdinal(a.Gate.Value, b.Gate.Value);
    }

    private static int InOrderOfTime(FlowPassage a, FlowPassage b)
    {
        var byTime = a.LeftAt.CompareTo(b.LeftAt);
        return byTime != 0 ? byTime : a.Track.CompareTo(b.Track);
    }

    /// <summary>Pictures are kept as long as the ways of the tracks.</summary>
    private void Remember(double now)
    {
        const int Batch = 64;
        _pictures.Add(now);
        if (_pictures.Count > Batch && now - _pictures[Batch] > _settings.HoldSeconds + (2 * _settings.JudgedSeconds)) _pictures.RemoveRange(0, Batch);
    }

    private void Follow(Track track)
    {
        if (!_tracks.TryGetValue(track.Number, out var passages))
            _tracks.Add(track.Number, passages = new TrackPassages(track, _lines.Length, _settings));
        passages.Way.Add(new WayPoint(track.Time, track.Seen, track.Found.Score / _sure) { Frame = _frame });
        var (x, y) = track.GroundPoint;
        for (var g = 0; g < _lines.Length; g++)
        {
            var jitter = Jitter(track);
            var beyond = Math.Max(jitter, Math.Min(_settings.Beyond * track.Size, _settings.BeyondOfView * _lines[g].ToBorder(x, y, _camera.Frame.Width, _camera.Frame.Height)));
            JudgeOpen(passages, g, track.Time);
            if (passages.Watches[g].Move(_lines[g], track.Time, x, y, beyond, jitter, jitter, _settings.AstrideSeconds) is not { } crossed) continue;
            passages.Add(new TrackPassages.Passed(_camera.Gates[g].Id, g, crossed, null));
        }
    }

    /// <summary>
    /// A vehicle may stand just beyond the line for minutes before it is certain to have crossed: how it came there is judged while it is known.
    /// </summary>
    private void JudgeOpen(TrackPassages passages, int gate, double now)
    {
        if (passages.Watches[gate].OpenSince(_lines[gate], _settings.AstrideSeconds) is not { } since) return;
        if (now - since < _settings.JudgedSeconds || passages.Judged[gate].PassedAt == since) return;
        var (x, y) = passages.Track.GroundPoint;
        var direction = _lines[gate].Side(x, y) >= 0 ? CrossingDirection.Forward : CrossingDirection.Backward;
        var crossing = new GateCrossing(direction, since, false);
        passages.Judged[gate] = (since, JudgeWay(passages, gate, crossing), AtLine(passages, gate, crossing));
    }

    private CrossingVerdict Judge(TrackPassages passages, in TrackPassages.Passed passed)
    {
        var (passedAt, verdict, _) = passages.Judged[passed.GateIndex];
        return passedAt == passed.Time ? verdict : JudgeWay(passages, passed.GateIndex, passed.Crossing);
    }

    private CrossingVerdict JudgeWay(TrackPassages passages, int gate, in GateCrossing crossing)
    {
        var verdict = CrossingJudge.Judge(passages.Way, _lines[gate], crossing, _settings);
        if (verdict != CrossingVerdict.Crossed) return verdict;
        if (CrossingJudge.IsRevealed(passages.Way, _lines[gate], crossing, at => BoxesOfOthers(passages, at), _settings)) return CrossingVerdict.Revealed;
        var seenShare = SeenShare(passages, crossing);
        if (seenShare < _settings.SeenShare) return CrossingVerdict.Unseen;
        if (_streams[gate].IsAgainst(crossing.Direction, _settings) && !CrossingJudge.IsPlain(passages.Way, _lines[gate], crossing, seenShare, _settings))
            return CrossingVerdict.AgainstStream;
        return verdict;
    }

    private double SeenShare(TrackPassages passages, in GateCrossing crossing)
    {
        var leftAt = IsAtBorder(passages.Way.Points[^1].Box) ? passages.Track.SeenAt : double.PositiveInfinity;
        return CrossingJudge.SeenShare(passages.Way, _pictures, crossing, leftAt, _settings);
    }

    /// <summary>Where the other tracks were last seen at a time.</summary>
    private IEnumerable<Box> BoxesOfOthers(TrackPassages passages, double at)
    {
        foreach (var other in _ended.Concat(_tracks.Values))
        {
            if (other == passages || !other.Track.IsConfirmed) continue;
            var last = other.Way.IndexAt(at + 0.001) - 1;
            if (last >= 0 && at - other.Way.Points[last].Time < _settings.PieceSeconds) yield return other.Way.Points[last].Box;
        }
    }

    private bool IsAtBorder(in Box box)
    {
        var near = 0.01 * _camera.Frame.Width;
        return box.X < near || box.Y < near || box.Right > _camera.Frame.Width - near || box.Bottom > _camera.Frame.Height - near;
    }

    private double Jitter(Track track) => Math.Max(_settings.JitterPixels, _settings.Jitter * track.Size);

    private void EndWatches(TrackPassages passages)
    {
        if (!passages.Track.HasEnded) return;
        for (var g = 0; g < _lines.Length; g++)
        {
            if (passages.Watches[g].End(_lines[g], Jitter(passages.Track), _settings.AstrideSeconds) is { } crossed)
                passages.Add(new TrackPassages.Passed(_camera.Gates[g].Id, g, crossed, null));
        }
    }

    private bool IsCounted(TrackPassages passages, in TrackPassages.Passed passed)
    {
        if (passages.HasCounted(passed)) return false;
        if (!_settings.JudgesWay) return true;
        if (!passages.Track.IsConvincing(_sure)) return false;
        if (Judge(passages, passed) != CrossingVerdict.Crossed) return false;
        if (passed.Crossing.WasAstride && IsReborn(passages)) return false;
        return !HasReturned(passages, passed) && !IsSecond(passages, passed);
    }

    /// <summary>What came back, or had just come from there, without having been far beyond has only touched the line.</summary>
    private bool HasReturned(TrackPassages passages, in TrackPassages.Passed passed)
    {
        foreach (var other in passages.All)
        {
            if (other.GateIndex != passed.GateIndex || other.Direction == passed.Direction || other.IsGiven) continue;
            if (Math.Abs(other.Time - passed.Time) > _settings.HoldSeconds) continue;
            if (!CrossingJudge.WasFarFrom(passages.Way, _lines[passed.GateIndex], Math.Min(other.Time, passed.Time), Math.Max(other.Time, passed.Time), _settings)) return true;
        }

        return false;
    }

    /// <summary>A track that began on the line where another one stood shortly before is the same vehicle: what that one did counts.</summary>
    private bool IsReborn(TrackPassages passages)
    {
        var born = passages.Way.Points[0];
        foreach (var other in _ended.Concat(_tracks.Values))
        {
            if (other == passages || other.Way.Points[0].Time >= born.Time) continue;
            var at = Math.Min(other.Way.IndexAt(born.Time + 0.001), other.Way.Points.Count) - 1;
            if (at >= 0 && other.Way.Points[at].Box.IntersectionOverUnion(born.Box) > _settings.SameShare / 2) return true;
        }

        return false;
    }

    /// <summary>Another track that crosses with it, in the same place, is a second box on the same vehicle: the better seen one counts.</summary>
    private bool IsSecond(TrackPassages passages, in TrackPassages.Passed passed)
    {
        foreach (var other in _ended.Concat(_tracks.Values))
        {
            if (other == passages || !other.Track.IsConfirmed) continue;
            foreach (var rival in other.All)
            {
                if (rival.GateIndex != passed.GateIndex || rival.Crossing.Direction != passed.Crossing.Direction) continue;
                if (rival.IsDropped || Math.Abs(rival.Crossing.Time - passed.Crossing.Time) > _settings.SameSeconds) continue;
                var (from, to) = (Math.Min(rival.Crossing.Time, passed.Crossing.Time) - 1, Math.Max(rival.Crossing.Time, passed.Crossing.Time) + 1);
                var isPiece = Math.Abs(rival.Crossing.Time - passed.Crossing.Time) < _settings.PieceSeconds && (IsBornIn(passages, other) || IsBornIn(other, passages));
                if (!isPiece && (passages.Way.SharedWith(other.Way, from, to) is not { } shared || shared < _settings.SameShare)) continue;
                if (AreDifferentKinds(passages.Track, other.Track)) continue;
                if (rival.IsGiven || other.Way.Evidence >= passages.Way.Evidence) return true;
            }
        }

        return false;
    }

    /// <summary>It began where the other one's box had been a moment before: a piece of a vehicle whose box has broken up.</summary>
    private bool IsBornIn(TrackPassages younger, TrackPassages elder)
    {
        var born = younger.Way.Points[0];
        var before = elder.Way.IndexAt(born.Time) - 1;
        if (before < 0 || born.Time - elder.Way.Points[before].Time > _settings.PieceSeconds) return false;
        return elder.Way.Points[before].Box.IntersectionWith(born.Box) > _settings.PieceShare * born.Box.Area;
    }

    /// <summary>A motorcycle beside a car or before it lies within its box, and is another vehicle.</summary>
    private static bool AreDifferentKinds(Track a, Track b) =>
        a.Votes.Winner().Class == VehicleClass.Motorcycle != (b.Votes.Winner().Class == VehicleClass.Motorcycle);

    private double Pending(double now, TrackPassages passages)
    {
        var earliest = passages.EarliestPending() ?? now;
        // A hidden vehicle may be crossing at this very moment.
        if (IsWaitedFor(passages.Track.SeenAt)) earliest = Math.Min(earliest, passages.Track.SeenAt);
        for (var g = 0; g < _lines.Length; g++)
        {
            // A vehicle may stand across a line for minutes: it holds the watermark only for a while, and is late after that.
            if (passages.Watches[g].OpenSince(_lines[g], _settings.AstrideSeconds) is { } since && IsWaitedFor(since)) earliest = Math.Min(earliest, since);
        }

        return earliest;

        bool IsWaitedFor(double since) => now - since < _settings.HoldSeconds;
    }

    private void Emit(double now, TrackPassages passages, DateTimeOffset origin, PipelineOutput output)
    {
        while (passages.TryTakeCrossing(now, _settings.HoldSeconds, out var passed))
        {
            if (!IsCounted(passages, passed))
            {
                passages.Settle(passed, isCounted: false);
                continue;
            }

            passages.Settle(passed, isCounted: true);
            var evidence = Explain(passages, passed, origin);
            _streams[passed.GateIndex].Add(passed.Direction, _settings);
            var (vehicleClass, size, confidence) = passages.Track.Kind();
            var (colour, colourConfidence) = passages.Track.Colours.Winner();
            var ground = passages.Track.Ground;
            var motion = ground?.LookBack(passed.Time);
            passages.Complete(passed with { Metres = motion?.Way ?? ground?.WayAt(passed.Time), Evidence = evidence });
            output.Crossings.Add(new Crossing(
                _camera.Id,
                passed.Gate,
                passed.Direction,
                passages.Track.Number,
                At(origin, passed.Time),
                vehicleClass,
                size,
                motion?.SpeedKmh,
                confidence)
            {
                Colour = colour,
                ColourConfidence = colourConfidence,
                SpeedErrorKmh = motion?.SpeedErrorKmh,
                HeadingDegrees = motion?.HeadingDegrees,
                HeadingErrorDegrees = motion?.HeadingErrorDegrees,
                LengthMetres = motion is { } m ? MetricSize.Credible(vehicleClass, new Sized(m.LengthMetres, m.LengthErrorMetres)) : null,
                Evidence = evidence,
            });
        }

        if (passages.TryTakeFlow(now, _settings.HoldSeconds, out var from, out var to))
        {
            var (vehicleClass, size, confidence) = passages.Track.Kind();
            var mean = passages.Track.Ground?.MeanSpeed(from.Metres, to.Metres, to.Time - from.Time);
            output.Passages.Add(new FlowPassage(
                _camera.Id,
                from.Gate,
                from.Direction,
                to.Gate,
                to.Direction,
                passages.Track.Number,
                At(origin, from.Time),
                At(origin, to.Time),
                vehicleClass,
                size,
                confidence)
            {
                SpeedKmh = mean?.Kmh,
                SpeedErrorKmh = mean?.ErrorKmh,
                From = from.Evidence,
                To = to.Evidence,
            });
        }
    }

    /// <summary>The one way from seconds to event time: a crossing and the watermark that waits for it must agree to the tick.</summary>
    public static DateTimeOffset At(DateTimeOffset origin, double seconds) =>
        origin + TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));
}
