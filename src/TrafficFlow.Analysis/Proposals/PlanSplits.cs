using System.Collections.Immutable;
using TrafficFlow.Analysis.Optimisation;
using TrafficFlow.Analysis.Optimisation.GreenSplits;
using TrafficFlow.Core.Signals;

namespace TrafficFlow.Analysis.Proposals;

/// <summary>
/// The greens of a plan's cycle as a problem for solvers: its energy is the delay by which <see cref="PlanEffect"/> judges, in vehicle-seconds an hour. A group with green in stages that follow each other
/// hangs on the sum of their greens, or, as the cycle is given, of the others': one or two of either can be told in a quadratic model, and with them most plans.
/// </summary>
public sealed class PlanSplits
{
    private readonly TimingPlan _plan;
    private readonly double _greens;

    /// <param name="plan">Its cycle stays.</param>
    /// <exception cref="SolverException">The cycle does not hold the least greens, or a group's greens are such as no quadratic model can tell.</exception>
    public PlanSplits(TimingPlan plan, IReadOnlyList<GroupDemand> demand, TimingRules rules)
    {
        _plan = plan;
        _greens = plan.Stages.Sum(s => s.GreenSeconds);
        var step = TimeSpan.FromSeconds(rules.StepSeconds);
        var least = plan.Stages.Select(s => Math.Ceiling((rules.MinimumGreen(s) / rules.StepSeconds) - 1e-9) * rules.StepSeconds).ToArray();
        var spare = (int)Math.Floor(((_greens - least.Sum()) / rules.StepSeconds) + 1e-9);
        if (spare < 0) throw new SolverException($"the least greens take {least.Sum() - _greens:0.#} s more than the cycle of {plan.CycleSeconds:0.#} s has: lengthen it, or shorten a least green");
        // What is no whole step stays with the first stage.
        least[0] += _greens - least.Sum() - (spare * rules.StepSeconds);
        var costs = plan.Stages.Select(_ => new double[spare + 1]).ToArray();
        var pairs = new Dictionary<(int, int), double[][]>();
        foreach (var group in demand.Where(d => d.VehiclesPerHour > 0))
        {
            var of = StagesOf(plan, group.Group);
            if (of.Length == plan.Stages.Length) continue;
            var others = Enumerable.Range(0, plan.Stages.Length).Except(of).ToArray();
            var told = of.Length <= others.Length ? of : others;
            if (told.Length > 2 || GreensOf(plan, of) > 1)
                throw new SolverException($"group {group.Group} of plan {plan.Name} has green in stages that a model of pairs cannot tell: its greens are searched without a solver");
            double Cost(double green) => PlanEffect.Of(WithGreen(told, green), [group], rules).VehicleHoursPerHour * 3600;
            var bySteps = Enumerable.Range(0, spare + 1).Select(k => Cost(told.Sum(s => least[s]) + (k * rules.StepSeconds))).ToArray();
            if (told.Length == 1)
            {
                for (var k = 0; k <= spare; k++) costs[told[0]][k] += bySteps[k];
                continue;
            }

            // More than the spare time is never shared out: any cost will do there, and that of the most keeps the range small.
            if (!pairs.TryGetValue((told[0], told[1]), out var table)) pairs.Add((told[0], told[1]), table = [.. Enumerable.Range(0, spare + 1).Select(_ => new double[spare + 1])]);
            for (var a = 0; a <= spare; a++)
            {
                for (var b = 0; b <= spare; b++) table[a][b] += bySteps[Math.Min(a + b, spare)];
            }
        }

        Problem = new GreenSplitProblem(
            [.. plan.Stages.Select((s, i) => new SplitStage(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{i}"), TimeSpan.FromSeconds(least[i]), [.. costs[i]]))],
            least.Aggregate(spare * step, (sum, l) => sum + TimeSpan.FromSeconds(l)), step, [.. pairs.Select(p => new StagePair(p.Key.Item1, p.Key.Item2, [.. p.Value.Select(row => row.ToImmutableArray())]))]);
    }

    public GreenSplitProblem Problem { get; }

    /// <returns>The plan with the greens of a sample; null where it breaks a rule.</returns>
    public TimingPlan? PlanOf(ReadOnlySpan<sbyte> sample) =>
        Problem.Greens(sample) is { } greens ? _plan with { Stages = [.. _plan.Stages.Zip(greens, (s, g) => s with { GreenSeconds = g.TotalSeconds })] } : null;

    private static int[] StagesOf(TimingPlan plan, string group) => [.. Enumerable.Range(0, plan.Stages.Length).Where(i => plan.Stages[i].Groups.Contains(group))];

    /// <summary>How many greens a cycle has for those stages.</summary>
    private static int GreensOf(TimingPlan plan, int[] stages) => stages.Count(s => !stages.Contains((s + plan.Stages.Length - 1) % plan.Stages.Length));

    /// <summary>The same cycle with so much green in some stages together.</summary>
    private TimingPlan WithGreen(int[] stages, double green)
    {
        var others = _plan.Stages.Length - stages.Length;
        return _plan with
        {
            Stages = [.. _plan.Stages.Select((s, i) => s with { GreenSeconds = stages.Contains(i) ? green / stages.Length : (_greens - green) / others })],
        };
    }
}
