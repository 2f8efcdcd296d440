using System.Collections.Immutable;
using TrafficFlow.Core.Signals;

namespace TrafficFlow.Analysis.Proposals.Corridors;

/// <summary>
/// Takes one junction after the other, alone and with all behind it, to the best of its timings, until none is better: as TRANSYT climbs, but with all offsets looked at instead of a list of steps.
/// On the whole line, platoons followed from end to end, which no sum over pairs can do.
/// </summary>
internal sealed class OffsetSearch(CorridorFlows flows, ImmutableArray<ImmutableArray<TimingPlan>> choices)
{
    /// <param name="isAllowed">What plans must keep to; the start does. Null for nothing.</param>
    public CorridorEffect From(ImmutableArray<TimingPlan> start, Func<CorridorEffect, bool>? isAllowed = null, CancellationToken cancellation = default)
    {
        var best = flows.Of(start);
        for (var isBetter = true; isBetter;)
        {
            isBetter = false;
            for (var j = 0; j < choices.Length; j++)
            {
                foreach (var choice in choices[j])
                {
                    cancellation.ThrowIfCancellationRequested();
                    isBetter |= Try(best.Plans.SetItem(j, choice));
                    if (j > 0 && j + 1 < choices.Length && choice.Stages == best.Plans[j].Stages) isBetter |= Try(Shifted(best.Plans, j, choice.OffsetSeconds - best.Plans[j].OffsetSeconds));
                }
            }
        }

        return best;

        bool Try(ImmutableArray<TimingPlan> plans)
        {
            if (plans.SequenceEqual(best.Plans)) return false;
            var effect = flows.Of(plans);
            if (effect.VehicleHoursPerHour >= best.VehicleHoursPerHour - 1e-9 || !(isAllowed?.Invoke(effect) ?? true)) return false;
            best = effect;
            return true;
        }
    }

    /// <summary>The junction and all behind it by as much, to the nearest of their choices: only what lies before it sees a difference.</summary>
    private ImmutableArray<TimingPlan> Shifted(ImmutableArray<TimingPlan> plans, int first, double by) =>
        [.. plans.Select((p, i) => i < first ? p : choices[i].Where(c => c.Stages == p.Stages).MinBy(c => Apart(c.OffsetSeconds, p.OffsetSeconds + by, p.CycleSeconds))!)];

    private static double Apart(double one, double other, double cycle)
    {
        var apart = Math.Abs(one - other) % cycle;
        return Math.Min(apart, cycle - apart);
    }
}
