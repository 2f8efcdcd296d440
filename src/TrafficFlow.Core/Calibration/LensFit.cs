namespace TrafficFlow.Core.Calibration;

/// <summary>The radial distortion k1 with which pairs of points fit a plane best.</summary>
internal static class LensFit
{
    public const int MinPoints = 8;

    private const double Least = -0.2;
    private const double Most = 0.6;
    private const double Step = 0.1;
    private const double Precision = 1e-4;

    // Below one part in a thousand of the half diagonal, a third of a pixel in a corner, a lens is straight.
    private const double Straight = 1e-3;

    // Squared standard deviations a point: a tenth of a survey's noise leaves nothing for a lens to explain.
    private const double WellFitted = 0.01;
    private const double LeastGain = 0.8;

    /// <summary>Null where the points are too few, or a straight lens explains them as well.</summary>
    public static LensDistortion? Estimate(IReadOnlyList<PlanePair> seen, IReadOnlyList<bool> used, SurveyNoise noise, double aspect)
    {
        PlanePair[] pairs = [.. seen.Where((_, i) => used[i])];
        if (pairs.Length < MinPoints) return null;
        var straight = Cost(0);
        if (straight < WellFitted * pairs.Length) return null;
        var best = Enumerable.Range(0, (int)Math.Round((Most - Least) / Step) + 1).Select(i => Least + (i * Step)).MinBy(Cost);
        // Golden section between the neighbours of the best step.
        var (low, high, share) = (Math.Max(Least, best - Step), Math.Min(Most, best + Step), (Math.Sqrt(5) - 1) / 2);
        var (a, b) = (high - (share * (high - low)), low + (share * (high - low)));
        var (costA, costB) = (Cost(a), Cost(b));
        while (high - low > Precision)
        {
            if (costA < costB)
            {
                (high, b, costB) = (b, a, costA);
                a = high - (share * (high - low));
                costA = Cost(a);
            }
            else
            {
                (low, a, costA) = (a, b, costB);
                b = low + (share * (high - low));
                costB = Cost(b);
            }
        }

        var k1 = Math.Round((low + high) / 2, 4);
        return Math.Abs(k1) < Straight || Cost(k1) > LeastGain * straight ? null : new LensDistortion(k1, 0, aspect);

        double Cost(double k1)
        {
            var lens = new LensDistortion(k1, 0, aspect);
            PlanePair[] corrected = [.. pairs.Select(p => p with { Image = lens.Correct(p.Image) })];
            if (HomographyFit.Direct(corrected).Map is not { } map) return double.PositiveInfinity;
            map = HomographyFit.Refine(map, corrected, noise);
            return corrected.Sum(p => HomographyFit.SquaredDeviation(map, p, noise));
        }
    }
}
