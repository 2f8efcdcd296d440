using System.Collections.Immutable;
using TrafficFlow.Analysis.Optimisation;
using TrafficFlow.Analysis.Optimisation.Exact;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Optimisation;

public sealed class BesideClassicalTests
{
    private static readonly BinaryQuadraticModel Small = Models.Random(4, 8, [3, 4], 0.7);

    [Fact]
    public async Task A_small_model_is_compared_with_what_is_proven()
    {
        var least = Small.LeastEnergy();
        var comparison = await CompareAsync(new Told(least + 5, feasible: true), Small);

        Assert.True(comparison.Classical.IsOptimal);
        Assert.Equal(least, comparison.Classical.Energy);
        Assert.Same(comparison.Classical, comparison.Best);
        Assert.Equal(5 / Math.Abs(least), comparison.GapToClassical!.Value, 1e-9);
        Assert.False(comparison.Asked!.IsOptimal);
    }

    [Fact]
    public async Task A_large_model_is_compared_with_the_best_of_CP_SAT_and_annealing()
    {
        var comparison = await CompareAsync(new Told(0, feasible: true), Models.Random(4, 120, [], 0.5));

        Assert.True(comparison.Classical.Energy < -2000);
        Assert.True(comparison.Classical.LowerBound > double.NegativeInfinity);
        Assert.True(comparison.Asked!.Gap > 0);
    }

    [Fact]
    public async Task A_solver_that_fails_leaves_the_classical_answer_and_its_reason()
    {
        var comparison = await CompareAsync(new Failing(), Small);

        Assert.Null(comparison.Asked);
        Assert.Equal("the quota is used up", comparison.Trouble);
        Assert.True(comparison.Best.IsOptimal);
        Assert.Null(comparison.GapToClassical);
    }

    [Fact]
    public async Task An_answer_that_breaks_the_groups_is_never_the_best()
    {
        var comparison = await CompareAsync(new Told(-1e6, feasible: false), Small);

        Assert.Same(comparison.Classical, comparison.Best);
        Assert.Null(comparison.GapToClassical);
    }

    [Fact]
    public async Task Time_to_the_classical_answer_comes_from_the_samples_and_the_time_that_is_charged()
    {
        var least = Small.LeastEnergy();
        var half = new ServiceRun("https://x", "", [least, least + 1], 0, 0, TimeSpan.FromMilliseconds(20), null, 0);

        Assert.Equal(66.4, (await CompareAsync(new Told(least, feasible: true) { Service = half }, Small)).TimeToClassical!.Value.TotalMilliseconds, 0.1);
        Assert.Null((await CompareAsync(new Told(least, feasible: true) { Service = half with { Charged = null } }, Small)).TimeToClassical);
    }

    private static Task<SolverComparison> CompareAsync(ISolver asked, BinaryQuadraticModel model) =>
        new BesideClassical(asked, TimeSpan.FromMilliseconds(300)).SolveAsync(model, new SolverSettings { Sweeps = 200 }, null, TestContext.Current.CancellationToken);

    private sealed class Told(double energy, bool feasible) : ISolver
    {
        public ServiceRun? Service { get; init; }

        public string Name => "told";

        public Task<SolverResult> SolveAsync(BinaryQuadraticModel model, SolverSettings settings, IProgress<SolverProgress>? progress, CancellationToken cancellation) =>
            Task.FromResult(new SolverResult(Name, ImmutableArray<sbyte>.Empty, energy, feasible ? 0 : 1, double.NegativeInfinity, StopReason.Completed, TimeSpan.Zero, 1, 0) { Service = Service });
    }

    private sealed class Failing : ISolver
    {
        public string Name => "failing";

        public Task<SolverResult> SolveAsync(BinaryQuadraticModel model, SolverSettings settings, IProgress<SolverProgress>? progress, CancellationToken cancellation) =>
            throw new SolverException("the quota is used up");
    }
}
