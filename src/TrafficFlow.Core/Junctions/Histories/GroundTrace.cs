using TrafficFlow.Core.Geometry;

namespace TrafficFlow.Core.Junctions.Histories;

/// <summary>
/// Where one vehicle was of late, while it was seen; thinned out where it stood. Metres, and seconds since the junction's origin.
/// </summary>
internal sealed class GroundTrace
{
    private const double LeastSeconds = 0.2;
    private const double StandingSeconds = 1;
    private const double LeastMetres = 0.3;

    // Between two samples farther apart it was hidden: where it was is not known.
    private const double HiddenSeconds = 2;

    // A parked vehicle may be seen for days: more than the longest journey is not asked for.
    private const double RememberedSeconds = 300;

    private readonly List<(double Time, GroundPoint Place)> _samples = [];

    public void Add(double time, GroundPoint place)
    {
        if (_samples.Count > 0)
        {
            var (last, before) = _samples[^1];
            if (time - last < LeastSeconds || (time - last < StandingSeconds && before.DistanceTo(place) < LeastMetres)) return;
        }

        _samples.Add((time, place));
        // Now and then, not sample by sample: a list moves all that stays.
        if (_samples[0].Time < time - (2 * RememberedSeconds)) _samples.RemoveAll(s => s.Time < time - RememberedSeconds);
    }

    /// <summary>Takes over all that another trace has; where both know a place, both are kept in order of time.</summary>
    public void Absorb(GroundTrace other)
    {
        _samples.AddRange(other._samples);
        _samples.Sort((a, b) => a.Time.CompareTo(b.Time));
    }

    /// <summary>Where it was within so long of a time.</summary>
    public IEnumerable<GroundPoint> Around(double time, double seconds) => _samples.Where(s => Math.Abs(s.Time - time) <= seconds).Select(s => s.Place);

    /// <summary>Of my samples between two times, the share at which the other one was within an ellipse that lies along my way, 0..1.</summary>
    public double ShareBeside(GroundTrace other, double from, double to, double along, double across)
    {
        var (beside, all) = (0, 0);
        var (ux, uy) = (1.0, 0.0);
        for (var i = 0; i < _samples.Count; i++)
        {
            var (time, place) = _samples[i];
            if (i + 1 < _samples.Count && place.DistanceTo(_samples[i + 1].Place) is var step and > LeastMetres)
                (ux, uy) = ((_samples[i + 1].Place.X - place.X) / step, (_samples[i + 1].Place.Y - place.Y) / step);
            if (time < from || time > to) continue;
            all++;
            if (other.At(time) is not { } there) continue;
            var (dx, dy) = (there.X - place.X, there.Y - place.Y);
            var (a, b) = (((dx * ux) + (dy * uy)) / along, ((dx * uy) - (dy * ux)) / across);
            if ((a * a) + (b * b) <= 1) beside++;
        }

        return all == 0 ? 0 : (double)beside / all;
    }

    private GroundPoint? At(double time)
    {
        var (low, high) = (0, _samples.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_samples[middle].Time < time) low = middle + 1;
            else high = middle;
        }

        if (low == _samples.Count) return low > 0 && time - _samples[^1].Time < LeastSeconds ? _samples[^1].Place : null;
        var (after, to) = _samples[low];
        if (low == 0) return after - time < LeastSeconds ? to : null;
        var (before, from) = _samples[low - 1];
        if (after - before > HiddenSeconds) return null;
        var share = (time - before) / (after - before);
        return new GroundPoint(from.X + (share * (to.X - from.X)), from.Y + (share * (to.Y - from.Y)));
    }
}
