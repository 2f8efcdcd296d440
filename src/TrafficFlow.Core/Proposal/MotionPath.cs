namespace TrafficFlow.Core.Proposal;

/// <summary>Where a vehicle was: its ground point and box in pixels of the frame, and when, in seconds.</summary>
public readonly record struct PathPoint(double Time, double X, double Y, double Width, double Height)
{
    /// <summary>Geometric mean of the box's width and height, pixels.</summary>
    public double Size => Math.Sqrt(Math.Max(1, Width) * Math.Max(1, Height));

    /// <summary>From the box to the nearest border of the picture, in box sizes; negative where the box reaches over it.</summary>
    public double BorderDistance(int pictureWidth, int pictureHeight)
    {
        var sides = Math.Min(X - (Width / 2), pictureWidth - X - (Width / 2));
        return Math.Min(sides, Math.Min(Y - Height, pictureHeight - Y)) / Size;
    }
}

/// <summary>The way of one track over the picture, point by point where it had come on. Standing leaves no points.</summary>
public sealed class MotionPath
{
    private readonly PathPoint[] _points;
    private readonly double[] _travelled;
    private readonly (double X, double Y)[] _directions;

    /// <param name="points">In order of time; at least one.</param>
    /// <param name="directionReach">The direction at a point is that of the chord this many box sizes before and behind it.</param>
    public MotionPath(long number, IEnumerable<PathPoint> points, double directionReach)
    {
        Number = number;
        _points = [.. points];
        if (_points.Length == 0) throw new ArgumentException("a path has at least one point", nameof(points));
        _travelled = new double[_points.Length];
        for (var i = 1; i < _points.Length; i++)
            _travelled[i] = _travelled[i - 1] + (Distance(_points[i - 1], _points[i]) / ((_points[i - 1].Size + _points[i].Size) / 2));
        _directions = [.. Enumerable.Range(0, _points.Length).Select(i => Chord(i, directionReach))];
    }

    public long Number { get; }

    public IReadOnlyList<PathPoint> Points => _points;

    /// <summary>How far the vehicle came, in its box sizes.</summary>
    public double Travel => _travelled[^1];

    public double Seconds => _points[^1].Time - _points[0].Time;

    /// <summary>Length of the beeline over that of the path, 0..1.</summary>
    public double Directness
    {
        get
        {
            var length = 0.0;
            for (var i = 1; i < _points.Length; i++) length += Distance(_points[i - 1], _points[i]);
            return length > 0 ? Distance(_points[0], _points[^1]) / length : 0;
        }
    }

    /// <summary>How far it had come at a point, in box sizes.</summary>
    public double TravelledAt(int point) => _travelled[point];

    /// <summary>Unit vector; zero where the path has one point.</summary>
    public (double X, double Y) DirectionAt(int point) => _directions[point];

    /// <summary>A line across the way between a point and the one before it.</summary>
    public SectionLine LineBefore(int point)
    {
        var (a, b, p, q) = (_points[point - 1], _points[point], _directions[point - 1], _directions[point]);
        var (dx, dy) = (p.X + q.X, p.Y + q.Y);
        var length = Math.Sqrt((dx * dx) + (dy * dy));
        return length > 0 ? new SectionLine((a.X + b.X) / 2, (a.Y + b.Y) / 2, dx / length, dy / length) : new SectionLine(a.X, a.Y, 1, 0);
    }

    /// <summary>Where the path meets a line, each time it does.</summary>
    public IEnumerable<Meeting> Meet(SectionLine line)
    {
        var before = line.Ahead(_points[0].X, _points[0].Y);
        for (var i = 1; i < _points.Length; i++)
        {
            var after = line.Ahead(_points[i].X, _points[i].Y);
            if (before < 0 != after < 0) yield return At(line, i, before / (before - after));
            before = after;
        }
    }

    private Meeting At(in SectionLine line, int i, double share)
    {
        var (a, b) = (_points[i - 1], _points[i]);
        var place = new PathPoint(
            Mix(a.Time, b.Time), Mix(a.X, b.X), Mix(a.Y, b.Y), Mix(a.Width, b.Width), Mix(a.Height, b.Height));
        var (p, q) = (_directions[i - 1], _directions[i]);
        var along = line.Aside(place.X, place.Y);
        var cosine = (Mix(p.X, q.X) * line.DirectionX) + (Mix(p.Y, q.Y) * line.DirectionY);
        return new Meeting(this, place, along, cosine, Mix(_travelled[i - 1], _travelled[i]), (Mix(p.X, q.X), Mix(p.Y, q.Y)));

        double Mix(double from, double to) => from + (share * (to - from));
    }

    /// <summary>Seconds that the vehicle took from half a box size before a place to half a box size behind it.</summary>
    public double SecondsAround(double travelled)
    {
        var first = Array.FindLastIndex(_travelled, t => t <= travelled - 0.5);
        var last = Array.FindIndex(_travelled, t => t >= travelled + 0.5);
        return _points[last < 0 ? ^1 : last].Time - _points[Math.Max(0, first)].Time;
    }

    private (double X, double Y) Chord(int i, double reach)
    {
        var (from, to) = (i, i);
        while (from > 0 && _travelled[i] - _travelled[from] < reach) from--;
        while (to < _points.Length - 1 && _travelled[to] - _travelled[i] < reach) to++;
        var (dx, dy) = (_points[to].X - _points[from].X, _points[to].Y - _points[from].Y);
        var length = Math.Sqrt((dx * dx) + (dy * dy));
        return length > 0 ? (dx / length, dy / length) : (0, 0);
    }

    private static double Distance(in PathPoint a, in PathPoint b) => Math.Sqrt(((a.X - b.X) * (a.X - b.X)) + ((a.Y - b.Y) * (a.Y - b.Y)));
}

/// <summary>A path meets a line.</summary>
/// <param name="Aside">Place along the line, pixels from its centre.</param>
/// <param name="Cosine">Between the vehicle's direction and the line's.</param>
/// <param name="Travelled">How far the vehicle had come, in box sizes.</param>
/// <param name="Direction">Of the vehicle, about a unit vector.</param>
public readonly record struct Meeting(
    MotionPath Path, PathPoint Place, double Aside, double Cosine, double Travelled, (double X, double Y) Direction);

/// <summary>A line across the direction of motion at a place; endless. Lengths in pixels.</summary>
/// <param name="DirectionX">Unit vector of the motion.</param>
public readonly record struct SectionLine(double X, double Y, double DirectionX, double DirectionY)
{
    /// <summary>How far a point lies ahead of the line.</summary>
    public double Ahead(double x, double y) => ((x - X) * DirectionX) + ((y - Y) * DirectionY);

    /// <summary>How far a point lies from the line's centre along it. A gate drawn to the side of growing values counts the motion as forward.</summary>
    public double Aside(double x, double y) => ((x - X) * DirectionY) - ((y - Y) * DirectionX);

    /// <summary>The point of the line at a distance from its centre.</summary>
    public (double X, double Y) PointAt(double aside) => (X + (aside * DirectionY), Y - (aside * DirectionX));
}
