using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Tracking;

/// <summary>Every detection of one track, in order of time, and the smooth path through them.</summary>
internal sealed class TrackTrail(Track track)
{
    /// <summary>Over so many seconds a vehicle's path is as good as straight.</summary>
    private const double StraightSeconds = 0.15;

    /// <summary>Detections this far away in time still help where they lie on the same line: a vehicle that stands or keeps its speed.</summary>
    private const double SteadySeconds = 0.65;

    /// <summary>How far from that line, in box sizes, a detection lies that belongs to another part of the path.</summary>
    private const double OffLine = 0.1;

    /// <summary>For a guess beyond the ends.</summary>
    private const double GuessSeconds = 0.3;

    private readonly List<Observation> _seen = [];
    private double _addedScore;
    private int _addedSteps;

    public Track Track => track;

    public IReadOnlyList<Observation> Seen => _seen;

    public void Append(int step, double time, in Detection.Detection found) => _seen.Add(new Observation(step, time, found));

    public void Prepend(int step, double time, in Detection.Detection found)
    {
        _addedScore += found.Score;
        _addedSteps += _seen[0].Step - step;
        _seen.Insert(0, new Observation(step, time, found));
    }

    /// <summary>Whether the track would still be held for a vehicle with this earlier detection.</summary>
    public bool StaysConvincing(int step, float score, double sure) =>
        track.IsConvincing(sure, _addedScore + score, _addedSteps + _seen[0].Step - step);

    public TrackTrail Copy()
    {
        var copy = new TrackTrail(track);
        copy._seen.AddRange(_seen);
        return copy;
    }

    /// <summary>Where the box is expected at a time shortly before or after the trail.</summary>
    public Box LineAt(double time) => Fit(time, GuessSeconds, null).Box;

    /// <summary>The box at a time within the trail, averaged over as many detections as move alike.</summary>
    public Box SmoothAt(double time) => Fit(time, SteadySeconds, Fit(time, StraightSeconds, null)).Box;

    /// <summary>Straight lines in time through the four sides, by least squares; detections weigh by score and nearness in time.</summary>
    /// <param name="along">When given, detections off this line count less.</param>
    private Line Fit(double time, double seconds, Line? along)
    {
        while (true)
        {
            var sums = new Sums();
            var first = FirstAfter(time - (3 * seconds));
            for (var s = first; s < _seen.Count && _seen[s].Time <= time + (3 * seconds); s++)
            {
                var t = _seen[s].Time - time;
                var weight = _seen[s].Found.Score * Math.Exp(-t * t / (2 * seconds * seconds));
                if (along is { } line) weight *= line.Nearness(_seen[s].Found.Box, t);
                sums.Add(t, weight, _seen[s].Found.Box);
            }

            if (sums.Count >= Math.Min(3, _seen.Count)) return sums.Solve();
            seconds *= 2;
        }
    }

    private int FirstAfter(double time)
    {
        var (low, high) = (0, _seen.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_seen[middle].Time < time) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    public readonly record struct Observation(int Step, double Time, Detection.Detection Found);

    /// <param name="Box">At time 0.</param>
    /// <param name="X">Velocity of the centre, pixels per second.</param>
    /// <param name="Y">The same, down.</param>
    private readonly record struct Line(Box Box, double X, double Y)
    {
        public double Nearness(in Box other, double seconds)
        {
            var off = OffLine * Math.Sqrt(Math.Max(1, Box.Area));
            var (x, y) = ((other.CenterX - Box.CenterX - (X * seconds)) / off, (other.CenterY - Box.CenterY - (Y * seconds)) / off);
            return Math.Exp(-((x * x) + (y * y)) / 2);
        }
    }

    private struct Sums
    {
        private double _w, _t, _tt;
        private Sides _value, _valueTime;

        public int Count { get; private set; }

        public void Add(double t, double weight, in Box box)
        {
            Count++;
            (_w, _t, _tt) = (_w + weight, _t + (weight * t), _tt + (weight * t * t));
            var sides = new Sides(box.X, box.Y, box.Right, box.Bottom);
            _value += sides * weight;
            _valueTime += sides * (weight * t);
        }

        public readonly Line Solve()
        {
            var spread = (_w * _tt) - (_t * _t);
            // All at one time, or one alone: no slope can be told.
            var isLevel = spread <= 1e-9 * _w * _w;
            var at = isLevel ? _value * (1 / _w) : ((_value * _tt) + (_valueTime * -_t)) * (1 / spread);
            var slope = isLevel ? default : ((_valueTime * _w) + (_value * -_t)) * (1 / spread);
            return new Line(
                Box.FromCorners((float)at.Left, (float)at.Top, (float)at.Right, (float)at.Bottom),
                (slope.Left + slope.Right) / 2,
                (slope.Top + slope.Bottom) / 2);
        }
    }

    private readonly record struct Sides(double Left, double Top, double Right, double Bottom)
    {
        public static Sides operator +(in Sides a, in Sides b) => new(a.Left + b.Left, a.Top + b.Top, a.Right + b.Right, a.Bottom + b.Bottom);

        public static Sides operator *(in Sides a, double factor) => new(a.Left * factor, a.Top * factor, a.Right * factor, a.Bottom * factor);
    }
}
