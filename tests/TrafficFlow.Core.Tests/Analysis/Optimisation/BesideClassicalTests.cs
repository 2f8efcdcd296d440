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

        Assert.True(comparison.Classical!.IsOptimal);
        Assert.Equal(least, comparison.Classical.Energy);
        Assert.Same(comparison.Classical, comparison.Best);
        Assert.Equal(5 / Math.Abs(least), comparison.GapToClassical!.Value, 1e-9);
        Assert.False(comparison.Asked!.IsOptimal);
    }

    [Fact]
    public async Task A_large_model_is_compared_with_the_best_of_CP_SAT_and_annealing()
    {
        var comparison = await CompareAsync(new Told(0, feasible: true), Models.Random(4, 120, [], 0.5));

        Assert.True(comparison.Classical!.Energy < -2000);
        Assert.True(comparison.Classical.LowerBound > double.NegativeInfinity);
        Assert.True(comparison.Asked!.Gap > 0);
    }

    [Fact]
    public async Task A_solver_that_fails_leaves_the_classical_answer_and_its_reason()
    {
        var comparison = await CompareAsync(new Failing(new SolverException("the quota is used up")), Small);

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
        // A histogram: 5 of 10 reads are at the target and fulfil the groups; 3 with less energy do not fulfil them.
        var half = new ServiceRun("https://x", "", [new(least - 1, false, 3), new(least, true, 5), new(least + 1, true, 2)], 0, 0, TimeSpan.FromMilliseconds(100), null, 0);
        var comparison = await CompareAsync(new Told(least, feasible: true) { Service = half }, Small);

        Assert.Equal((10, 5), (half.Reads, half.ReadsAtMost(least)));
        Assert.Equal(66.4, comparison.TimeToClassical!.Value.TotalMilliseconds, 0.1);
        Assert.Equal(TimeToTarget.IntervalOf(10, 5, TimeSpan.FromMilliseconds(10)), comparison.TimeToClassicalInterval);
        Assert.Null((await CompareAsync(new Told(least, feasible: true) { Service = half with { Charged = null } }, Small)).TimeToClassical);
    }

    [Fact]
    public async Task A_service_that_does_not_count_its_reads_has_no_share_of_successes()
    {
        var least = Small.LeastEnergy();
        var distinct = new ServiceRun("https://x", "", [new(least, true, null), new(least + 1, true, null)], 0, 0, TimeSpan.FromMilliseconds(20), null, 0);
        var comparison = await CompareAsync(new Told(least, feasible: true) { Service = distinct }, Small);

        Assert.Null(distinct.Reads);
        Assert.Null(comparison.TimeToClassical);
        Assert.Null(comparison.TimeToClassicalInterval);
    }

    [Fact]
    public async Task A_solver_that_fails_against_its_contract_leaves_the_classical_answer_too()
    {
        var comparison = await CompareAsync(new Failing(new IOException("disk full")), Small);

        Assert.Equal("IOException: disk full", comparison.Trouble);
        Assert.True(comparison.Best.IsOptimal);
    }

    /// <summary>So large that CP-SAT cannot count them: annealing stands in.</summary>
    [Fact]
    public async Task What_CP_SAT_cannot_count_is_annealed()
    {
        var builder = new QuadraticModelBuilder(Vartype.Binary);
        for (var i = 0; i < 40; i++) builder.AddLinear(VariableLabel.Of(i), i == 0 ? -1e200 : 1e-3);
        var comparison = await CompareAsync(new Told(0, feasible: true), builder.Build());

        Assert.Equal(-1e200, comparison.Classical!.Energy);
        Assert.Same(comparison.Classical, comparison.Best);
    }

    /// <summary>The classical side cannot begin with such a time; the answer of the other stays, and says that nothing stands beside it.</summary>
    [Fact]
    public async Task A_classical_side_that_fails_leaves_the_answer_that_was_asked_for()
    {
        var comparison = await CompareAsync(new Told(-3, feasible: true), Small, TimeSpan.FromSeconds(-1));

        Assert.Null(comparison.Classical);
        Assert.Contains("ArgumentOutOfRangeException", comparison.ClassicalTrouble, StringComparison.Ordinal);
        Assert.Same(comparison.Asked, comparison.Best);
        Assert.Null(comparison.GapToClassical);
        Assert.Null(comparison.TimeToClassical);
        var none = await Assert.ThrowsAsync<SolverException>(() => CompareAsync(new Failing(new SolverException("the quota is used up")), Small, TimeSpan.FromSeconds(-1)));
        Assert.Contains("the quota is used up", none.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Neither_side_runs_on_after_a_cancellation()
    {
        using var cancellation = new CancellationTokenSource();
        var waiting = new Waiting();
        var comparison = new BesideClassical(waiting, TimeSpan.FromSeconds(60)).SolveAsync(Models.Random(4, 120, [], 0.5), new SolverSettings(), null, cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => comparison.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.True(waiting.HasEnded);
    }

    private static Task<SolverComparison> CompareAsync(ISolver asked, BinaryQuadraticModel model, TimeSpan? time = null) =>
        new BesideClassical(asked, time ?? TimeSpan.FromMilliseconds(300)).SolveAsync(model, new SolverSettings { Sweeps = 200 }, null, TestContext.Current.CancellationToken);

    private sealed class Told(double energy, bool feasible) : ISolver
    {
        public ServiceRun? Service { get; init; }

        public string Name => "told";

        public Task<SolverResult> SolveAsync(BinaryQuadraticModel model, SolverSettings settings, IProgress<SolverProgress>? progress, CancellationToken cancellation) =>
            Task.FromResult(new SolverResult(Name, ImmutableArray<sbyte>.Empty, energy, feasible ? 0 : 1, double.NegativeInfinity, StopReason.Completed, TimeSpan.Zero, 1, 0) { Service = Service });
    }

    private sealed class Waiting : ISolver
    {
        public bool HasEnded { get; private set; }

        public string Name => "waiting";

        public async Task<SolverResult> SolveAsync(BinaryQuadraticModel model, SolverSettings settings, IProgress<SolverProgress>? progress, CancellationToken cancellation)
        {
            try
            {
                await Task.Delay(Timeout.Infinite, cancellation);
                throw new InvalidOperationException("it waits for ever");
            }
            finally
            {
                HasEnded = true;
            }
        }
    }

    private sealed class Failing(Exception error) : ISolver
    {
        public string Name => "failing";

        public Task<SolverResult> SolveAsync(BinaryQuadraticModel model, SolverSettings settings, IProgress<SolverProgress>? progress, CancellationToken cancellation) =>
            throw error;
    }
}
