namespace TrafficFlow.Core.Scene;

/// <summary>Where the scene lay in the last seconds, coarse pixels from the calibration.</summary>
internal sealed class PlaceHistory
{
    private const int Looks = 20;
    private const int Recent = 7;
    private const int LeastTurns = 3;

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

    /// <summary>Between the ends of a swing to and fro, single looks left out; 0 until enough was seen, and for a move that does not return.</summary>
    public double Swing => _places.Count < Looks ? 0 : Math.Max(SwingOf([.. _places.Select(p => p.X)]), SwingOf([.. _places.Select(p => p.Y)]));

    private static double SwingOf(double[] places)
    {
        var sorted = places.Order().ToList();
        var range = sorted[^3] - sorted[2];
        var middle = (sorted[^3] + sorted[2]) / 2;
        var (side, turns) = (0, 0);
        foreach (var place in places)
        {
            if (Math.Abs(place - middle) < range / 5 || Math.Sign(place - middle) == side) continue;
            side = Math.Sign(place - middle);
            turns++;
        }

        return turns > LeastTurns ? range : 0;
    }

    private static double Middle(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
