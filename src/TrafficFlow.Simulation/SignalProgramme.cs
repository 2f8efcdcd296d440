using TrafficFlow.Core.Signals;

namespace TrafficFlow.Simulation;

/// <summary>How a controller comes from one plan to the next; always at the end of a cycle.</summary>
public enum PlanTransition
{
    /// <summary>The new plan's first cycle follows at once, and its offset is what comes of that.</summary>
    AtOnce = 0,

    /// <summary>Cycles of the new plan are lengthened, by a fifth at most, until they begin by its offset.</summary>
    Lengthen = 1,
}

/// <summary>From when on a plan runs, in seconds since zero of the simulation.</summary>
public sealed record PlanPeriod(double FromSeconds, TimingPlan Plan);

/// <summary>The plans that a simulated junction runs, one after the other, and how exactly; its groups are those of <see cref="JunctionPlans"/>.</summary>
/// <param name="Periods">In order; the first runs from the begin of the warm-up, whatever its time.</param>
public sealed record SignalProgramme(IReadOnlyList<PlanPeriod> Periods)
{
    public PlanTransition Transition { get; init; }

    /// <summary>Each green is longer or shorter by up to so many seconds, each as likely: as where detectors call and extend.</summary>
    public double GreenJitterSeconds { get; init; }

    /// <summary>With jitter: the last stage gets what the others leave, so that the cycle stays as planned, as in coordination.</summary>
    public bool KeepsCycle { get; init; }

    public static SignalProgramme Of(TimingPlan plan) => new([new PlanPeriod(0, plan)]);

    internal IEnumerable<string> Errors()
    {
        if (Periods.Count == 0) yield return "signals: the programme holds no plan";
        foreach (var error in Periods.SelectMany(p => p.Plan.Errors(JunctionPlans.Conflict)).Distinct()) yield return $"signals: {error}";
        foreach (var plan in Periods.Select(p => p.Plan).Where(p => !p.Groups.IsDefaultOrEmpty))
        {
            foreach (var group in plan.Groups.Where(g => !JunctionPlans.Groups.Contains(g))) yield return $"signals: plan {plan.Name}: the junction has no group {group.Name} like that";
        }

        for (var i = 1; i < Periods.Count; i++)
        {
            if (!(Periods[i].FromSeconds > Periods[i - 1].FromSeconds)) yield return $"signals: the plan {Periods[i].Plan.Name} begins no later than the one before it";
        }

        var shortest = Periods.SelectMany(p => p.Plan.Stages.IsDefault ? [] : p.Plan.Stages.Select(s => s.GreenSeconds)).DefaultIfEmpty(0).Min();
        if (!(GreenJitterSeconds >= 0 && GreenJitterSeconds * (KeepsCycle ? Periods.Max(p => p.Plan.Stages.Length) : 1) < shortest))
            yield return $"signals: a jitter of {GreenJitterSeconds:0.#} s leaves nothing of the shortest green, {shortest:0.#} s";
    }
}
