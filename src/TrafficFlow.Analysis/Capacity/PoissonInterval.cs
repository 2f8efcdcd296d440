namespace TrafficFlow.Analysis.Capacity;

/// <summary>
/// The exact confidence interval of the mean of a Poisson count (F. Garwood, Fiducial limits for the Poisson distribution, Biometrika 28, 1936):
/// from the chi-square distribution, by the incomplete gamma function.
/// </summary>
public static class PoissonInterval
{
    /// <param name="confidence">0..1, of both sides together.</param>
    public static (double Low, double High) Of(long count, double confidence = 0.95)
    {
        if (count < 0) throw new ArgumentOutOfRangeException(nameof(count), count, "a count is 0 or more");
        if (confidence is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "confidence is between 0 and 1");
        var tail = (1 - confidence) / 2;
        return (count == 0 ? 0 : Quantile(count, tail), Quantile(count + 1, 1 - tail));
    }

    /// <summary>x with P(shape, x) = probability.</summary>
    private static double Quantile(double shape, double probability)
    {
        var (low, high) = (0.0, shape + (12 * Math.Sqrt(shape)) + 40);
        for (var i = 0; i < 200 && high - low > 1e-10 * high; i++)
        {
            var middle = (low + high) / 2;
            if (Regularised(shape, middle) < probability) low = middle;
            else high = middle;
        }

        return (low + high) / 2;
    }

    /// <summary>The lower incomplete gamma function over the gamma function, by its series or its continued fraction.</summary>
    private static double Regularised(double shape, double x)
    {
        if (x <= 0) return 0;
        var front = Math.Exp((shape * Math.Log(x)) - x - LogGamma(shape));
        if (x < shape + 1)
        {
            var (term, sum) = (1 / shape, 1 / shape);
            for (var n = 1; n < 10_000 && term > sum * 1e-15; n++) sum += term *= x / (shape + n);
            return sum * front;
        }

        const double Tiny = 1e-300;
        var b = x + 1 - shape;
        var (c, d) = (1 / Tiny, 1 / b);
        var h = d;
        for (var i = 1; i < 10_000; i++)
        {
            var an = -i * (i - shape);
            b += 2;
            d = NotZero((an * d) + b);
            c = NotZero(b + (an / c));
            d = 1 / d;
            var change = d * c;
            h *= change;
            if (Math.Abs(change - 1) < 1e-15) break;
        }

        return 1 - (front * h);

        static double NotZero(double value) => Math.Abs(value) < Tiny ? Tiny : value;
    }

    /// <summary>Stirling's series, after the recurrence has brought the argument to where it is exact to the last digits.</summary>
    private static double LogGamma(double x)
    {
        var shift = 0.0;
        for (; x < 10; x++) shift -= Math.Log(x);
        var inverse = 1 / (x * x);
        var series = (1 / 12.0 - (inverse * (1 / 360.0 - (inverse * (1 / 1260.0 - (inverse / 1680.0)))))) / x;
        return shift + ((x - 0.5) * Math.Log(x)) - x + (0.5 * Math.Log(2 * Math.PI)) + series;
    }
}
