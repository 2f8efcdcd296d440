using System.Collections.Immutable;
using TrafficFlow.Analysis.Capacity;
using TrafficFlow.Analysis.Optimisation;
using TrafficFlow.Analysis.Optimisation.Exact;
using TrafficFlow.Analysis.Proposals;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Proposals;

public sealed class PlanSplitsTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(63100, 20)];

    /// <summary>Groups with green in one stage, in two, and in all but one: the best of every split of the cycle, by the delay that proposals go by.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task The_least_energy_is_the_least_delay_of_all_splits(int seed)
    {
        var random = new Random(seed);
        var plan = Plan(random);
        ImmutableArray<GroupDemand> demand = [.. plan.Groups.Select(g => new GroupDemand(g.Name, [new LaneGroup("l", 100 + (400 * random.NextDouble()), 1800), new LaneGroup("m", 50, 1500)]))];
        var splits = new PlanSplits(plan, demand, TimingRules.Default);
        var found = await new Enumeration().SolveAsync(splits.Problem.Model, new SolverSettings(), null, TestContext.Current.CancellationToken);

        var best = double.PositiveInfinity;
        var greens = plan.Stages.Sum(s => s.GreenSeconds);
        for (var a = 7.0; a <= greens; a++)
        {
            for (var b = 7.0; b <= greens - a; b++)
            {
                for (var c = 7.0; c <= greens - a - b - 7; c++)
                {
                    double[] of = [a, b, c, greens - a - b - c];
                    best = Math.Min(best, PlanEffect.Of(plan with { Stages = [.. plan.Stages.Select((s, i) => s with { GreenSeconds = of[i] })] }, demand, TimingRules.Default).VehicleHoursPerHour);
                }
            }
        }

        var proposed = splits.PlanOf([.. found.Sample])!;
        Assert.Equal(best * 3600, found.Energy, 1e-6 * found.Energy);
        Assert.Equal(best, PlanEffect.Of(proposed, demand, TimingRules.Default).VehicleHoursPerHour, 1e-6);
        Assert.Equal(plan.CycleSeconds, proposed.CycleSeconds, 6);
        Assert.Equal([(1, 2)], splits.Problem.Pairs.Select(p => (p.First, p.Second)));
    }

    [Fact]
    public void A_cycle_of_no_whole_steps_keeps_its_length()
    {
        var plan = Plan(new Random(1));
        plan = plan with { Stages = plan.Stages.SetItem(2, plan.Stages[2] with { GreenSeconds = 12.4 }) };
        var splits = new PlanSplits(plan, [], TimingRules.Default);
        var sample = new sbyte[splits.Problem.Model.VariableCount];
        var spare = splits.Problem.Stages[0].Costs.Length - 1;
        (sample[spare], sample[spare + 1], sample[(2 * spare) + 2], sample[(3 * spare) + 3]) = (1, 1, 1, 1);

        Assert.Equal(plan.CycleSeconds, splits.PlanOf(sample)!.CycleSeconds, 6);
    }

    [Fact]
    public void A_group_with_two_greens_apart_or_a_cycle_too_short_is_refused_with_the_reason()
    {
        var plan = Plan(new Random(1));
        var apart = plan with { Stages = plan.Stages.SetItem(3, plan.Stages[3] with { Groups = ["side", "both"] }).SetItem(2, plan.Stages[2] with { Groups = ["most", "turn"] }) };
        GroupDemand[] demand = [new("both", [new LaneGroup("l", 100, 1800)])];

        Assert.Contains("a model of pairs cannot tell", Assert.Throws<SolverException>(() => new PlanSplits(apart, demand, TimingRules.Default)).Message, StringComparison.Ordinal);
        Assert.Contains("shorten a least green", Assert.Throws<SolverException>(() => new PlanSplits(plan, demand, TimingRules.Default with { MinimumGreenSeconds = 60 })).Message, StringComparison.Ordinal);
    }

    private static TimingPlan Plan(Random random) => new(
        "p",
        [.. new[] { "main", "both", "turn", "side", "most" }.Select((name, i) => new SignalGroup(name, new ApproachId($"arm{i}"), [Movement.Entering]))],
        [
            new("a", ["main", "most"], 12 + random.Next(6), 3, 2), new("b", ["both", "most"], 10 + random.Next(4), 3, 2), new("c", ["both", "turn", "most"], 8 + random.Next(4), 3, 1),
            new("d", ["side"], 10 + random.Next(5), 3, 2),
        ]);
}
