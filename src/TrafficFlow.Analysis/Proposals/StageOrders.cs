using System.Collections.Immutable;
using TrafficFlow.Core.Signals;

namespace TrafficFlow.Analysis.Proposals;

/// <summary>
/// Orders in which the stages of a plan may follow each other, such as the turning arrow before (lead) or after (lag) the through green. Greens, amber and all-red of each stage stay as they are,
/// and with them the cycle.
/// </summary>
public static class StageOrders
{
    /// <summary>More are no use to anybody: five stages have 24.</summary>
    private const int MostStages = 6;

    /// <param name="intergreenSeconds">How long must pass between the end of one group's green and the begin of another's; null where nobody knows: then it is to be looked up before an order is used.</param>
    /// <returns>Today's plan first, then others; the first stage stays the first, as orders that are the same around the cycle are one.</returns>
    public static ImmutableArray<TimingPlan> Of(TimingPlan plan, Func<SignalGroup, SignalGroup, double>? intergreenSeconds = null)
    {
        if (plan.Stages.Length is < 3 or > MostStages) return [plan];
        var plans = ImmutableArray.CreateBuilder<TimingPlan>();
        plans.Add(plan);
        foreach (var order in Permutations([.. plan.Stages.Skip(1)]))
        {
            var changed = plan with { Stages = [plan.Stages[0], .. order] };
            if (changed == plan || changed.Errors().Any()) continue;
            // A green of one piece today may have been made so on purpose: people on foot and drivers get no second red in a cycle.
            if (plan.Groups.Any(g => Greens(changed, g.Name) > Greens(plan, g.Name))) continue;
            if (intergreenSeconds is null || Enumerable.Range(0, changed.Stages.Length).All(i => HasTime(changed, i, intergreenSeconds))) plans.Add(changed);
        }

        return plans.ToImmutable();
    }

    private static int Greens(TimingPlan plan, string group) =>
        Enumerable.Range(0, plan.Stages.Length).Count(i => plan.Stages[i].Groups.Contains(group) && !plan.Stages[(i + plan.Stages.Length - 1) % plan.Stages.Length].Groups.Contains(group));

    private static bool HasTime(TimingPlan plan, int stage, Func<SignalGroup, SignalGroup, double> intergreenSeconds)
    {
        var (one, next) = (plan.Stages[stage], plan.Stages[(stage + 1) % plan.Stages.Length]);
        SignalGroup Group(string name) => plan.Groups.First(g => g.Name == name);
        return one.Groups.Except(next.Groups).All(e => next.Groups.Except(one.Groups).All(b => intergreenSeconds(Group(e), Group(b)) <= one.AmberSeconds + one.AllRedSeconds + 1e-9));
    }

    private static IEnumerable<ImmutableArray<SignalStage>> Permutations(ImmutableArray<SignalStage> stages)
    {
        if (stages.Length <= 1)
        {
            yield return stages;
            yield break;
        }

        for (var i = 0; i < stages.Length; i++)
        {
            foreach (var rest in Permutations(stages.RemoveAt(i))) yield return [stages[i], .. rest];
        }
    }
}
