namespace TrafficFlow.Analysis.Queues;

/// <summary>Normal distributions of one deviation, one for each lane, beside outliers that are anywhere; fitted to a histogram by expectation maximisation.</summary>
internal sealed class LaneMixture(double[] histogram, double low, double bin, int lanes)
{
    private readonly double[] _weights = new double[lanes];
    private readonly double _vehicles = histogram.Sum();

    public double[] Middles { get; } = new double[lanes];

    public double Scatter { get; private set; }

    /// <summary>Bayesian information criterion: the less, the better.</summary>
    public double Criterion { get; private set; }

    /// <summary>Of the lane that fewest use, 0..1.</summary>
    public double LeastWeight => _weights.Min();

    /// <summary>Between two neighbouring middles; of a single lane the least that a lane is wide.</summary>
    public double Nearest => Middles.Length == 1 ? 2.75 : Middles.Zip(Middles.Skip(1), (a, b) => b - a).Min();

    public void Begin(double from, double width, double scatter)
    {
        for (var i = 0; i < lanes; i++) (Middles[i], _weights[i]) = (from + (i * width), 1.0 / lanes);
        Scatter = scatter;
    }

    /// <returns>Log likelihood of what was before the step.</returns>
    public double Step(double outliers)
    {
        Span<double> sums = stackalloc double[lanes];
        Span<double> places = stackalloc double[lanes];
        Span<double> shares = stackalloc double[lanes];
        var (likelihood, squares, inside) = (0.0, 0.0, 0.0);
        for (var b = 0; b < histogram.Length; b++)
        {
            if (histogram[b] == 0) continue;
            var place = low + ((b + 0.5) * bin);
            var total = outliers / (histogram.Length * bin);
            for (var i = 0; i < lanes; i++) total += shares[i] = (1 - outliers) * _weights[i] * Normal((place - Middles[i]) / Scatter) / Scatter;
            likelihood += histogram[b] * Math.Log(total);
            for (var i = 0; i < lanes; i++)
            {
                var share = histogram[b] * shares[i] / total;
                sums[i] += share;
                places[i] += share * place;
                squares += share * (place - Middles[i]) * (place - Middles[i]);
                inside += share;
            }
        }

        for (var i = 0; i < lanes; i++)
        {
            if (sums[i] > 1e-9) Middles[i] = places[i] / sums[i];
            _weights[i] = inside > 0 ? sums[i] / inside : 0;
        }

        Scatter = Math.Sqrt(squares / Math.Max(1e-9, inside));
        return likelihood;
    }

    /// <summary>Lanes neither overlap nor leave room for another one between them, unless nobody uses it.</summary>
    public void Limit(double leastScatter, double nearest, double farthest)
    {
        Scatter = Math.Max(leastScatter, Scatter);
        for (var i = 1; i < lanes; i++) Middles[i] = Math.Clamp(Middles[i], Middles[i - 1] + nearest, Middles[i - 1] + farthest);
    }

    public void Judge(double outliers)
    {
        var (middles, weights, scatter) = ((double[])Middles.Clone(), (double[])_weights.Clone(), Scatter);
        Criterion = (2 * lanes * Math.Log(_vehicles)) - (2 * Step(outliers));
        middles.CopyTo(Middles, 0);
        weights.CopyTo(_weights, 0);
        Scatter = scatter;
    }

    private static double Normal(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
}
