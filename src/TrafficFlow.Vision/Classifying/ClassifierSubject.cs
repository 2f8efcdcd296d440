using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Vision.Classifying;

/// <summary>Something that was found in the last pictures, and how often and how large it has been looked at. Times are seconds.</summary>
internal sealed class ClassifierSubject(in Box box, DetectedKind kind, double time)
{
    private const int EnoughLooks = 5;

    /// <summary>Somebody on two wheels is small and hard to tell: more looks.</summary>
    private const int EnoughRiderLooks = 20;

    private const double RestSeconds = 0.45;
    private const double RiderRestSeconds = 0.2;

    /// <summary>Way in heights of the box from which a rider moves: one that only stands there crosses no gate.</summary>
    private const float Moved = 0.6f;

    private readonly Box _first = box;
    private double _lookedAt = double.MinValue;
    private float _lookedArea;
    private bool _hasMoved;

    public DetectedKind Kind => kind;

    public Box Box { get; private set; } = box;

    public double SeenAt { get; private set; } = time;

    public int Looks { get; private set; }

    public void See(in Box seen, double time)
    {
        (Box, SeenAt) = (seen, time);
        var (dx, dy) = (seen.CenterX - _first.CenterX, seen.CenterY - _first.CenterY);
        _hasMoved |= (dx * dx) + (dy * dy) > Moved * Moved * seen.Height * seen.Height;
    }

    /// <summary>How much another look would help, 0 not at all.</summary>
    public double Worth(double time, float leastSide)
    {
        var rest = kind == DetectedKind.Rider ? RiderRestSeconds : RestSeconds;
        if (Math.Min(Box.Width, Box.Height) < leastSide || time - _lookedAt < rest) return 0;
        // A look decides whether a rider counts at all, and of a vehicle only what it is called.
        if (kind == DetectedKind.Rider) return _hasMoved && Looks < EnoughRiderLooks ? 1000.0 / (Looks + 1) : 0;
        if (Looks == 0) return 10 + Box.Height;
        // A vehicle is looked at again when it has come nearer.
        var growth = Box.Area / Math.Max(1, _lookedArea);
        return Looks < EnoughLooks && (growth > 1.25f || Looks < 3) ? growth / Looks : 0;
    }

    public void Looked(double time) => (_lookedAt, _lookedArea, Looks) = (time, Math.Max(_lookedArea, Box.Area), Looks + 1);
}
