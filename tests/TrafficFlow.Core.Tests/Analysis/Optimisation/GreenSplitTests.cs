using System.Collections.Immutable;
using TrafficFlow.Analysis.Optimisation;
using TrafficFlow.Analysis.Optimisation.Exact;
using TrafficFlow.Analysis.Optimisation.GreenSplits;
using TrafficFlow.Analysis.Optimisation.Search;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Optimisation;

public sealed class GreenSplitTests
{
    public static TheoryData<string> Searches => ["annealing", "tempering", "tabu"];

    private static Lazy<Task<SolverResult>>[] Enumerated { get; } =
        [.. Enumerable.Range(1, 20).Select(seed => new Lazy<Task<SolverResult>>(() => new Enumeration().SolveAsync(Junctions.Random(seed).Model, new SolverSettings())))];

    /// <summary>Random junctions of 3 or 4 stages, undersaturated and over, another for each seed.</summary>
    [Theory]
    [MemberData(nameof(Searches))]
    public async Task Splits_equal_enumeration_on_20_of_20_seeds(string solver)
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var problem = Junctions.Random(seed);
            var exact = await Enumerated[seed - 1].Value;
            var found = await Solver(solver).SolveAsync(problem.Model, Settings(solver) with { Seed = (ulong)seed }, null, TestContext.Current.CancellationToken);

            Assert.True(exact.IsOptimal);
            Assert.Equal(exact.Energy, found.Energy, 1e-9 * exact.Energy);
            Assert.NotNull(problem.Greens([.. found.Sample]));
        }
    }

    [Fact]
    public async Task Greens_fill_the_cycle_and_cost_what_the_energy_says()
    {
        var problem = Junctions.Random(3);
        var found = await new SimulatedAnnealing().SolveAsync(problem.Model, new SolverSettings { Reads = 10, Sweeps = 300 }, null, TestContext.Current.CancellationToken);
        var greens = problem.Greens([.. found.Sample])!.Value;

        Assert.Equal(problem.TotalGreen, greens.Aggregate(TimeSpan.Zero, (sum, g) => sum + g));
        Assert.Equal(problem.Stages.Zip(greens, (s, g) => s.Costs[(int)((g - s.LeastGreen) / problem.Step)]).Sum(), found.Energy, 1e-9 * found.Energy);
    }

    /// <summary>A solver that knows no groups, such as an annealer elsewhere, is held to them by the penalties.</summary>
    [Fact]
    public void No_sample_that_breaks_a_rule_has_less_energy_than_the_best_that_breaks_none()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            var random = new Random(seed);
            ImmutableArray<double> Costs() => [.. Enumerable.Range(0, 4).Select(_ => random.NextDouble() * 1000 - 300)];
            var step = TimeSpan.FromSeconds(1.5);
            var problem = new GreenSplitProblem(
                [new("A", TimeSpan.FromSeconds(5), Costs()), new("B", TimeSpan.FromSeconds(7), Costs()), new("C", TimeSpan.FromSeconds(5), Costs())], TimeSpan.FromSeconds(17) + 4 * step, step);
            var all = Enumerable.Range(0, 1 << 12).Select(bits => problem.Model.Sample(bits)).ToLookup(s => problem.Greens(s) is not null, s => problem.Model.Energy(s));

            Assert.True(all[true].Max() < all[false].Min());
        }
    }

    [Theory]
    [InlineData(10, 1, "the least greens take 10 s more than the cycle has")]
    [InlineData(31, 2, "11 s are to share out in steps of 2 s")]
    [InlineData(100, 1, "the greens to choose from fill 4 s of the 80 s to share out")]
    [InlineData(20, 0, "a step of 0 s")]
    public void A_cycle_that_cannot_be_filled_is_refused_with_what_misses(int total, int step, string expected)
    {
        ImmutableArray<SplitStage> stages = [new("A", TimeSpan.FromSeconds(10), [3, 2, 1]), new("B", TimeSpan.FromSeconds(10), [3, 2, 1])];
        var error = Assert.Throws<SolverException>(() => new GreenSplitProblem(stages, TimeSpan.FromSeconds(total), TimeSpan.FromSeconds(step)));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stages_without_greens_without_costs_or_of_one_name_are_refused()
    {
        SolverException Refused(params SplitStage[] stages) =>
            Assert.Throws<SolverException>(() => new GreenSplitProblem([.. stages], TimeSpan.FromSeconds(10 * stages.Length), TimeSpan.FromSeconds(1)));
        var ten = TimeSpan.FromSeconds(10);

        Assert.Contains("without stages", Refused().Message, StringComparison.Ordinal);
        Assert.Contains("no green to choose from", Refused(new SplitStage("A", ten, [])).Message, StringComparison.Ordinal);
        Assert.Contains("no finite number", Refused(new SplitStage("A", ten, [double.NaN])).Message, StringComparison.Ordinal);
        Assert.Contains("two stages are named A", Refused(new SplitStage("A", ten, [1]), new SplitStage("A", ten, [1])).Message, StringComparison.Ordinal);
    }

    /// <summary>A sweep of 16 replicas, or of the best of all changes, is longer than one of single changes.</summary>
    private static SolverSettings Settings(string solver) => solver switch
    {
        "annealing" => new() { Reads = 10, Sweeps = 200 },
        "tempering" => new() { Reads = 2, Sweeps = 100 },
        _ => new() { Reads = 4, Sweeps = 50 },
    };

    private static ISolver Solver(string name) => name switch { "annealing" => new SimulatedAnnealing(), "tempering" => new ParallelTempering(), _ => new TabuSearch() };
}
