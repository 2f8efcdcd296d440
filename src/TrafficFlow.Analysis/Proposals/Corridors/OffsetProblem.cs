using System.Collections.Immutable;
using TrafficFlow.Analysis.Optimisation;
using TrafficFlow.Core.Signals;

namespace TrafficFlow.Analysis.Proposals.Corridors;

/// <summary>
/// Offsets of a line of junctions, and where it is asked for the order of their stages, as a binary quadratic model: a one-hot group of timings for each junction, and for each pair of neighbours what their
/// links lose with each two timings. The first junction keeps its offset, as offsets count against each other only. Today's timings are among the choices.
/// </summary>
public sealed class OffsetProblem : AggregateProblem
{
    private readonly CorridorFlows _flows;
    private readonly ImmutableArray<ImmutableArray<int>> _variables;

    /// <summary>How many offsets each order of a junction's stages has: so many choices in a row are of one order.</summary>
    private readonly ImmutableArray<int> _offsets;

    /// <exception cref="ArgumentException">The line or the rules make no sense.</exception>
    /// <exception cref="SolverException">There are too many choices.</exception>
    public OffsetProblem(Corridor corridor, CorridorRules rules)
    {
        corridor.Validated();
        rules.Validated();
        _flows = new CorridorFlows(corridor);
        _offsets = [.. corridor.Junctions.Select((j, place) => place == 0 ? 1 : (int)Math.Max(1, Math.Floor((j.Plan.CycleSeconds / rules.StepSeconds) + 1e-9)))];
        Choices = [.. corridor.Junctions.Zip(_offsets, (j, offsets) => Timings(j, offsets, rules))];
        if (Choices.Zip(Choices.Skip(1), (a, b) => (long)a.Length * b.Length).Sum() + Choices.Sum(c => (long)c.Length * c.Length / 2) > ModelLimits.Default.Couplings)
            throw new SolverException($"{Choices.Sum(c => c.Length)} timings to choose from make too large a model: take a coarser step, or leave the order of stages as it is");
        (Model, _variables) = Build();
    }

    /// <summary>Of each junction, today's first.</summary>
    public ImmutableArray<ImmutableArray<TimingPlan>> Choices { get; }

    /// <summary>Its variables are named (junction, choice); its energy is vehicle-seconds an hour where no group is broken.</summary>
    public override AggregateModel Model { get; }

    internal CorridorFlows Flows => _flows;

    /// <returns>The timing of each junction; null where the sample breaks a group.</returns>
    public ImmutableArray<TimingPlan>? Plans(ReadOnlySpan<sbyte> sample)
    {
        if (Model.ViolatedGroups(sample) > 0) return null;
        var plans = ImmutableArray.CreateBuilder<TimingPlan>(Choices.Length);
        for (var j = 0; j < Choices.Length; j++)
        {
            var chosen = 0;
            while (sample[_variables[j][chosen]] != 1) chosen++;
            plans.Add(Choices[j][chosen]);
        }

        return plans.ToImmutable();
    }

    private static ImmutableArray<TimingPlan> Timings(CorridorJunction junction, int offsets, CorridorRules rules)
    {
        var orders = rules.ChangesOrder ? StageOrders.Of(junction.Plan, rules.IntergreenSeconds) : [junction.Plan];
        var cycle = junction.Plan.CycleSeconds;
        return
        [
            .. from order in orders
               from k in Enumerable.Range(0, offsets)
               let offset = (junction.Plan.OffsetSeconds + (k * rules.StepSeconds)) % cycle
               select order with { OffsetSeconds = offset },
        ];
    }

    private (AggregateModel Model, ImmutableArray<ImmutableArray<int>> Variables) Build()
    {
        var corridor = _flows.Corridor;
        var builder = new QuadraticModelBuilder(Vartype.Binary);
        var variables = ImmutableArray.CreateBuilder<ImmutableArray<int>>(Choices.Length);
        // What a group's choices can cost more than its best, whatever the neighbours do: a penalty above it makes every broken group worth mending.
        var ranges = new double[Choices.Length];
        for (var j = 0; j < Choices.Length; j++)
        {
            // Junctions have numbers here: their names are nobody's business.
            variables.Add([.. Enumerable.Range(0, Choices[j].Length).Select(c => builder.Add(VariableLabel.Of([VariableLabel.Of(j), VariableLabel.Of(c)])))]);
            // Side streets and entries do not see offsets, only the order of stages.
            var own = Choices[j].Where((_, c) => c % _offsets[j] == 0).Select(p => _flows.OwnCost(j, p)).ToArray();
            var costs = Choices[j].Select((_, c) => own[c / _offsets[j]]).ToArray();
            Finite(costs, j);
            var least = costs.Min();
            builder.AddOffset(least);
            ranges[j] += costs.Max() - least;
            for (var c = 0; c < costs.Length; c++) builder.AddLinear(variables[j][c], costs[c] - least);
        }

        for (var j = 0; j + 1 < Choices.Length; j++)
        {
            var costs = PairCosts(j);
            foreach (var row in costs) Finite(row, j);
            var (least, most) = (costs.Min(r => r.Min()), costs.Max(r => r.Max()));
            builder.AddOffset(least);
            ranges[j] += most - least;
            ranges[j + 1] += most - least;
            for (var a = 0; a < costs.Length; a++)
            {
                for (var b = 0; b < costs[a].Length; b++) builder.AddQuadratic(variables[j][a], variables[j + 1][b], costs[a][b] - least);
            }
        }

        for (var j = 0; j < Choices.Length; j++) builder.AddOneHotGroup(variables[j], ranges[j] > 0 ? 1.01 * ranges[j] : 1);
        return (ModelOf(builder), variables.ToImmutable());

        void Finite(double[] costs, int junction)
        {
            if (!costs.All(double.IsFinite)) throw new ArgumentException($"{corridor.Junctions[junction].Name} or its neighbour has demand on a group without effective green: mend its plan first");
        }
    }

    /// <summary>By the difference of the offsets and the orders alone: a pair's links see no more.</summary>
    private double[][] PairCosts(int first)
    {
        var corridor = _flows.Corridor;
        var links = corridor.Links.Where(l => Math.Min(l.From, l.To) == first).ToList();
        var shared = Math.Min(corridor.Junctions[first].Plan.CycleSeconds, corridor.Junctions[first + 1].Plan.CycleSeconds);
        var known = new Dictionary<(int, int, long), double>();
        return [.. Choices[first].Select((p, a) => Choices[first + 1].Select((q, b) => Cost(p, a, q, b)).ToArray())];

        double Cost(TimingPlan p, int a, TimingPlan q, int b)
        {
            var difference = (((q.OffsetSeconds - p.OffsetSeconds) % shared) + shared) % shared;
            var key = (a / _offsets[first], b / _offsets[first + 1], (long)Math.Round(difference * 1000) % (long)Math.Round(shared * 1000));
            if (known.TryGetValue(key, out var cost)) return cost;
            cost = links.Sum(l => l.IsOutbound ? _flows.PairCost(l, p, q) : _flows.PairCost(l, q, p));
            known.Add(key, cost);
            return cost;
        }
    }
}
