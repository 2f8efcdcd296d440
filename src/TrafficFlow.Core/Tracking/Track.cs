using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Tracking.Ground;

namespace TrafficFlow.Core.Tracking;

/// <summary>One vehicle followed by one camera: predicted motion, age, class votes. Times are seconds since the pipeline's origin.</summary>
internal sealed class Track
{
    private readonly TrackerSettings _settings;
    private ConstantVelocityFilter _x;
    private ConstantVelocityFilter _y;
    private ConstantVelocityFilter _width;
    private ConstantVelocityFilter _height;
    private readonly double _bornX;
    private readonly double _bornY;
    private double _moved;
    private double _scoreSum;
    private double _ownScores;
    private float _leastScore;
    private int _watched = 1;
    private int _unseenSteps;
    private Box _sureBox;
    private (ConstantVelocityFilter X, ConstantVelocityFilter Y, ConstantVelocityFilter Width, ConstantVelocityFilter Height, Box Box, double Time)? _stood;
    private (double X, double Y) _seenAt;
    private (double X, double Y) _heading;
    private double? _staysSince;

    public Track(long number, double time, in Detection.Detection detection, int index, TrackerSettings settings, float contested = 0)
    {
        _settings = settings;
        Number = number;
        BornAt = SeenAt = Time = time;
        var box = detection.Box;
        var size = SizeOf(box);
        _x = new ConstantVelocityFilter(box.CenterX, settings.CentreNoise * size, settings.NewVelocity * size);
        _y = new ConstantVelocityFilter(box.CenterY, settings.CentreNoise * size, settings.NewVelocity * size);
        _width = new ConstantVelocityFilter(box.Width, settings.SizeNoise * size, size / 2);
        _height = new ConstantVelocityFilter(box.Height, settings.SizeNoise * size, size / 2);
        Detections = 1;
        (Seen, IsSure) = (box, true);
        (_bornX, _bornY) = (box.CenterX, box.CenterY);
        (Found, FoundIndex, _scoreSum, _sureBox) = (detection, index, Math.Max(0, detection.Score - contested), box);
        _ownScores = _leastScore = detection.Score;
        Vote(detection);
    }

    public long Number { get; }
    public double BornAt { get; }
    public double SeenAt { get; private set; }
    public double Time { get; private set; }
    public int Detections { get; private set; }

    /// <summary>Seen enough to be a vehicle; stays so after its end. What never was confirmed flickered, and counts nowhere.</summary>
    public bool IsConfirmed { get; private set; }

    public bool HasEnded { get; private set; }
    public ClassVote Votes { get; } = new();
    public ColourVote Colours { get; } = new();

    /// <summary>What was found of it when it was last seen, and where that stood in the list of that step.</summary>
    public Detection.Detection Found { get; private set; }

    public int FoundIndex { get; private set; }

    public bool IsSeen => SeenAt >= Time;
    public double UnseenSeconds => Time - SeenAt;

    public Box Box => new(
        (float)(_x.Position - (_width.Position / 2)),
        (float)(_y.Position - (_height.Position / 2)),
        (float)_width.Position,
        (float)_height.Position);

    /// <summary>The box of the latest detection, as it was detected.</summary>
    public Box Seen { get; private set; }

    /// <summary>The latest detection was a sure one.</summary>
    public bool IsSure { get; private set; }

    /// <summary>The motion in metres; null where the camera has no ground plane.</summary>
    public GroundTrack? Ground { get; set; }

    public TrackStanding Standing => new(Detections, (float)(_ownScores / Detections), _leastScore, Votes.Tally());

    /// <summary>What the votes say, and what the length says to that; the confidence is that of the votes.</summary>
    public (VehicleClass Class, VehicleSize Size, double Confidence) Kind()
    {
        var (voted, confidence) = Votes.Winner();
        var (refined, size) = MetricSize.Refine(voted, Ground?.Length);
        return (refined, size, confidence);
    }

    /// <summary>Geometric mean of width and height, pixels.</summary>
    public double Size => Math.Sqrt(Math.Max(1, _width.Position) * Math.Max(1, _height.Position));

    /// <summary>Where the vehicle meets the road: bottom centre of its box, pixels.</summary>
    public (double X, double Y) GroundPoint => (_x.Position, _y.Position + (_height.Position / 2));

    /// <summary>Speed in box sizes per second.</summary>
    public double Speed => Math.Sqrt((_x.Velocity * _x.Velocity) + (_y.Velocity * _y.Velocity)) / Size;

    /// <summary>It stood when it was last seen. A fresh track's speed is not known yet, so it does not count as standing.</summary>
    public bool WasStanding { get; private set; }

    public void Predict(double time)
    {
        var (seconds, wasSeen) = (time - Time, IsSeen);
        Time = time;
        if (UnseenSeconds <= _settings.MovingPatienceSeconds) _unseenSteps++;
        if (!wasSeen)
        {
            var fade = Math.Exp(-seconds / _settings.FadeSeconds);
            _x.Damp(fade);
            _y.Damp(fade);
            _width.Damp(0);
            _height.Damp(0);
        }

        var size = Size;
        _x.Predict(seconds, _settings.Acceleration * size);
        _y.Predict(seconds, _settings.Acceleration * size);
        _width.Predict(seconds, _settings.Acceleration * size / 2);
        _height.Predict(seconds, _settings.Acceleration * size / 2);
    }

    /// <summary>
    /// What stood until another vehicle drove before it stands there still: its last boxes were partly the other one's, and led it along.
    /// </summary>
    /// <param name="hider">Box of another vehicle, now seen.</param>
    public void StayWhereItStood(in Box hider)
    {
        if (_stood is not { } stood || hider.IntersectionWith(stood.Box) <= _settings.HiddenShare * stood.Box.Area) return;
        _stood = null;
        var (dx, dy) = (_seenAt.X - stood.X.Position, _seenAt.Y - stood.Y.Position);
        if (SeenAt - stood.Time > _settings.LedSeconds || Math.Sqrt((dx * dx) + (dy * dy)) > _settings.LedSizes * Size) return;
        (_x, _y, _width, _height) = (stood.X, stood.Y, stood.Width, stood.Height);
        _x.Damp(0);
        _y.Damp(0);
        (_seenAt, _heading, _staysSince) = ((stood.X.Position, stood.Y.Position), (0, 0), stood.Time);
    }

    /// <summary>Likeness of the predicted vehicle and a detection, 0..1; 0 when it cannot be the same.</summary>
    public double Similarity(in Detection.Detection detection, bool sure)
    {
        var box = detection.Box;
        // What is unsure is often a shadow, a caption, or two vehicles in one box: it must not lead a track away from what was sure.
        if (!sure && Ratio(box.Width, _sureBox.Width) * Ratio(box.Height, _sureBox.Height) < _settings.UnsureSize) return 0;
        var overlap = Box.IntersectionOverUnion(box);
        var noise = _settings.CentreNoise * Math.Sqrt(SizeOf(box) * Size);
        var (dx, dy) = (box.CenterX - _x.Position, box.CenterY - _y.Position);
        var distance = (dx * dx / _x.InnovationVariance(noise)) + (dy * dy / _y.InnovationVariance(noise));
        var sameSize = Ratio(box.Width, _width.Position) * Ratio(box.Height, _height.Position);
        if (sameSize < _settings.SureSize || (overlap < 0.3 && (distance > _settings.Gate || sameSize < 0.35)) || IsOffCourse(box)) return 0;
        return (0.6 * overlap) + (0.4 * Math.Exp(-distance / _settings.Gate) * Math.Sqrt(sameSize));
    }

    /// <summary>
    /// Whether a hidden vehicle would have gone back, or aside, to be there. It drives on, or stops, or starts from where it stood: one that stands
    /// elsewhere is another one.
    /// </summary>
    private bool IsOffCourse(in Box box)
    {
        if (_unseenSteps < 2 || UnseenSeconds < _settings.HiddenSeconds) return false;
        var (dx, dy) = ((box.CenterX - _seenAt.X) / Size, (box.CenterY - _seenAt.Y) / Size);
        if (_staysSince is { } since)
        {
            var started = _settings.StartAcceleration * (Time - since) * (Time - since) / 2;
            return Math.Sqrt((dx * dx) + (dy * dy)) > _settings.HiddenBack + started;
        }

        var speed = Math.Sqrt((_heading.X * _heading.X) + (_heading.Y * _heading.Y));
        if (speed < _settings.HiddenSpeed) return false;
        var along = ((dx * _heading.X) + (dy * _heading.Y)) / speed;
        var aside = Math.Abs((dx * _heading.Y) - (dy * _heading.X)) / speed;
        return along < -_settings.HiddenBack || aside > _settings.HiddenBack + (_settings.HiddenTurn * Math.Max(0, along));
    }

    /// <param name="contested">Score of whatever else, no vehicle, was found in the same place.</param>
    public void Correct(in Detection.Detection detection, int index, bool sure, float contested = 0)
    {
        var box = detection.Box;
        // An unsure detection is mostly a part of a hidden vehicle: its box is believed less.
        var doubt = sure ? 1 : 2.5;
        var size = Size;
        _x.Correct(box.CenterX, _settings.CentreNoise * size * doubt);
        _y.Correct(box.CenterY, _settings.CentreNoise * size * doubt);
        _width.Correct(box.Width, _settings.SizeNoise * size * doubt);
        _height.Correct(box.Height, _settings.SizeNoise * size * doubt);
        (Found, FoundIndex) = (detection, index);
        _scoreSum += Math.Max(0, detection.Score - contested);
        _ownScores += detection.Score;
        _leastScore = Math.Min(_leastScore, detection.Score);
        _watched += _unseenSteps;
        _unseenSteps = 0;
        if (sure) _sureBox = box;
        var (dx, dy) = (_x.Position - _bornX, _y.Position - _bornY);
        _moved = Math.Max(_moved, Math.Sqrt((dx * dx) + (dy * dy)) / Size);
        SeenAt = Time;
        (_seenAt, _heading, _staysSince) = ((_x.Position, _y.Position), (_x.Velocity / Size, _y.Velocity / Size), null);
        (Seen, IsSure) = (box, sure);
        WasStanding = Time - BornAt > _settings.StandingAfterSeconds && Speed < _settings.StandingSpeed;
        if (WasStanding && sure) _stood = (_x, _y, _width, _height, Box, Time);
        Detections++;
        Vote(detection);
        IsConfirmed |= Detections >= _settings.ConfirmAfterDetections && Time - BornAt >= _settings.ConfirmAfterSeconds * 0.999;
    }

    public bool IsOverdue()
    {
        var patience = !IsConfirmed ? _settings.TentativePatienceSeconds
            : WasStanding ? _settings.StandingPatienceSeconds
            : _settings.MovingPatienceSeconds;
        // No vehicle is waited for longer than it was watched: what flickered for a moment was no vehicle.
        return UnseenSeconds > Math.Min(patience, Math.Max(SeenAt - BornAt, _settings.TentativePatienceSeconds));
    }

    /// <summary>
    /// Its detections are worth a vehicle, on the mean over its life: what moved as a vehicle does needs less, what never moved may be a
    /// sign or a shadow and must be nearly sure. A picture without it counts as 0, a long time behind something does not count. It
    /// begins with the credit of one sure detection, because the mean of a few says little.
    /// </summary>
    /// <param name="sure">Score from which a detection is sure.</param>
    /// <param name="earlierScores">Sum over detections before its first, found with hindsight.</param>
    /// <param name="earlierSteps">Pictures from there to its first.</param>
    public bool IsConvincing(double sure, double earlierScores = 0, int earlierSteps = 0)
    {
        var least = _moved > _settings.MovedSizes ? _settings.MovedScore : _settings.UnmovedScore;
        return _scoreSum + earlierScores + sure >= least * sure * (_watched + earlierSteps);
    }

    public void End() => HasEnded = true;

    private void Vote(in Detection.Detection detection)
    {
        if (detection.Scores.AreKnown) Votes.Add(detection.Scores);
        else Votes.Add(detection.Class, detection.Score);
        Votes.Add(detection.Look);
        Colours.Add(detection.Colour);
    }

    private static double SizeOf(in Box box) => Math.Sqrt(Math.Max(1, box.Width) * Math.Max(1, box.Height));

    private static double Ratio(double a, double b) => Math.Min(a, b) / Math.Max(1, Math.Max(a, b));
}
