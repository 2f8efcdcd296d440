using System.Collections.Immutable;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;
using TrafficFlow.Core.Signals;

namespace TrafficFlow.Analysis.Proposals;

/// <summary>A signal group that a proposal makes wait longer.</summary>
/// <param name="IsBeyondBound">By more than <see cref="TimingRules.MostAddedDelaySeconds"/>.</param>
public sealed record WorseGroup(string Group, double AddedSeconds, bool IsBeyondBound);

/// <summary>What a proposal gains, in vehicle-hours per hour, with the demand's uncertainty: demands are drawn as they may be, and both plans tried on each.</summary>
/// <param name="Mean">At the demand as it was measured.</param>
/// <param name="Low">Lower end of the 95 % interval.</param>
/// <param name="ShareBetter">Part of the drawn demands on which the proposal is the better plan.</param>
public sealed record GainEstimate(double Mean, double Low, double High, double ShareBetter);

/// <summary>
/// Cycle and splits for a junction as its stages are. Never worse than today's plan or Webster's by the delay that it is judged by; whom it makes wait longer it says, and offers the best plan
/// that makes nobody wait longer than the bound.
/// </summary>
/// <param name="Webster">At and over capacity, for which his method has no cycle, the longest cycle with splits by his rule; null without any demand.</param>
/// <param name="Proposed">Today's plan itself where nothing is better.</param>
/// <param name="WithinBound">The best that keeps every group within the bound; null where only today's does.</param>
public sealed record TimingProposal(PlanEffect Today, PlanEffect? Webster, PlanEffect Proposed, PlanEffect? WithinBound, ImmutableArray<WorseGroup> Worse, GainEstimate Gain)
{
    private const int Draws = 400;

    public bool IsChange => Proposed.Plan != Today.Plan;

    /// <param name="seed">Of the drawn demands.</param>
    /// <param name="candidates">Plans with today's stages and groups that others found, such as solvers; the best of all is proposed. What breaks a least green is passed over.</param>
    /// <exception cref="ArgumentException">The plan, the rules or the demand make no sense, or no cycle holds the least greens.</exception>
    public static TimingProposal Of(TimingPlan today, IReadOnlyList<GroupDemand> demand, TimingRules rules, int seed = 1, IReadOnlyList<TimingPlan>? candidates = null)
    {
        today.Validated();
        rules.Validated();
        Check(today, demand);
        var search = new TimingSearch(today, demand, rules);
        if (!search.Cycles().Any())
            throw new ArgumentException($"no cycle up to {rules.LongestCycleSeconds:0.#} s holds the least greens of plan {today.Name}: lessen a least green, or allow a longer cycle", nameof(rules));
        var now = PlanEffect.Of(today, demand, rules);
        var webster = search.Webster();
        var others = (candidates ?? []).Where(c => !c.Errors().Any() && c.Stages.All(s => s.GreenSeconds >= rules.MinimumGreen(s) - 1e-9)).Select(c => PlanEffect.Of(c, demand, rules));
        var best = new[] { now, webster, search.Best(null) }.Concat(others).OfType<PlanEffect>().MinBy(e => e.VehicleHoursPerHour)!;
        // A gain that no clock could tell from none is no reason to touch a controller.
        if (best.VehicleHoursPerHour > now.VehicleHoursPerHour - 1e-6) best = now;
        bool IsWithin(PlanEffect effect) => WorseThan(now, effect, rules).All(w => !w.IsBeyondBound);
        var within = IsWithin(best) ? best : search.Best(IsWithin);
        if (within is not null && within.VehicleHoursPerHour > now.VehicleHoursPerHour) within = null;
        return new TimingProposal(now, webster, best, within, [.. WorseThan(now, best, rules)], GainOf(today, best.Plan, demand, rules, seed));
    }

    private static void Check(TimingPlan plan, IReadOnlyList<GroupDemand> demand)
    {
        if (demand.FirstOrDefault(d => plan.Groups.All(g => g.Name != d.Group)) is { } unknown) throw new ArgumentException($"plan {plan.Name} has no signal group {unknown.Group}", nameof(demand));
        if (demand.GroupBy(d => d.Group).FirstOrDefault(g => g.Count() > 1) is { } twice) throw new ArgumentException($"the demand of {twice.Key} is given twice", nameof(demand));
        foreach (var group in demand)
        {
            foreach (var lane in group.Lanes)
            {
                if (!(lane.SaturationFlow > 0 && lane.VehiclesPerHour >= 0 && double.IsFinite(lane.VehiclesPerHour))) throw new ArgumentException($"lane group {lane.Name} of {group.Group}: demand is 0 or more, and its saturation flow above 0", nameof(demand));
            }

            if (!(group.RelativeError is >= 0 and <= 1)) throw new ArgumentException($"the error of the demand of {group.Group} is a share of it, 0..1", nameof(demand));
        }
    }

    private static IEnumerable<WorseGroup> WorseThan(PlanEffect today, PlanEffect then, TimingRules rules) =>
        from g in then.Groups
        let added = g.DelaySeconds - today.Of(g.Group).DelaySeconds
        where g.VehiclesPerHour > 0 && added > 0.05
        orderby added descending
        select new WorseGroup(g.Group, added, added > rules.MostAddedDelaySeconds);

    private static GainEstimate GainOf(TimingPlan today, TimingPlan then, IReadOnlyList<GroupDemand> demand, TimingRules rules, int seed)
    {
        var mean = Gain(demand);
        var random = new MersenneTwister(seed, threadSafe: false);
        var drawn = new double[Draws];
        for (var i = 0; i < Draws; i++)
        {
            // Log-normal: a demand is never negative, and its error is a share of it.
            drawn[i] = Gain([.. demand.Select(d => d.RelativeError <= 0 ? d : d.Times(LogNormal.WithMeanVariance(1, d.RelativeError * d.RelativeError, random).Sample()))]);
        }

        Array.Sort(drawn);
        return new GainEstimate(mean, drawn[(int)(0.025 * Draws)], drawn[(int)(0.975 * Draws) - 1], drawn.Count(g => g > 0) / (double)Draws);

        double Gain(IReadOnlyList<GroupDemand> d) => PlanEffect.Of(today, d, rules).VehicleHoursPerHour - PlanEffect.Of(then, d, rules).VehicleHoursPerHour;
    }
}
