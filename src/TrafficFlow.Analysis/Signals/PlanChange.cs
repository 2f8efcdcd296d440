namespace TrafficFlow.Analysis.Signals;

/// <summary>
/// When one plan followed another: the instant before which the one and after which the other explains all crossings, and their absence, best
/// (likelihood of a Poisson process with the plans' intensities).
/// </summary>
internal static class PlanChange
{
    private const double Step = 1;

    /// <summary>
    /// The most likely instant within [from, to), and the stretch around it that is nearly as likely, seconds: within 1.92 of its log likelihood, times
    /// the vehicles of a queue, for what one green lets go is one piece of evidence and not several.
    /// </summary>
    public static Estimate Find(WatchedCrossings crossings, PlanFit before, PlanFit after, double from, double to)
    {
        var (one, other) = (new PlanIntensity(crossings, before), new PlanIntensity(crossings, after));
        var steps = Math.Max(1, (int)Math.Ceiling((to - from) / Step));
        // gain[i]: what is won by the earlier plan's explaining step i.
        var gain = new double[steps];
        for (var i = 0; i < steps; i++)
        {
            var at = from + (i * Step);
            var seen = crossings.Watched(at, at + Step);
            if (seen > 0) gain[i] = seen * (other.Sum(at + (Step / 2)) - one.Sum(at + (Step / 2)));
        }

        for (var s = 0; s < crossings.Times.Length; s++)
        {
            foreach (var t in crossings.Times[s])
            {
                if (t >= from && t < from + (steps * Step)) gain[(int)((t - from) / Step)] += Math.Log(one.Rate(s, t) / other.Rate(s, t));
            }
        }

        var sums = new double[steps + 1];
        for (var i = 0; i < steps; i++) sums[i + 1] = sums[i] + gain[i];
        var most = sums.Max();
        var best = Array.IndexOf(sums, most);
        var within = most - (1.92 * Math.Max(QueueOf(before), QueueOf(after)));
        var low = Array.FindIndex(sums, s => s >= within);
        var high = Array.FindLastIndex(sums, s => s >= within);
        return new Estimate(from + (best * Step), from + (low * Step), from + (high * Step));
    }

    /// <summary>Vehicles that a group lets go in a cycle, on the mean; 1 at the least.</summary>
    private static double QueueOf(PlanFit plan)
    {
        var known = plan.Groups.Where(g => g.First is not null).ToList();
        return known.Count == 0 ? 1 : Math.Max(1, known.Average(g => g.Times.Length) * plan.Cycle / (plan.To - plan.From));
    }
}
