using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Counting;

/// <summary>Where a track was seen, and how surely.</summary>
/// <param name="Time">Seconds since the pipeline's origin.</param>
/// <param name="Box">As detected, pixels.</param>
/// <param name="Evidence">The detection's score as a share of a sure one.</param>
internal readonly record struct WayPoint(double Time, Box Box, float Evidence)
{
    /// <summary>Number of the picture.</summary>
    public long Frame { get; init; }

    /// <summary>Bottom centre of the box: where the vehicle meets the road nearest to the camera.</summary>
    public double X => Box.CenterX;

    public double Y => Box.Bottom;

    /// <summary>Geometric mean of width and height.</summary>
    public double Size => Math.Sqrt(Math.Max(1, Box.Width) * Math.Max(1, Box.Height));
}

/// <summary>The detections of one track, in order of time: its first one, and those of the last seconds.</summary>
/// <param name="seconds">How far back they are kept at least.</param>
internal sealed class TrackPath(double seconds)
{
    /// <summary>Points that are taken out together, so that a long list is not moved for each.</summary>
    private const int Batch = 32;

    private readonly List<WayPoint> _points = [];

    public IReadOnlyList<WayPoint> Points => _points;

    /// <summary>Index of the first point from which on none is missing.</summary>
    public int FirstWhole { get; private set; }

    /// <summary>Sum over all detections, also those that are no longer kept.</summary>
    public double Evidence { get; private set; }

    public void Add(in WayPoint point)
    {
        Evidence += point.Evidence;
        _points.Add(point);
        if (_points.Count <= Batch + 1 || point.Time - _points[Batch].Time <= seconds) return;
        _points.RemoveRange(1, Batch);
        FirstWhole = 1;
    }

    /// <summary>Index of the first point at or after a time; the number of points where there is none.</summary>
    public int IndexAt(double time)
    {
        var (low, high) = (0, _points.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_points[middle].Time < time) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    /// <summary>
    /// Mean share of the smaller box that this and another track have in common, over the pictures between two times in which both were
    /// seen; null where there are none.
    /// </summary>
    public double? SharedWith(TrackPath other, double from, double to)
    {
        var (sum, count) = (0.0, 0);
        for (var (a, b) = (IndexAt(from), other.IndexAt(from)); a < _points.Count && b < other._points.Count && _points[a].Time <= to;)
        {
            var (p, q) = (_points[a], other._points[b]);
            if (p.Time < q.Time) a++;
            else if (q.Time < p.Time) b++;
            else
            {
                sum += p.Box.IntersectionWith(q.Box) / Math.Max(1, Math.Min(p.Box.Area, q.Box.Area));
                count++;
                a++;
                b++;
            }
        }

        return count > 0 ? sum / count : null;
    }
}
