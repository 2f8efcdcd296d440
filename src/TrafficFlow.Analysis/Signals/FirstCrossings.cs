namespace TrafficFlow.Analysis.Signals;

/// <summary>
/// When the first vehicle of a queue passes, cycle by cycle: a mixture of those that waited (normal around one instant of the cycle) and those that
/// came later or were missed (anywhere in the search window), fitted by expectation maximisation.
/// </summary>
internal sealed class FirstCrossings
{
    private const double SearchesAfter = 9;
    private const double LeastScatter = 0.25;
    private const double MostScatter = 2.5;

    /// <summary>At fixed time the first vehicles keep to some half a second (drivers 0.5 s, camera 0.3 s): above twice that they are no queue's.</summary>
    public const double SharpSeconds = 1.25;

    private const int FewestLeaders = 8;

    /// <summary>By how much, in log likelihood, a queue's first vehicles must explain the crossings better than chance does.</summary>
    private const double ClearRatio = 8;

    private readonly List<(int Cycle, double Deviation)> _firsts = [];
    private double[] _weights = [];
    private int _cycles;
    private double _ratio;

    /// <summary>Cycles that count as led by a waiting vehicle.</summary>
    public double Leaders => _weights.Sum();

    public double Scatter { get; private set; } = 1;

    /// <summary>They tell when green begins: enough of them, and sharply; or, where greens are actuated, in most of the cycles.</summary>
    public bool IsClear => Leaders >= FewestLeaders && _ratio >= ClearRatio && (Scatter <= SharpSeconds || (Leaders >= 2.5 * FewestLeaders && Leaders >= 0.75 * _cycles));

    /// <param name="isRough">While the cycle is still being sought, however blurred they are.</param>
    public bool Tells(bool isRough) => isRough ? Leaders >= FewestLeaders / 2 : IsClear;

    public IReadOnlyList<(int Cycle, double Deviation)> Firsts => _firsts;

    public IReadOnlyList<double> Weights => _weights;

    /// <param name="times">Crossings, ascending.</param>
    /// <param name="expected">When the first one is expected in cycle 0; the others follow by the cycle.</param>
    /// <param name="red">How long nothing passes before that.</param>
    public static FirstCrossings Of(WatchedCrossings crossings, double[] times, double from, double to, double expected, double cycle, double red)
    {
        var firsts = new FirstCrossings();
        var before = Math.Min(5, red / 2);
        for (var n = (int)Math.Ceiling((from + before - expected) / cycle); expected + (n * cycle) + SearchesAfter <= to; n++)
        {
            var begin = expected + (n * cycle);
            firsts._cycles++;
            var i = Array.BinarySearch(times, begin - before);
            if (i < 0) i = ~i;
            if (i >= times.Length || times[i] > begin + SearchesAfter || !crossings.IsWatched(begin - before, times[i])) continue;
            firsts._firsts.Add((n, times[i] - begin));
        }

        firsts.Fit(before);
        return firsts;
    }

    private void Fit(double before)
    {
        _weights = new double[_firsts.Count];
        if (_firsts.Count == 0) return;
        // The densest second or two to begin with: those who waited are the early and crowded ones.
        var centre = _firsts.MaxBy(f => _firsts.Count(g => Math.Abs(g.Deviation - f.Deviation) < 1)).Deviation;
        var (scatter, share) = (1.0, 0.7);
        var elsewhere = 1 / (before + SearchesAfter);
        for (var step = 0; step < 30; step++)
        {
            _ratio = 0;
            for (var i = 0; i < _firsts.Count; i++)
            {
                var z = (_firsts[i].Deviation - centre) / scatter;
                var waiting = share * Math.Exp(-0.5 * z * z) / (scatter * Math.Sqrt(2 * Math.PI));
                var all = waiting + ((1 - share) * elsewhere);
                _weights[i] = waiting / all;
                _ratio += Math.Log(all / elsewhere);
            }

            var sum = Leaders;
            if (sum < 1e-6) return;
            centre = Enumerable.Range(0, _firsts.Count).Sum(i => _weights[i] * _firsts[i].Deviation) / sum;
            scatter = Math.Clamp(Math.Sqrt(Enumerable.Range(0, _firsts.Count).Sum(i => _weights[i] * Math.Pow(_firsts[i].Deviation - centre, 2)) / sum), LeastScatter, MostScatter);
            share = Math.Clamp(sum / _firsts.Count, 0.05, 0.98);
        }

        Scatter = scatter;
    }
}
