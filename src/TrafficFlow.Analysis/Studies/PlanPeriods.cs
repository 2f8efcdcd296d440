using System.Collections.Immutable;
using TrafficFlow.Analysis.Signals;

namespace TrafficFlow.Analysis.Studies;

/// <summary>Which of the inferred plans are one and the same: the morning plan of each day of a week. Offsets may differ: controllers count cycles from midnight, and plans begin at any second.</summary>
internal static class PlanPeriods
{
    /// <summary>Beyond the stated errors: the model of drivers moves begins by some tenths of a second from one demand to another.</summary>
    private const double CycleSeconds = 0.5;

    private const double SplitSeconds = 2;

    /// <summary>Those that ran the longest first.</summary>
    public static ImmutableArray<PlanPeriod> Of(ImmutableArray<InferredPlan> plans)
    {
        var periods = new List<(int Plan, List<int> Plans)>();
        foreach (var i in Enumerable.Range(0, plans.Length).OrderByDescending(i => Weight(plans[i])))
        {
            var same = periods.FindIndex(p => AreAlike(plans[p.Plan], plans[i]));
            if (same >= 0) periods[same].Plans.Add(i);
            else periods.Add((i, [i]));
        }

        return [.. periods.Select(p => new PlanPeriod(p.Plan, [.. p.Plans.Order()])).OrderByDescending(p => p.Plans.Sum(i => plans[i].Span.Length.TotalSeconds))];
    }

    /// <summary>Most groups told, then the most crossings behind them.</summary>
    private static double Weight(InferredPlan plan) => (1e9 * plan.Groups.Count(g => g.GreenSeconds is not null)) + plan.Groups.Sum(g => g.Crossings);

    private static bool AreAlike(InferredPlan a, InferredPlan b)
    {
        if (Math.Abs(a.CycleSeconds.Value - b.CycleSeconds.Value) > Math.Max(CycleSeconds, a.CycleSeconds.Margin + b.CycleSeconds.Margin)) return false;
        if (a.Stages.Length != b.Stages.Length) return false;
        // The first stage of one may be any of the other's.
        return Enumerable.Range(0, a.Stages.Length).Any(shift => Enumerable.Range(0, a.Stages.Length).All(i => AreAlike(a, a.Stages[i], b, b.Stages[(i + shift) % b.Stages.Length])));
    }

    private static bool AreAlike(InferredPlan a, InferredStage one, InferredPlan b, InferredStage other) =>
        Math.Abs(one.SplitSeconds.Value - other.SplitSeconds.Value) <= SplitSeconds + one.SplitSeconds.Margin + other.SplitSeconds.Margin
        && Streams(a, one).Overlaps(Streams(b, other));

    private static HashSet<(string, string)> Streams(InferredPlan plan, InferredStage stage) =>
        [.. stage.Groups.SelectMany(g => plan.Groups[g].Movements.Select(m => (plan.Groups[g].Approach.Value, m.Name)))];
}
