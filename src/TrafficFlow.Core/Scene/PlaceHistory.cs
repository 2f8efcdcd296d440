namespace TrafficFlow.Core.Scene;

/// <summary>Where the scene lay in the last seconds, coarse pixels from the calibration.</summary>
internal sealed class PlaceHistory
{
    private const int Looks = 20;
    private const int Recent = 7;

    private readonly List<(double X, double Y, double Turned)> _places = [];

    public bool IsKnown => _places.Count >= Recent;

    public void Clear() => _places.Clear();

    /// <param name="turned">What a turn or zoom moves the tiles beyond the shift.</param>
    public void Add(double x, double y, double turned)
    {
        _places.Add((x, y, turned));
        if (_places.Count > Looks) _places.RemoveAt(0);
    }

    /// <summary>The place over the last seconds: a sway is in its middle most of the time.</summary>
    public (double X, double Y, double Turned) Median
    {
        get
        {
            var last = _places.TakeLast(Recent).ToList();
            return (Middle(last.Select(p => p.X)), Middle(last.Select(p => p.Y)), Middle(last.Select(p => p.Turned)));
        }
    }

    /// <summary>Between the ends of the swing, single looks left out; 0 until enough was seen.</summary>
    public double Swing => _places.Count < Looks ? 0 : Math.Max(Range(_places.Select(p => p.X)), Range(_places.Select(p => p.Y)));

    private static double Middle(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static double Range(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[^3] - sorted[2];
    }
}
