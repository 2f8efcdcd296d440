using System.Collections.Immutable;
using TrafficFlow.Analysis.Capacity;
using TrafficFlow.Analysis.Optimisation;
using TrafficFlow.Analysis.Optimisation.Exact;
using TrafficFlow.Analysis.Proposals;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Studies;

public sealed class SolverRunsTests
{
    private static readonly SolverSettings Settings = new() { Reads = 20, Sweeps = 200, Threads = 2 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("enumeration")]
    [InlineData("cp-sat")]
    [InlineData("annealing")]
    [InlineData("tempering")]
    [InlineData("tabu")]
    public async Task A_solver_by_name_searches_a_proposals_greens_beside_the_exact_answer(string name)
    {
        var study = Study();
        var solver = new SolverChoice(name, SolverKinds.Parse(name)!.Value).Open(() => throw new InvalidOperationException("nothing leaves"));
        var searched = await SolverRuns.SearchAsync(study, TimingRules.Default, [solver], Settings, TimeSpan.FromSeconds(10), 1, Cancellation);

        var run = Assert.Single(searched.Solvers);
        Assert.Equal((solver.Name, true, null, null), (run.Solver, run.IsExact, run.Problem, run.Cost));
        Assert.Equal(run.BestKnown, run.Energy!.Value, 1e-9 * run.BestKnown);
        Assert.Equal(searched.Timing.Proposed.VehicleHoursPerHour * 3600, run.BestKnown, 1e-3);
        Assert.True(run.Seconds > 0 && run.TimeToTargetSeconds > 0 && run.Variables > 50);
        Assert.True(searched.Timing.Proposed.VehicleHoursPerHour <= study.Timing.Proposed.VehicleHoursPerHour + 1e-9);
    }

    /// <summary>As if the search had been lazy: what a solver finds better takes its place, judged by the same delay.</summary>
    [Fact]
    public async Task A_better_plan_of_a_solver_is_proposed()
    {
        var study = Study();
        var today = study.Timing.Today;
        var lazy = study with { Timing = study.Timing with { Proposed = today } };
        var searched = await SolverRuns.SearchAsync(lazy, TimingRules.Default, [new Enumeration()], Settings, TimeSpan.FromSeconds(10), 1, Cancellation);

        Assert.True(searched.Timing.Proposed.VehicleHoursPerHour < today.VehicleHoursPerHour);
    }

    [Theory]
    [InlineData("silent", "no answer within 1 s")]
    [InlineData("none", "groups without exactly one choice) and is not used")]
    [InlineData("unfilled", "breaks the rules of the problem (0 groups")]
    [InlineData("crash", "InvalidOperationException: it fell over")]
    public async Task What_a_solver_does_wrong_is_told_and_changes_nothing_else(string how, string expected)
    {
        var study = Study();
        var searched = await SolverRuns.SearchAsync(study, TimingRules.Default, [new Wrong(how)], Settings, TimeSpan.FromSeconds(10), 1, Cancellation);

        var run = Assert.Single(searched.Solvers);
        Assert.Contains(expected, run.Problem, StringComparison.Ordinal);
        Assert.Equal((null, null, true), (run.Energy, run.TimeToTargetSeconds, run.IsExact));
        Assert.Equal(study.Timing.Proposed.Plan, searched.Timing.Proposed.Plan);
        Assert.Equal(study.Timing.Gain, searched.Timing.Gain);
    }

    [Fact]
    public async Task A_plan_that_no_model_of_pairs_can_tell_is_told_for_each_solver()
    {
        var study = Study();
        var plan = study.Timing.Proposed.Plan;
        plan = plan with { Stages = [plan.Stages[0] with { Groups = ["main"] }, plan.Stages[1], plan.Stages[2] with { Groups = ["main"] }, plan.Stages[1] with { Name = "again" }] };
        var odd = study with { Timing = study.Timing with { Proposed = PlanEffect.Of(plan, study.Demand, TimingRules.Default) } };
        var searched = await SolverRuns.SearchAsync(odd, TimingRules.Default, [new Enumeration(), new CpSat()], Settings, TimeSpan.FromSeconds(1), 1, Cancellation);

        Assert.Equal(["enumeration", "CP-SAT"], searched.Solvers.Select(s => s.Solver));
        Assert.All(searched.Solvers, s => Assert.Contains("cannot tell", s.Problem, StringComparison.Ordinal));
        Assert.Same(odd.Timing, searched.Timing);
    }

    [Fact]
    public void Names_of_solvers_are_read_as_they_are_written()
    {
        Assert.Equal(["enumeration", "cp-sat", "elimination", "annealing", "tempering", "tabu", "dwave", "amplify", "dwave-hybrid", "generic"], SolverKinds.All);
        Assert.All(Enum.GetValues<SolverKind>(), k => Assert.Equal(k, SolverKinds.Parse(k.NameOf())));
        Assert.Null(SolverKinds.Parse("quantum"));
        var error = Assert.Throws<SolverException>(() => new SolverChoice("leap", SolverKind.DWave).Open(() => throw new InvalidOperationException()));
        Assert.Contains("trafficflow.analysis.solvers.leap", error.Message, StringComparison.Ordinal);
    }

    private static ProposalStudy Study()
    {
        var plan = new TimingPlan(
            "today", [.. new[] { "main", "side", "turn" }.Select((name, i) => new SignalGroup(name, new ApproachId($"arm{i}"), [Movement.Entering]))],
            [new("a", ["main"], 20, 3, 2), new("b", ["side"], 25, 3, 2), new("c", ["turn"], 15, 3, 2)]);
        ImmutableArray<GroupDemand> demand =
            [new("main", [new LaneGroup("m", 1100, 3600)]), new("side", [new LaneGroup("s", 300, 1800)]), new("turn", [new LaneGroup("t", 120, 1800)])];
        var from = new DateTimeOffset(2026, 11, 30, 7, 0, 0, TimeSpan.FromHours(9));
        return new ProposalStudy(new Interval(from, from.AddHours(1)), demand, TimingProposal.Of(plan, demand, TimingRules.Default));
    }

    private sealed class Wrong(string how) : ISolver
    {
        public string Name => "wrong";

        public Task<SolverResult> SolveAsync(BinaryQuadraticModel model, SolverSettings settings, IProgress<SolverProgress>? progress = null, CancellationToken cancellation = default)
        {
            var sample = new sbyte[model.VariableCount];
            if (how == "silent") throw new SolverException("no answer within 1 s");
            if (how == "crash") throw new InvalidOperationException("it fell over");
            // Each stage its least green: one of each group, and the cycle is not filled.
            if (how == "unfilled") foreach (var group in model.Groups) sample[group.Members[0]] = 1;
            return Task.FromResult(SolverResult.Of(Name, model, sample, double.NegativeInfinity, StopReason.Completed, TimeSpan.FromSeconds(1), 1, 0));
        }
    }
}
