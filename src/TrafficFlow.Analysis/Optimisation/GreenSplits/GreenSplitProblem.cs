using System.Collections.Immutable;

namespace TrafficFlow.Analysis.Optimisation.GreenSplits;

/// <summary>
/// How the green of one cycle is best shared out to its stages, as a binary quadratic model: a one-hot group of greens for each stage, the costs as linear biases, and a penalty that holds
/// the greens to the cycle. Penalties are as strong as it takes to be sure that no sample that breaks a rule has less energy than one that breaks none, and not stronger.
/// </summary>
public sealed class GreenSplitProblem
{
    private readonly ImmutableArray<ImmutableArray<int>> _variables;
    private readonly long _spareSteps;

    /// <param name="totalGreen">Of all stages together: the cycle less what is lost between stages.</param>
    /// <param name="step">Between two greens of a stage: 1 or 2 s; with coarser ones the best split is missed (domain.md).</param>
    /// <exception cref="SolverException">No choice of greens fills the cycle; the message says by how much it misses.</exception>
    public GreenSplitProblem(ImmutableArray<SplitStage> stages, TimeSpan totalGreen, TimeSpan step)
    {
        if (stages.IsDefaultOrEmpty) throw new SolverException("a cycle without stages has no splits");
        if (step <= TimeSpan.Zero) throw new SolverException($"a step of {step.TotalSeconds} s between two greens: it is above 0");
        foreach (var stage in stages)
        {
            if (stage.Costs.IsDefaultOrEmpty) throw new SolverException($"stage {stage.Name} has no green to choose from");
            if (!stage.Costs.All(double.IsFinite)) throw new SolverException($"stage {stage.Name} has a green whose cost is no finite number");
        }

        var spare = totalGreen - stages.Aggregate(TimeSpan.Zero, (sum, stage) => sum + stage.LeastGreen);
        _spareSteps = spare.Ticks / step.Ticks;
        var longest = stages.Sum(s => (long)s.Costs.Length - 1);
        if (spare < TimeSpan.Zero) throw new SolverException($"the least greens take {-spare.TotalSeconds} s more than the cycle has: lengthen the cycle, or shorten a least green");
        if (spare.Ticks % step.Ticks != 0) throw new SolverException($"{spare.TotalSeconds} s are to share out in steps of {step.TotalSeconds} s: choose a cycle or a step that divides");
        if (_spareSteps > longest)
        {
            throw new SolverException($"the greens to choose from fill {longest * step.TotalSeconds} s of the {spare.TotalSeconds} s to share out: offer longer greens, or shorten the cycle");
        }

        (Stages, TotalGreen, Step) = (stages, totalGreen, step);
        (Model, _variables) = Build();
    }

    public ImmutableArray<SplitStage> Stages { get; }

    public TimeSpan TotalGreen { get; }

    public TimeSpan Step { get; }

    /// <summary>Its variables are named (stage, milliseconds of green); its energy is the total cost where nothing is broken.</summary>
    public BinaryQuadraticModel Model { get; }

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

    private (BinaryQuadraticModel Model, ImmutableArray<ImmutableArray<int>> Variables) Build()
    {
        // Each stage's least cost goes into the offset. What is left is nowhere below 0, so that a sample has at least the energy of one rule that it breaks by one step, and one that breaks
        // none has at most the sum of the ranges.
        var range = Stages.Sum(s => s.Costs.Max() - s.Costs.Min());
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

        builder.AddSquare([.. steps.Where(s => s.Steps > 0)], -_spareSteps, penalty);
        return (builder.Build(), variables.ToImmutable());
    }
}
