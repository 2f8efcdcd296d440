using System.Collections.Immutable;

namespace TrafficFlow.Analysis.Optimisation.GreenSplits;

/// <summary>
/// How the green of one cycle is best shared out to its stages, as a binary quadratic model: a one-hot group of greens for each stage, the costs as linear biases, and a penalty that holds
/// the greens to the cycle. Traffic with green in two stages costs by the greens of both: a coupling. Penalties are as strong as it takes to be sure that no sample that breaks a rule has less energy than one that breaks none, and not stronger.
/// </summary>
public sealed class GreenSplitProblem : AggregateProblem
{
    private readonly ImmutableArray<ImmutableArray<int>> _variables;
    private readonly long _spareSteps;

    /// <param name="totalGreen">Of all stages together: the cycle less what is lost between stages.</param>
    /// <param name="step">Between two greens of a stage: 1 or 2 s; with coarser ones the best split is missed (domain.md).</param>
    /// <param name="pairs">What hangs on the greens of two stages together.</param>
    /// <exception cref="SolverException">No choice of greens fills the cycle; the message says by how much it misses.</exception>
    public GreenSplitProblem(ImmutableArray<SplitStage> stages, TimeSpan totalGreen, TimeSpan step, ImmutableArray<StagePair> pairs = default)
    {
        if (stages.IsDefaultOrEmpty) throw new SolverException("a cycle without stages has no splits");
        if (step <= TimeSpan.Zero) throw new SolverException($"a step of {step.TotalSeconds} s between two greens: it is above 0");
        foreach (var stage in stages)
        {
            if (stage.Costs.IsDefaultOrEmpty) throw new SolverException($"stage {stage.Name} has no green to choose from");
            if (!stage.Costs.All(double.IsFinite)) throw new SolverException($"stage {stage.Name} has a green whose cost is no finite number");
        }

        pairs = pairs.IsDefault ? [] : pairs;
        foreach (var pair in pairs) Check(pair, stages);
        var spare = totalGreen - stages.Aggregate(TimeSpan.Zero, (sum, stage) => sum + stage.LeastGreen);
        _spareSteps = spare.Ticks / step.Ticks;
        var longest = stages.Sum(s => (long)s.Costs.Length - 1);
        if (spare < TimeSpan.Zero) throw new SolverException($"the least greens take {-spare.TotalSeconds} s more than the cycle has: lengthen the cycle, or shorten a least green");
        if (spare.Ticks % step.Ticks != 0) throw new SolverException($"{spare.TotalSeconds} s are to share out in steps of {step.TotalSeconds} s: choose a cycle or a step that divides");
        if (_spareSteps > longest)
        {
            throw new SolverException($"the greens to choose from fill {longest * step.TotalSeconds} s of the {spare.TotalSeconds} s to share out: offer longer greens, or shorten the cycle");
        }

        (Stages, TotalGreen, Step, Pairs) = (stages, totalGreen, step, pairs);
        (Model, _variables) = Build();
    }

    public ImmutableArray<SplitStage> Stages { get; }

    public ImmutableArray<StagePair> Pairs { get; }

    public TimeSpan TotalGreen { get; }

    public TimeSpan Step { get; }

    /// <summary>Its variables are named (stage, milliseconds of green); its energy is the total cost where nothing is broken.</summary>
    public override AggregateModel Model { get; }

    /// <returns>The green of each stage; null where the sample breaks a group or does not fill the cycle.</returns>
    public ImmutableArray<TimeSpan>? Greens(ReadOnlySpan<sbyte> sample)
    {
        if (Model.ViolatedGroups(sample) > 0) return null;
        var greens = ImmutableArray.CreateBuilder<TimeSpan>(Stages.Length);
        var steps = 0L;
        for (var s = 0; s < Stages.Length; s++)
        {
            var chosen = 0;
            while (sample[_variables[s][chosen]] != 1) chosen++;
            steps += chosen;
            greens.Add(Stages[s].LeastGreen + chosen * Step);
        }

        return steps == _spareSteps ? greens.ToImmutable() : null;
    }

    private (AggregateModel Model, ImmutableArray<ImmutableArray<int>> Variables) Build()
    {
        // Each stage's least cost goes into the offset. What is left is nowhere below 0, so that a sample has at least the energy of one rule that it breaks by one step, and one that breaks
        // none has at most the sum of the ranges.
        var range = Stages.Sum(s => s.Costs.Max() - s.Costs.Min()) + Pairs.Sum(p => p.Range);
        var penalty = range > 0 ? 1.01 * range : 1;
        var builder = new QuadraticModelBuilder(Vartype.Binary);
        var variables = ImmutableArray.CreateBuilder<ImmutableArray<int>>(Stages.Length);
        var steps = new List<(int Variable, double Steps)>();
        foreach (var stage in Stages)
        {
            var least = stage.Costs.Min();
            builder.AddOffset(least);
            var greens = ImmutableArray.CreateBuilder<int>(stage.Costs.Length);
            for (var k = 0; k < stage.Costs.Length; k++)
            {
                var label = VariableLabel.Of([VariableLabel.Of(stage.Name), VariableLabel.Of((stage.LeastGreen + k * Step).Ticks / TimeSpan.TicksPerMillisecond)]);
                if (builder.Add(label) != steps.Count) throw new SolverException($"two stages are named {stage.Name}: give each its own name");
                builder.AddLinear(steps.Count, stage.Costs[k] - least);
                greens.Add(steps.Count);
                steps.Add((steps.Count, k));
            }

            builder.AddOneHotGroup(greens, penalty);
            variables.Add(greens.ToImmutable());
        }

        foreach (var pair in Pairs)
        {
            var least = pair.Least;
            builder.AddOffset(least);
            for (var a = 0; a < pair.Costs.Length; a++)
            {
                for (var b = 0; b < pair.Costs[a].Length; b++) builder.AddQuadratic(variables[pair.First][a], variables[pair.Second][b], pair.Costs[a][b] - least);
            }
        }

        builder.AddSquare([.. steps.Where(s => s.Steps > 0)], -_spareSteps, penalty);
        return (ModelOf(builder), variables.ToImmutable());
    }

    private static void Check(StagePair pair, ImmutableArray<SplitStage> stages)
    {
        if (pair.First < 0 || pair.Second < 0 || pair.First >= stages.Length || pair.Second >= stages.Length || pair.First == pair.Second)
            throw new SolverException($"stages {pair.First} and {pair.Second} are no two of the {stages.Length} stages");
        var (first, second) = (stages[pair.First], stages[pair.Second]);
        if (pair.Costs.IsDefault || pair.Costs.Length != first.Costs.Length || pair.Costs.Any(row => row.IsDefault || row.Length != second.Costs.Length))
            throw new SolverException($"stages {first.Name} and {second.Name} together need a cost for each of their {first.Costs.Length} x {second.Costs.Length} greens");
        if (!pair.Costs.All(row => row.All(double.IsFinite))) throw new SolverException($"stages {first.Name} and {second.Name} together have greens whose cost is no finite number");
    }
}
