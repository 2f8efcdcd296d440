namespace TrafficFlow.Analysis.Signals;

/// <summary>
/// When discharge ends in the folded cycle: a rate before and a lower one after, with an edge as blurred as camera times and drivers make it. The
/// likelihood, maximised over both rates, gives the edge and its 95 % interval (profile likelihood: down by 1.92).
/// </summary>
internal static class LastCrossing
{
    private const double Blur = 0.5;
    private const double Step = 0.1;
    private const int FewestBefore = 6;

    /// <param name="phases">Crossings in the cycle relative to <paramref name="guess"/>, from -cycle/2 to cycle/2.</param>
    /// <param name="before">How far the look reaches back into the discharge.</param>
    /// <param name="after">How far it reaches into the red.</param>
    /// <param name="perSecond">For how long each second of the cycle was watched, on the mean: the number of cycles.</param>
    /// <returns>Relative to the guess; null where too few vehicles tell it.</returns>
    public static Estimate? Find(IEnumerable<double> phases, double before, double after, double perSecond)
    {
        var near = phases.Where(p => p >= -before && p < after).ToArray();
        if (near.Length < FewestBefore || perSecond <= 0) return null;
        var edges = new List<(double At, double LogLikelihood)>();
        for (var edge = -before + 2; edge <= after - 1; edge += Step) edges.Add((edge, LogLikelihood(near, edge, before, after, perSecond)));
        if (edges.Count == 0) return null;
        var best = edges.MaxBy(e => e.LogLikelihood);
        var within = edges.Where(e => e.LogLikelihood >= best.LogLikelihood - 1.92).ToList();
        // An edge that may as well lie at the end of the look is none.
        if (within[0].At <= -before + 2 + Step || within[^1].At >= after - 1 - Step) return null;
        return new Estimate(best.At, within[0].At - (Step / 2), within[^1].At + (Step / 2));
    }

    private static double LogLikelihood(double[] near, double edge, double before, double after, double perSecond)
    {
        var shape = new double[near.Length];
        for (var i = 0; i < near.Length; i++) shape[i] = Below((edge - near[i]) / Blur);
        var (widthBefore, width) = (edge + before, before + after);
        var (rate, floor) = (near.Length / (widthBefore * perSecond), 0.02 * near.Length / (width * perSecond));
        var sum = 0.0;
        for (var step = 0; step < 12; step++)
        {
            var inside = 0.0;
            sum = 0;
            foreach (var s in shape)
            {
                var all = (rate * s) + floor;
                inside += rate * s / all;
                sum += Math.Log(all);
            }

            rate = inside / (widthBefore * perSecond);
            floor = Math.Max(near.Length - inside, 0.05) / (width * perSecond);
        }

        return sum - (rate * widthBefore * perSecond) - (floor * width * perSecond);
    }

    /// <summary>The normal distribution's share below z (Abramowitz and Stegun 26.2.17).</summary>
    private static double Below(double z)
    {
        var t = 1 / (1 + (0.2316419 * Math.Abs(z)));
        var tail = Math.Exp(-0.5 * z * z) / Math.Sqrt(2 * Math.PI) * t
            * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        return z > 0 ? 1 - tail : tail;
    }
}
