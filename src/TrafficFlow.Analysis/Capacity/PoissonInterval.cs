using MathNet.Numerics.Distributions;

namespace TrafficFlow.Analysis.Capacity;

/// <summary>The exact confidence interval of the mean of a Poisson count, from the chi-square distribution (F. Garwood, Fiducial limits for the Poisson distribution, Biometrika 28, 1936).</summary>
public static class PoissonInterval
{
    /// <param name="confidence">0..1, of both sides together.</param>
    public static (double Low, double High) Of(long count, double confidence = 0.95)
    {
        if (count < 0) throw new ArgumentOutOfRangeException(nameof(count), count, "a count is 0 or more");
        if (confidence is not (> 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "confidence is between 0 and 1");
        var tail = (1 - confidence) / 2;
        return (count == 0 ? 0 : ChiSquared.InvCDF(2.0 * count, tail) / 2, ChiSquared.InvCDF(2.0 * (count + 1), 1 - tail) / 2);
    }
}
