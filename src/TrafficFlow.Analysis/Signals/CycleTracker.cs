namespace TrafficFlow.Analysis.Signals;

/// <summary>
/// Follows signals whose cycle is not fixed: a hidden phase goes on by about a second each second, now and then waits or hurries, and each stream's rate
/// depends on it. The most likely way of the phase (Viterbi) and the rates are found in turn, from the rates that a mean cycle gives where it holds best.
/// </summary>
internal sealed class CycleTracker
{
    private const double Step = 1;
    private const int Rounds = 8;

    /// <summary>Part of the steps in which the phase waits, and as many in which it goes twice as fast: over a minute that is some 4 s, as greens that are extended vary.</summary>
    private const double Unsteady = 0.15;

    private readonly double _from;
    private readonly int _steps;
    private readonly int _phases;
    private readonly double[] _watched;
    private readonly List<int>[] _streamsAt;
    private readonly double[][] _rates;
    private int[] _way = [];

    private CycleTracker(WatchedCrossings crossings, double from, double to, double cycle)
    {
        (_from, _steps) = (from, Math.Max(1, (int)((to - from) / Step)));
        _phases = Math.Max(8, (int)Math.Round(cycle / Step));
        _watched = [.. Enumerable.Range(0, _steps).Select(i => crossings.Watched(from + (i * Step), from + ((i + 1) * Step)))];
        _streamsAt = [.. Enumerable.Range(0, _steps).Select(_ => new List<int>())];
        _rates = [.. crossings.Times.Select(_ => new double[_phases])];
        for (var s = 0; s < crossings.Times.Length; s++)
        {
            foreach (var t in crossings.Times[s])
            {
                if (t >= from && t < from + (_steps * Step)) _streamsAt[(int)((t - from) / Step)].Add(s);
            }
        }
    }

    /// <summary>For each second from the begin on, how far the phase has come, in cycles: its whole part counts them.</summary>
    public double[] Turns { get; private set; } = [];

    /// <param name="bestFrom">Where the mean cycle holds best.</param>
    public static CycleTracker Track(WatchedCrossings crossings, double from, double to, double cycle, double bestFrom, double bestTo)
    {
        var tracker = new CycleTracker(crossings, from, to, cycle);
        // Where the cycle holds, the phase is the time's.
        tracker.Learn((int)((bestFrom - from) / Step), (int)((bestTo - from) / Step), i => (int)(PlanFit.Modulo((i + 0.5) * Step, cycle) / cycle * tracker._phases));
        for (var round = 0; round < Rounds; round++)
        {
            tracker._way = tracker.MostLikelyWay();
            tracker.Learn(0, tracker._steps, i => tracker._way[i]);
        }

        tracker.Turns = tracker.Count();
        return tracker;
    }

    /// <summary>Where in the cycle a time lies, 0 to below 1.</summary>
    public double PhaseAt(double time) => _way[Math.Clamp((int)((time - _from) / Step), 0, _steps - 1)] / (double)_phases;

    /// <summary>When a phase was passed, for each cycle, seconds.</summary>
    public List<double> Passes(double phase)
    {
        var passes = new List<double>();
        for (var i = 1; i < Turns.Length; i++)
        {
            if (Math.Floor(Turns[i] - phase) > Math.Floor(Turns[i - 1] - phase)) passes.Add(_from + (i * Step));
        }

        return passes;
    }

    private void Learn(int first, int last, Func<int, int> phaseOf)
    {
        var seen = new double[_phases];
        foreach (var rates in _rates) Array.Clear(rates);
        for (var i = Math.Max(0, first); i < Math.Min(last, _steps); i++)
        {
            var phase = Math.Min(_phases - 1, phaseOf(i));
            seen[phase] += _watched[i];
            foreach (var s in _streamsAt[i]) _rates[s][phase]++;
        }

        var all = Math.Max(1, seen.Sum());
        foreach (var rates in _rates)
        {
            var mean = (rates.Sum() + 0.5) / all;
            var counts = (double[])rates.Clone();
            for (var p = 0; p < _phases; p++)
            {
                // Blurred over five seconds: the phase is known no better; and a tenth of the mean is never ruled out.
                var (count, time) = (0.0, 0.0);
                for (var d = -2; d <= 2; d++)
                {
                    var weight = 3 - Math.Abs(d);
                    var at = (p + d + _phases) % _phases;
                    (count, time) = (count + (weight * counts[at]), time + (weight * seen[at]));
                }

                rates[p] = (count + (0.1 * 9 * mean)) / (time + 9);
            }
        }
    }

    private int[] MostLikelyWay()
    {
        var from = new sbyte[_steps, _phases];
        var (last, next) = (new double[_phases], new double[_phases]);
        var logs = _rates.Select(r => r.Select(v => Math.Log(v)).ToArray()).ToArray();
        var sums = Enumerable.Range(0, _phases).Select(p => _rates.Sum(r => r[p])).ToArray();
        var (steady, unsteady) = (Math.Log(1 - (2 * Unsteady)), Math.Log(Unsteady));
        for (var i = 0; i < _steps; i++)
        {
            for (var p = 0; p < _phases; p++)
            {
                var (best, way) = (last[(p + _phases - 1) % _phases] + steady, (sbyte)1);
                if (last[p] + unsteady > best) (best, way) = (last[p] + unsteady, 0);
                var far = last[(p + _phases - 2) % _phases] + unsteady;
                if (far > best) (best, way) = (far, 2);
                var likelihood = -_watched[i] * sums[p];
                foreach (var s in _streamsAt[i]) likelihood += logs[s][p];
                next[p] = best + likelihood;
                from[i, p] = way;
            }

            (last, next) = (next, last);
        }

        var ways = new int[_steps];
        var at = Array.IndexOf(last, last.Max());
        for (var i = _steps - 1; i >= 0; i--)
        {
            ways[i] = at;
            at = (at + _phases - from[i, at]) % _phases;
        }

        return ways;
    }

    private double[] Count()
    {
        var turns = new double[_steps];
        turns[0] = _way[0] / (double)_phases;
        for (var i = 1; i < _steps; i++) turns[i] = turns[i - 1] + (((_way[i] - _way[i - 1] + _phases) % _phases) / (double)_phases);
        return turns;
    }
}
