namespace TrafficFlow.Core.Scoring.Mot;

/// <summary>
/// Higher order tracking accuracy (Luiten et al. 2020): for each overlap alpha that a match must have, 0.05 to 0.95, how well boxes are
/// found (DetA), kept in one track (AssA), and both. A figure without alpha is the mean over all of them.
/// </summary>
public sealed record HotaScore(IReadOnlyList<HotaAtAlpha> Alphas)
{
    /// <summary>The overlaps, as the reference has them.</summary>
    public static readonly IReadOnlyList<double> Thresholds = [.. Enumerable.Range(1, 19).Select(i => i * 0.05)];

    public double Hota => Alphas.Average(a => a.Hota);
    public double DetA => Alphas.Average(a => a.DetA);
    public double AssA => Alphas.Average(a => a.AssA);
    public double DetRe => Alphas.Average(a => a.DetRe);
    public double DetPr => Alphas.Average(a => a.DetPr);
    public double AssRe => Alphas.Average(a => a.AssRe);
    public double AssPr => Alphas.Average(a => a.AssPr);
    public double LocA => Alphas.Average(a => a.LocA);

    /// <summary>Of several recordings as of one: boxes add up, association and location weigh by matched boxes.</summary>
    public static HotaScore Combine(IReadOnlyCollection<HotaScore> scores) =>
        new([.. Thresholds.Select((_, a) => HotaAtAlpha.Combine([.. scores.Select(s => s.Alphas[a])]))]);
}

/// <param name="Alpha">Overlap that a match must have.</param>
/// <param name="Matched">True boxes that were found.</param>
/// <param name="Missed">True boxes that were not.</param>
/// <param name="Extra">Found boxes that are no true one.</param>
/// <param name="AssA">Association accuracy, mean over the matched boxes; 0 when there are none. AssRe and AssPr alike.</param>
/// <param name="LocA">Mean overlap of the matched boxes; 1 when there are none.</param>
public sealed record HotaAtAlpha(double Alpha, int Matched, int Missed, int Extra, double AssA, double AssRe, double AssPr, double LocA)
{
    public double Hota => Math.Sqrt(DetA * AssA);
    public double DetA => (double)Matched / Math.Max(1, Matched + Missed + Extra);
    public double DetRe => (double)Matched / Math.Max(1, Matched + Missed);
    public double DetPr => (double)Matched / Math.Max(1, Matched + Extra);

    internal static HotaAtAlpha Combine(IReadOnlyList<HotaAtAlpha> parts)
    {
        var matched = parts.Sum(p => p.Matched);
        return new HotaAtAlpha(
            parts[0].Alpha,
            matched,
            parts.Sum(p => p.Missed),
            parts.Sum(p => p.Extra),
            Weighted(p => p.AssA) / Math.Max(1, matched),
            Weighted(p => p.AssRe) / Math.Max(1, matched),
            Weighted(p => p.AssPr) / Math.Max(1, matched),
            Math.Max(1e-10, Weighted(p => p.LocA)) / Math.Max(1e-10, matched));

        double Weighted(Func<HotaAtAlpha, double> value) => parts.Sum(p => value(p) * p.Matched);
    }
}
