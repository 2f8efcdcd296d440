namespace TrafficFlow.Analysis.Queues;

/// <summary>
/// When each vehicle of a lane would have passed the gate had nobody delayed it: its virtual arrival. It is not seen where a queue reaches beyond sight; what is known are all departures, in order.
/// A vehicle leaves when it arrives, or a headway of saturation after the one before it, or when green begins, whichever is last (cumulative curves: Newell 1982; Daganzo 1997, chapter 2), and
/// arrivals are a Poisson stream with a least headway (Cowan 1975, M2). From both together, forward and backward over all vehicles, follows the distribution of each arrival.
/// </summary>
internal sealed class ArrivalEstimate
{
    private const double Grid = 0.5;
    private const double LongestDelay = 900;
    private const double AheadSeconds = 2;
    private const double LeastHeadway = 1;

    // Of all passages so many follow no rule: a vehicle between was missed, somebody dreamt.
    private const double Unruly = 0.04;
    private const double UnrulySeconds = 40;
    private const double Negligible = 1e-9;

    private readonly int[] _from;
    private readonly double[][] _forward;
    private readonly double[][] _told;
    private readonly double[] _rates;

    private ArrivalEstimate(int vehicles) => (_from, _forward, _told, _rates) = (new int[vehicles], new double[vehicles][], new double[vehicles][], new double[vehicles]);

    /// <param name="rates">Arrivals per second around each vehicle.</param>
    /// <param name="told">Likelihood of what was seen of a vehicle, its passage apart, for a virtual arrival.</param>
    /// <param name="leaves">When a vehicle leaves that has this virtual arrival, by the one before it.</param>
    /// <param name="scatter">Of passages around that, seconds.</param>
    public static ArrivalEstimate Of(IReadOnlyList<double> passages, IReadOnlyList<double> rates, Func<int, double, double> told, Func<int, double, double> leaves, double scatter)
    {
        var estimate = new ArrivalEstimate(passages.Count);
        for (var k = 0; k < passages.Count; k++) estimate.Forward(k, passages[k], rates[k], told, leaves, scatter);
        estimate.Backward();
        return estimate;
    }

    /// <summary>How probable it is that a vehicle's virtual arrival lies before a time.</summary>
    public double Before(int vehicle, double seconds)
    {
        var (sum, values) = (0.0, _forward[vehicle]);
        for (var i = 0; i < values.Length; i++)
        {
            var at = (_from[vehicle] + i) * Grid;
            if (at >= seconds + (Grid / 2)) break;
            // The last one in part.
            sum += values[i] * Math.Min(1, (seconds - at) / Grid + 0.5);
        }

        return sum;
    }

    private void Forward(int k, double passed, double rate, Func<int, double, double> told, Func<int, double, double> leaves, double scatter)
    {
        _rates[k] = Math.Clamp(rate, 1e-4, 0.55);
        var to = (int)Math.Ceiling((passed + AheadSeconds) / Grid);
        var from = Math.Max((int)Math.Floor((passed - LongestDelay) / Grid), k == 0 ? int.MinValue : _from[k - 1]);
        if (from >= to) from = to - 1;
        var (expected, likelihood) = (new double[to - from], new double[to - from]);
        if (k == 0) Array.Fill(expected, 1);
        else Arrive(_forward[k - 1], _from[k - 1], _rates[k], expected, from);
        var sum = 0.0;
        for (var i = 0; i < expected.Length; i++)
        {
            var at = (from + i) * Grid;
            var off = (passed - leaves(k, at)) / scatter;
            likelihood[i] = (((1 - Unruly) * Math.Exp(-off * off / 2) / (scatter * 2.5066)) + (Unruly / UnrulySeconds)) * told(k, at);
            sum += expected[i] *= likelihood[i];
        }

        if (!(sum > 1e-200))
        {
            // Nothing explains it: the arrivals begin anew.
            likelihood.CopyTo(expected, 0);
            sum = expected.Sum();
        }

        var (first, last) = (0, expected.Length - 1);
        while (first < last && expected[first] < Negligible * sum) first++;
        while (last > first && expected[last] < Negligible * sum) last--;
        (_from[k], _forward[k], _told[k]) = (from + first, expected[first..(last + 1)], likelihood[first..(last + 1)]);
        for (var i = 0; i < _forward[k].Length; i++) _forward[k][i] /= sum;
    }

    /// <summary>One arrival after the other: an exponential headway above the least.</summary>
    private static void Arrive(double[] before, int beforeFrom, double rate, double[] after, int afterFrom)
    {
        var (least, beyond) = ((int)(LeastHeadway / Grid), rate / (1 - (rate * LeastHeadway)));
        var (stays, sum) = (Math.Exp(-beyond * Grid), 0.0);
        for (var t = beforeFrom + least; t < afterFrom + after.Length; t++)
        {
            sum *= stays;
            var i = t - least - beforeFrom;
            if (i < before.Length) sum += before[i];
            if (t >= afterFrom) after[t - afterFrom] = sum;
        }
    }

    private void Backward()
    {
        var next = (double[]?)null;
        for (var k = _forward.Length - 1; k >= 0; k--)
        {
            var values = _forward[k];
            var later = new double[values.Length];
            if (next is null) Array.Fill(later, 1);
            else Return(next, _from[k + 1], _rates[k + 1], later, _from[k]);
            var (sum, most, all) = (0.0, 0.0, new double[values.Length]);
            for (var i = 0; i < values.Length; i++)
            {
                sum += values[i] * later[i];
                all[i] = _told[k][i] * later[i];
                most = Math.Max(most, all[i]);
            }

            // Where the arrivals began anew, what comes later tells nothing.
            var isTold = sum > 1e-200 && most > 0;
            for (var i = 0; i < values.Length; i++)
            {
                if (isTold) values[i] *= later[i] / sum;
                all[i] = isTold ? all[i] / most : _told[k][i];
            }

            next = all;
        }
    }

    private static void Return(double[] after, int afterFrom, double rate, double[] before, int beforeFrom)
    {
        var (least, beyond) = ((int)(LeastHeadway / Grid), rate / (1 - (rate * LeastHeadway)));
        var (stays, sum) = (Math.Exp(-beyond * Grid), 0.0);
        for (var t = afterFrom + after.Length - 1 - least; t >= beforeFrom; t--)
        {
            sum *= stays;
            var i = t + least - afterFrom;
            if (i >= 0) sum += after[i];
            if (t - beforeFrom < before.Length) before[t - beforeFrom] = sum;
        }
    }
}
