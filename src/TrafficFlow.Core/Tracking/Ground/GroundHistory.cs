namespace TrafficFlow.Core.Tracking.Ground;

/// <summary>A box, and how the vehicle moved when it was seen, as far as that was known then.</summary>
/// <param name="X">Metres from the view's origin, as is <paramref name="Y"/>; not a number while the heading was unknown.</param>
/// <param name="Heading">Radians from east towards north.</param>
/// <param name="Speed">Metres per second.</param>
/// <param name="Way">Metres since the track began.</param>
/// <param name="RoundX">The place by this box alone, for something round, as is <paramref name="RoundY"/>; not a number where the box tells none.</param>
internal readonly record struct GroundStep(
    ObservedBox Box, double X, double Y, double Heading, double Speed, double Way, double RoundX = double.NaN, double RoundY = double.NaN)
{
    public GroundStep(ObservedBox box)
        : this(box, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN)
    {
    }

    public bool IsPlaced => !double.IsNaN(X);
}

/// <summary>The latest steps of a track, oldest first; the oldest gives way. Standing vehicles leave few, so that they are remembered for longer.</summary>
internal sealed class GroundHistory(int capacity)
{
    private const double StandingEverySeconds = 0.5;
    private const double StandingMetres = 0.1;
    private GroundStep[] _steps = new GroundStep[Math.Min(capacity, 16)];
    private int _first;

    public int Count { get; private set; }

    public ref GroundStep this[int index] => ref _steps[(_first + index) % _steps.Length];

    /// <returns>The new step.</returns>
    public ref GroundStep Add(in ObservedBox box)
    {
        if (!IsNeeded(box.Time))
        {
            // Where it stood half a second ago is known already.
        }
        else if (Count < _steps.Length || Count < capacity)
        {
            if (Count == _steps.Length) Grow();
            Count++;
        }
        else
        {
            _first = (_first + 1) % _steps.Length;
        }

        ref var last = ref this[Count - 1];
        last = new GroundStep(box);
        return ref last;
    }

    /// <summary>The step nearest in time whose place is known; -1 where there is none.</summary>
    public int NearestPlaced(double time)
    {
        var best = -1;
        for (var i = 0; i < Count; i++)
        {
            if (!this[i].IsPlaced) continue;
            if (best >= 0 && Math.Abs(this[i].Box.Time - time) > Math.Abs(this[best].Box.Time - time)) break;
            best = i;
        }

        return best;
    }

    /// <summary>
    /// Where the boxes between two times went, each taken alone: direction and length of the way, by a straight line through their places;
    /// null where fewer than four tell.
    /// </summary>
    public (double Heading, double Metres, double Seconds)? Way(double from, double to)
    {
        var (n, t, x, y) = (0, 0.0, 0.0, 0.0);
        for (var i = Count - 1; i >= 0 && this[i].Box.Time >= from; i--)
        {
            ref readonly var step = ref this[i];
            if (step.Box.Time > to || double.IsNaN(step.RoundX)) continue;
            (n, t, x, y) = (n + 1, t + step.Box.Time, x + step.RoundX, y + step.RoundY);
        }

        if (n < 4) return null;
        (t, x, y) = (t / n, x / n, y / n);
        var (tt, tx, ty) = (0.0, 0.0, 0.0);
        var (earliest, latest) = (double.MaxValue, double.MinValue);
        for (var i = Count - 1; i >= 0 && this[i].Box.Time >= from; i--)
        {
            ref readonly var step = ref this[i];
            if (step.Box.Time > to || double.IsNaN(step.RoundX)) continue;
            var dt = step.Box.Time - t;
            (tt, tx, ty) = (tt + (dt * dt), tx + (dt * (step.RoundX - x)), ty + (dt * (step.RoundY - y)));
            (earliest, latest) = (Math.Min(earliest, step.Box.Time), Math.Max(latest, step.Box.Time));
        }

        var seconds = latest - earliest;
        return tt > 0 ? (Math.Atan2(ty, tx), Math.Sqrt((tx * tx) + (ty * ty)) / tt * seconds, seconds) : null;
    }

    private bool IsNeeded(double time)
    {
        if (Count < 3) return true;
        var (before, last) = (this[Count - 2], this[Count - 1]);
        return !(time - before.Box.Time < StandingEverySeconds && Math.Abs(last.Way - before.Way) < StandingMetres && last.Speed < 2 * StandingMetres);
    }

    private void Grow()
    {
        var larger = new GroundStep[Math.Min(capacity, 2 * _steps.Length)];
        for (var i = 0; i < Count; i++) larger[i] = this[i];
        (_steps, _first) = (larger, 0);
    }
}
