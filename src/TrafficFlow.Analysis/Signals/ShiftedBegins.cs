namespace TrafficFlow.Analysis.Signals;

/// <summary>
/// Where begins of green move within a stretch of one cycle: a change of plan that leaves the cycle as it is. The deviations of the first crossings of
/// all groups, before and after an instant, each around its own centre (truncated squares, so that vehicles that no queue led count for little).
/// </summary>
internal static class ShiftedBegins
{
    /// <summary>Half a second of drivers and camera, as standard deviation.</summary>
    private const double Scatter = 0.6;

    /// <summary>Beyond three standard deviations a first vehicle was led by no queue.</summary>
    private const double Truncated = 9;

    private const double LeastShiftSeconds = 1.5;

    private const int FewestCycles = 6;

    /// <summary>The instant, seconds; null where no shift explains more than chance and a demand that changes do.</summary>
    public static double? Find(WatchedCrossings crossings, PlanFit plan)
    {
        var groups = plan.Groups.Where(g => g.Window.LogLikelihoodRatio > 0 && (g.First ?? g.Window.Begin) is >= 0).Select(g => (
            First: g.First ?? g.Window.Begin,
            Firsts: FirstCrossings.Of(crossings, g.Times, plan.From, plan.To, plan.Reference + (g.First ?? g.Window.Begin), plan.Cycle, plan.Cycle - g.Window.Length).Firsts
                .Select(f => (At: plan.Reference + (f.Cycle * plan.Cycle), f.Deviation)).ToArray())).Where(g => g.Firsts.Length >= 2 * FewestCycles).ToList();
        var costs = groups.Select(g => Centre(g.Firsts.Select(f => f.Deviation)).Cost).ToList();
        (double At, double Won) best = default;
        for (var at = plan.From + (FewestCycles * plan.Cycle); at <= plan.To - (FewestCycles * plan.Cycle); at += plan.Cycle)
        {
            var (won, isShift) = (0.0, false);
            for (var i = 0; i < groups.Count; i++)
            {
                var before = Centre(groups[i].Firsts.Where(f => f.At < at).Select(f => f.Deviation));
                var after = Centre(groups[i].Firsts.Where(f => f.At >= at).Select(f => f.Deviation));
                var gain = costs[i] - before.Cost - after.Cost;
                won += gain;
                isShift |= Math.Abs(before.At - after.At) >= LeastShiftSeconds && gain > 3 * Truncated;
            }

            if (isShift && won > best.Won) best = (at, won);
        }

        // Each group may choose its centre anew and the instant is chosen among all cycles: that alone wins a few units a group.
        return best.Won > 30 + (4 * groups.Count) ? best.At : null;
    }

    private static (double At, double Cost) Centre(IEnumerable<double> deviations)
    {
        var all = deviations.ToArray();
        (double At, double Cost) best = (0, all.Length == 0 ? 0 : double.PositiveInfinity);
        foreach (var at in all)
        {
            var cost = 0.0;
            foreach (var d in all)
            {
                var z = (d - at) / Scatter;
                cost += Math.Min(Truncated, z * z);
            }

            if (cost < best.Cost) best = (at, cost);
        }

        return best;
    }
}
