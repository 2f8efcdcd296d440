using System.Collections.Immutable;
using TrafficFlow.Analysis.Capacity;
using TrafficFlow.Core.Signals;

namespace TrafficFlow.Analysis.Proposals;

/// <summary>
/// Looks for the cycle and greens with the least delay of all vehicles, stages and their order as they are: each cycle of the grid begins with splits in proportion to the flow ratios, from
/// which steps of green go from stage to stage while that helps. The same input gives the same plan.
/// </summary>
internal sealed class TimingSearch(TimingPlan today, IReadOnlyList<GroupDemand> demand, TimingRules rules)
{
    private readonly double _between = today.Stages.Sum(s => s.AmberSeconds + s.AllRedSeconds);
    private readonly double[] _least = [.. today.Stages.Select(s => Math.Ceiling((rules.MinimumGreen(s) / rules.StepSeconds) - 1e-9) * rules.StepSeconds)];

    /// <summary>Cycles that hold all least greens.</summary>
    public IEnumerable<double> Cycles()
    {
        // Greens are whole steps; what lies between them is as it is.
        var shortest = Math.Ceiling((Math.Max(rules.ShortestCycleSeconds - _between, _least.Sum()) / rules.StepSeconds) - 1e-9) * rules.StepSeconds;
        for (var greens = shortest; greens + _between <= rules.LongestCycleSeconds + 1e-9; greens += rules.StepSeconds) yield return greens + _between;
    }

    /// <param name="isAllowed">What a plan must keep to beside its least greens; null for nothing.</param>
    /// <returns>Null where no plan is allowed.</returns>
    public PlanEffect? Best(Func<PlanEffect, bool>? isAllowed)
    {
        PlanEffect? best = null;
        foreach (var cycle in Cycles())
        {
            foreach (var start in Starts(cycle))
            {
                var found = Descend(start, isAllowed);
                if (found is not null && (best is null || found.VehicleHoursPerHour < best.VehicleHoursPerHour - 1e-9)) best = found;
            }
        }

        return best;
    }

    /// <summary>
    /// Webster's cycle and splits, on this grid; null without any demand. At and over capacity his method has no cycle: then it is the longest that is allowed, which has the most capacity, with
    /// splits by the flow ratios as he divides them.
    /// </summary>
    public PlanEffect? Webster()
    {
        var ratios = StageRatios();
        var sum = ratios.Sum();
        if (!(sum > 0 && double.IsFinite(sum))) return null;
        ImmutableArray<WebsterStage> stages =
        [
            .. today.Stages.Select((s, i) => new WebsterStage(s.Name, ratios[i], LostIn(s), Math.Max(0, _least[i] + EffectiveExtra(s)))),
        ];
        var wanted = sum < 1 ? Math.Clamp(Capacity.Webster.OptimumCycleSeconds(stages.Sum(s => s.LostSeconds), sum), rules.ShortestCycleSeconds, rules.LongestCycleSeconds) : rules.LongestCycleSeconds;
        return Cycles().OrderBy(c => Math.Abs(c - wanted)).Take(2)
            .Select(c => PlanEffect.Of(Plan(OnGrid(Capacity.Webster.Split(stages, c).GreenSeconds.Select((g, i) => g - EffectiveExtra(today.Stages[i])).ToArray(), c)), demand, rules))
            .MinBy(e => e.VehicleHoursPerHour);
    }

    public TimingPlan Plan(double[] greens)
    {
        var plan = today with { Stages = [.. today.Stages.Select((s, i) => s with { GreenSeconds = greens[i] })] };
        return plan with { OffsetSeconds = plan.OffsetSeconds % plan.CycleSeconds };
    }

    private IEnumerable<double[]> Starts(double cycle)
    {
        var ratios = StageRatios();
        var sum = ratios.Sum();
        var left = cycle - _between;
        if (sum > 0) yield return OnGrid([.. ratios.Select(r => left * r / sum)], cycle);
        // As today, stretched: where groups overlap in stages, flow ratios alone may begin in a poor valley.
        var green = today.Stages.Sum(s => s.GreenSeconds);
        yield return OnGrid([.. today.Stages.Select(s => left * s.GreenSeconds / green)], cycle);
    }

    /// <summary>The same sum in whole steps, none below its least.</summary>
    private double[] OnGrid(double[] wanted, double cycle)
    {
        var greens = wanted.Select((w, i) => Math.Max(_least[i], Math.Round(w / rules.StepSeconds) * rules.StepSeconds)).ToArray();
        var target = cycle - _between;
        for (var error = target - greens.Sum(); Math.Abs(error) > rules.StepSeconds / 2; error = target - greens.Sum())
        {
            var step = error > 0 ? rules.StepSeconds : -rules.StepSeconds;
            var open = Enumerable.Range(0, greens.Length).Where(i => greens[i] + step >= _least[i] - 1e-9).ToList();
            if (open.Count == 0) break;
            // The one that lies farthest on the wrong side of what was wanted.
            var at = open.MaxBy(i => step > 0 ? wanted[i] - greens[i] : greens[i] - wanted[i]);
            greens[at] += step;
        }

        return greens;
    }

    private PlanEffect? Descend(double[] greens, Func<PlanEffect, bool>? isAllowed)
    {
        var now = PlanEffect.Of(Plan(greens), demand, rules);
        // A start that is not allowed may lead to what is: then any step that lessens delay is taken, and the end is judged.
        var mustHold = isAllowed?.Invoke(now) ?? true;
        for (var isBetter = true; isBetter;)
        {
            isBetter = false;
            foreach (var steps in (ReadOnlySpan<int>)[8, 4, 2, 1])
            {
                for (var from = 0; from < greens.Length; from++)
                {
                    for (var to = 0; to < greens.Length; to++)
                    {
                        var moved = steps * rules.StepSeconds;
                        if (from == to || greens[from] - moved < _least[from] - 1e-9) continue;
                        (greens[from], greens[to]) = (greens[from] - moved, greens[to] + moved);
                        var then = PlanEffect.Of(Plan(greens), demand, rules);
                        if (then.VehicleHoursPerHour < now.VehicleHoursPerHour - 1e-9 && (!mustHold || isAllowed is null || isAllowed(then)))
                        {
                            (now, isBetter) = (then, true);
                            mustHold = mustHold || isAllowed!(then);
                        }
                        else
                        {
                            (greens[from], greens[to]) = (greens[from] + moved, greens[to] - moved);
                        }
                    }
                }
            }
        }

        return isAllowed is null || isAllowed(now) ? now : null;
    }

    /// <summary>Each stage's critical flow ratio; a group with green in several stages counts where it leaves the most to be served by none other.</summary>
    private double[] StageRatios()
    {
        var ratios = new double[today.Stages.Length];
        foreach (var group in demand.OrderBy(d => StagesOf(d).Count))
        {
            var stages = StagesOf(group);
            if (stages.Count == 0) continue;
            var missing = group.FlowRatio - stages.Sum(s => ratios[s]);
            if (missing > 0) foreach (var stage in stages) ratios[stage] += missing / stages.Count;
        }

        return ratios;
    }

    private List<int> StagesOf(GroupDemand group) => [.. Enumerable.Range(0, today.Stages.Length).Where(i => today.Stages[i].Groups.Contains(group.Group))];

    private double EffectiveExtra(SignalStage stage) => Math.Min(rules.AmberUsedSeconds, stage.AmberSeconds) - rules.StartLostSeconds;

    private double LostIn(SignalStage stage) => stage.AmberSeconds + stage.AllRedSeconds - EffectiveExtra(stage);
}
