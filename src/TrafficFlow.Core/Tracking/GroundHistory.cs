namespace TrafficFlow.Core.Tracking;

/// <summary>A box, and how the vehicle moved when it was seen, as far as that was known then.</summary>
/// <param name="X">Metres from the view's origin, as is <paramref name="Y"/>; not a number while the heading was unknown.</param>
/// <param name="Heading">Radians from east towards north.</param>
/// <param name="Speed">Metres per second.</param>
/// <param name="Way">Metres since the track began.</param>
internal readonly record struct GroundStep(SeenBox Box, double X, double Y, double Heading, double Speed, double Way)
{
    public GroundStep(SeenBox box)
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
    public ref GroundStep Add(in SeenBox box)
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
