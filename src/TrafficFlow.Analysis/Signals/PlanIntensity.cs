namespace TrafficFlow.Analysis.Signals;

/// <summary>How often each stream's vehicles cross at each second of a fitted plan's cycle, per second: what a plan foretells.</summary>
internal sealed class PlanIntensity
{
    private readonly PlanFit _plan;
    private readonly double[][] _rates;

    public PlanIntensity(WatchedCrossings crossings, PlanFit plan)
    {
        _plan = plan;
        var bins = Math.Max(8, (int)Math.Round(plan.Cycle));
        var exposure = crossings.Exposure(plan.From, plan.To, plan.Cycle, plan.Reference, bins);
        _rates = [.. crossings.Times.Select(times => Rates(times.Where(t => t >= plan.From && t < plan.To), exposure))];
    }

    public double Rate(int stream, double time)
    {
        var rates = _rates[stream];
        return rates[Math.Min(rates.Length - 1, (int)(_plan.Phase(time) / _plan.Cycle * rates.Length))];
    }

    /// <summary>Of all streams together.</summary>
    public double Sum(double time) => Enumerable.Range(0, _rates.Length).Sum(s => Rate(s, time));

    private double[] Rates(IEnumerable<double> times, double[] exposure)
    {
        var bins = exposure.Length;
        var counts = new double[bins];
        foreach (var t in times) counts[Math.Min(bins - 1, (int)(_plan.Phase(t) / _plan.Cycle * bins))]++;
        // A tenth of the mean, as if seen for some cycles: what was never seen is unlikely, not impossible.
        var (mean, prior) = (counts.Sum() / Math.Max(exposure.Sum(), 1), 3.0);
        var rates = new double[bins];
        for (var i = 0; i < bins; i++)
        {
            var (left, right) = ((i + bins - 1) % bins, (i + 1) % bins);
            var count = (0.25 * counts[left]) + (0.5 * counts[i]) + (0.25 * counts[right]);
            var seen = (0.25 * exposure[left]) + (0.5 * exposure[i]) + (0.25 * exposure[right]);
            rates[i] = (count + (0.1 * prior * mean)) / (seen + prior) + 1e-5;
        }

        return rates;
    }
}
