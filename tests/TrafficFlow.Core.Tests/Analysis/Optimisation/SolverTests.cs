using CsCheck;
using TrafficFlow.Analysis.Optimisation;
using TrafficFlow.Analysis.Optimisation.Exact;
using TrafficFlow.Analysis.Optimisation.Search;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Optimisation;

public sealed class SolverTests
{
    private static readonly SolverSettings Quick = new() { Reads = 20, Sweeps = 200, Threads = 2 };

    public static TheoryData<string> All => [.. Solvers.Keys];

    public static TheoryData<string> Searches => ["annealing", "tempering", "tabu"];

    private static Dictionary<string, Func<ISolver>> Solvers { get; } = new()
    {
        ["annealing"] = () => new SimulatedAnnealing(),
        ["tempering"] = () => new ParallelTempering(),
        ["tabu"] = () => new TabuSearch(),
        ["enumeration"] = () => new Enumeration(),
        ["cp-sat"] = () => new CpSat(),
    };

    [Theory]
    [MemberData(nameof(All))]
    public Task A_solver_finds_the_least_energy_of_small_models(string solver) =>
        Models.Any(9).SampleAsync(model => AssertOptimalAsync(solver, model), iter: solver == "cp-sat" ? 15 : 60);

    [Theory]
    [MemberData(nameof(All))]
    public Task A_solver_finds_the_least_energy_among_samples_that_fulfil_the_groups(string solver) =>
        Models.Grouped.SampleAsync(model => AssertOptimalAsync(solver, model), iter: solver == "cp-sat" ? 15 : 60);

    [Theory]
    [MemberData(nameof(All))]
    public async Task The_answer_is_the_same_on_one_thread_and_on_many(string solver)
    {
        var model = solver is "enumeration" or "cp-sat" ? Models.Random(3, 6, [4, 5, 6], 0.5, Vartype.Spin, isWhole: false) : Models.Random(3, 40, [4, 5, 6], 0.5, Vartype.Spin, isWhole: false);
        // Few sweeps, so that reads end in different minima and the choice among them is one.
        var settings = new SolverSettings { Reads = 20, Sweeps = 5, Seed = 11 };
        var alone = await SolveAsync(solver, model, settings with { Threads = 1 });
        foreach (var threads in new[] { 2, 5 })
        {
            var many = await SolveAsync(solver, model, settings with { Threads = threads });
            Assert.Equal(alone.Sample, many.Sample);
            Assert.Equal(alone.Energy, many.Energy);
        }
    }

    [Theory]
    [MemberData(nameof(Searches))]
    public async Task A_target_is_reached_by_the_same_read_on_one_thread_and_on_many(string solver)
    {
        var model = Models.Random(5, 60, [6, 6], 0.5);
        var settings = new SolverSettings { Reads = 200, Sweeps = 10, Seed = 3 };
        var target = (await SolveAsync(solver, model, settings with { Reads = 6 })).Energy;
        var alone = await SolveAsync(solver, model, settings with { Threads = 1, TargetEnergy = target });
        var many = await SolveAsync(solver, model, settings with { Threads = 7, TargetEnergy = target });

        Assert.Equal(StopReason.TargetReached, alone.Stop);
        Assert.True(alone.Energy <= target);
        Assert.True(alone.Reads < settings.Reads);
        Assert.Equal(alone.Sample, many.Sample);
    }

    [Theory]
    [MemberData(nameof(Searches))]
    public async Task Another_seed_is_another_search(string solver)
    {
        var model = Models.Random(5, 80, [], 0.5, isWhole: false);
        var samples = new HashSet<string>();
        for (var seed = 1UL; seed <= 5; seed++) samples.Add(string.Join("", (await SolveAsync(solver, model, new SolverSettings { Reads = 1, Sweeps = 1, Seed = seed })).Sample));

        Assert.True(samples.Count > 1);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_search_without_time_still_gives_a_sample_and_says_why_it_ended(string solver)
    {
        var model = Models.Random(5, 20, [6, 6], 0.5);
        var result = await SolveAsync(solver, model, Quick with { TimeLimit = TimeSpan.Zero, Reads = 1000 });

        Assert.True(result.IsFeasible);
        Assert.Equal(model.Energy([.. result.Sample]), result.Energy);
        Assert.Equal(StopReason.TimeLimit, result.Stop);
        Assert.True(result.LowerBound <= result.Energy);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_search_that_is_cancelled_ends_at_once(string solver)
    {
        var model = solver == "enumeration" ? Models.Random(5, 30, [], 0.9) : Models.Random(5, 400, [6, 6], 0.9, isWhole: false);
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(150));
        var settings = Quick with { Reads = int.MaxValue, Sweeps = 1000 };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Solvers[solver]().SolveAsync(model, settings, null, cancellation.Token).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }

    /// <summary>One step of these groups looks at some 18,000 moves: at a clock that goes on by a millisecond with each look, five are over within the first steps, far from a sweep of 600.</summary>
    [Fact]
    public async Task A_tabu_search_looks_at_the_time_within_its_steps()
    {
        var model = Models.Random(5, 0, [.. Enumerable.Repeat(10, 60)], 0.1);
        var settings = new SolverSettings { Reads = 1, Sweeps = 1000, Threads = 1, TimeLimit = TimeSpan.FromMilliseconds(5) };
        var result = await new TabuSearch(new LookedAtTime()).SolveAsync(model, settings, null, TestContext.Current.CancellationToken);

        Assert.Equal((0L, true), (result.Sweeps, result.IsFeasible));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_model_of_nothing_has_its_offset_as_energy(string solver)
    {
        var nothing = new QuadraticModelBuilder(Vartype.Binary).AddOffset(-3).Build();
        var flat = new QuadraticModelBuilder(Vartype.Spin).AddLinear(VariableLabel.Of(0), 0).Build();

        Assert.Equal((-3, true), await SolveAsync(solver, nothing, Quick) is var r ? (r.Energy, r.IsOptimal) : default);
        Assert.Equal(0, (await SolveAsync(solver, flat, Quick)).Energy);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Progress_comes_with_an_energy_that_never_rises(string solver)
    {
        var seen = new List<SolverProgress>();
        await Solvers[solver]().SolveAsync(Models.Random(5, 8, [3, 4], 0.9), Quick, new Collector(seen), TestContext.Current.CancellationToken);

        Assert.NotEmpty(seen);
        Assert.Equal(seen.Select(s => s.BestEnergy).OrderDescending(), seen.Select(s => s.BestEnergy));
    }

    [Fact]
    public async Task CP_SAT_tells_a_bound_and_a_gap_where_the_time_ends_first()
    {
        var model = Models.Random(5, 120, [], 0.5);
        var known = await SolveAsync("tabu", model, Quick);
        var result = await SolveAsync("cp-sat", model, Quick with { TimeLimit = TimeSpan.FromMilliseconds(500) });

        Assert.Equal(StopReason.TimeLimit, result.Stop);
        Assert.True(result.LowerBound <= known.Energy);
        Assert.InRange(result.Gap, 0.0001, 100);
        Assert.False(result.IsOptimal);
    }

    [Fact]
    public async Task CP_SAT_proves_what_enumeration_finds_on_broken_biases()
    {
        var model = Models.Random(9, 4, [5, 6, 7], 0.7, Vartype.Spin, isWhole: false);
        var enumerated = await SolveAsync("enumeration", model, Quick);
        var proven = await SolveAsync("cp-sat", model, Quick);

        Assert.Equal(enumerated.Energy, proven.Energy, 1e-9);
        Assert.True(enumerated.IsOptimal);
        Assert.True(proven.IsOptimal, $"gap {proven.Gap}");
    }

    [Fact]
    public async Task A_bound_that_is_known_makes_the_gap_of_a_search()
    {
        var model = Models.Random(9, 10, [], 0.7);
        var exact = await SolveAsync("enumeration", model, Quick);
        var unknown = await SolveAsync("annealing", model, Quick);
        var known = await SolveAsync("annealing", model, Quick with { LowerBound = exact.LowerBound });

        Assert.True(unknown.Gap > 0);
        Assert.True(known.IsOptimal);
    }

    [Fact]
    public async Task Enumeration_refuses_what_would_take_years()
    {
        var error = await Assert.ThrowsAsync<SolverException>(() => SolveAsync("enumeration", Models.Random(1, 60, [], 0.1), Quick));

        Assert.Contains("too many to look at each", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Default_temperatures_are_those_of_dwave_samplers()
    {
        // Fields: |1| + |2| = 3 and |2| + |-4| = 6; least biases 1 and 2, the least of them once.
        var model = new QuadraticModelBuilder(Vartype.Spin).AddLinear(VariableLabel.Of(0), 1).AddLinear(VariableLabel.Of(1), -4).AddQuadratic(0, 1, 2).Build();
        var range = InverseTemperatures.For(model);

        Assert.Equal(Math.Log(2) / 12, range.Hot, 1e-12);
        Assert.Equal(Math.Log(1 / 0.01) / 2, range.Cold, 1e-12);
        Assert.Equal(new InverseTemperatureRange(0.1, 1), InverseTemperatures.For(new QuadraticModelBuilder(Vartype.Spin).AddLinear(VariableLabel.Of(0), 0).Build()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-4)]
    [InlineData(0.3)]
    [InlineData(1)]
    [InlineData(3)]
    public void Metropolis_accepts_as_often_as_the_exponential_says(double cost)
    {
        var random = new Xoshiro256(1, 2);
        var accepted = 0;
        const int trials = 200_000;
        for (var t = 0; t < trials; t++) accepted += Metropolis.Accepts(cost, ref random) ? 1 : 0;
        var expected = Math.Exp(-cost);

        Assert.Equal(expected, accepted / (double)trials, 5 * Math.Sqrt(expected * (1 - expected) / trials) + 1e-9);
    }

    [Fact]
    public void Fields_and_energies_kept_up_step_by_step_are_those_computed_anew() =>
        Gen.Select(Models.Grouped, Gen.ULong).Sample((model, seed) =>
        {
            var search = new SearchModel(model);
            var state = new SearchState(search);
            var random = new Xoshiro256(seed, 0);
            state.Randomize(ref random);
            for (var step = 0; step < 50; step++)
            {
                var before = state.Energy;
                var g = random.Next(search.Groups.Length);
                var h = (g + 1) % search.Groups.Length;
                var (p, q) = (random.Next(search.Groups[g].Length), random.Next(search.Groups[h].Length));
                double delta;
                if (step % 3 == 0 && search.Free.Length > 0)
                {
                    var i = search.Free[random.Next(search.Free.Length)];
                    delta = state.FlipDelta(i);
                    state.Flip(i);
                }
                else if (step % 3 == 1 && h != g)
                {
                    delta = state.TransferDelta(g, p, h, q);
                    state.Transfer(g, p, h, q);
                }
                else
                {
                    delta = state.MoveDelta(g, p);
                    state.Move(g, p);
                }

                var energy = model.Energy(search.ToSample(state.Bits));
                Assert.Equal(energy, before + delta, 1e-6);
                Assert.Equal(energy, state.Energy, 1e-6);
                Assert.Equal(0, model.ViolatedGroups(search.ToSample(state.Bits)));
            }

            var fields = state.Fields.ToArray();
            state.Recompute();
            for (var i = 0; i < fields.Length; i++) Assert.Equal(state.Fields[i], fields[i], 1e-6);
        });

    private static Task<SolverResult> SolveAsync(string solver, BinaryQuadraticModel model, SolverSettings settings) =>
        Solvers[solver]().SolveAsync(model, settings, null, TestContext.Current.CancellationToken);

    private static async Task AssertOptimalAsync(string solver, BinaryQuadraticModel model)
    {
        var result = await SolveAsync(solver, model, Quick);
        var least = model.LeastEnergy();
        Assert.True(result.IsFeasible);
        Assert.Equal(least, result.Energy, 1e-6);
        Assert.True(result.LowerBound <= least + 1e-6);
    }

    private sealed class LookedAtTime : TimeProvider
    {
        private long _milliseconds;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Interlocked.Increment(ref _milliseconds);
    }

    private sealed class Collector(List<SolverProgress> seen) : IProgress<SolverProgress>
    {
        public void Report(SolverProgress value)
        {
            lock (seen) seen.Add(value);
        }
    }
}
