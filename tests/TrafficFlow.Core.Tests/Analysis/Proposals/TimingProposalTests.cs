using System.Collections.Immutable;
using TrafficFlow.Analysis.Capacity;
using TrafficFlow.Analysis.Proposals;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Proposals;

public sealed class TimingProposalTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(7301, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void One_green_gives_the_uniform_delay_of_HCM_and_two_what_counting_gives(int seed)
    {
        var random = new Random(seed);
        var cycle = 40 + (random.NextDouble() * 120);
        var green = cycle * (0.1 + (random.NextDouble() * 0.8));
        var x = random.NextDouble() * 1.3;
        Assert.Equal(HcmDelay.UniformSeconds(cycle, green, x), CyclicQueue.UniformSeconds(cycle, [(random.NextDouble() * cycle, green)], x), 6);

        // Two greens, against small steps of time.
        (double Begin, double Length)[] two = [(3, cycle * 0.25), (3 + (cycle * (0.3 + (random.NextDouble() * 0.3))), cycle * (0.05 + (random.NextDouble() * 0.3)))];
        Assert.Equal(Counted(cycle, two, x), CyclicQueue.UniformSeconds(cycle, two, x), 0.05);
    }

    [Fact]
    public void The_effect_of_a_plan_is_HCMs_delay_of_each_group_and_their_sum()
    {
        var effect = PlanEffect.Of(Plan(40, 26), Demand(900, 450), TimingRules.Default);

        // Start lost 2 s, amber used 2 s: the effective green is the green shown.
        var (main, side) = (HcmDelay.ControlSeconds(76, 40, 900 / (3600 * 40 / 76.0), 3600 * 40 / 76.0), HcmDelay.ControlSeconds(76, 26, 450 / (1800 * 26 / 76.0), 1800 * 26 / 76.0));
        Assert.Equal((main, side), (effect.Of("main").DelaySeconds, effect.Of("side").DelaySeconds));
        Assert.Equal(((900 * main) + (450 * side)) / 3600, effect.VehicleHoursPerHour, 9);
        Assert.Equal(LevelsOfService.OfDelay(main, effect.Of("main").DegreeOfSaturation), effect.Of("main").Level);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void It_finds_the_best_of_all_timings_of_three_stages(int seed)
    {
        var random = new Random(seed);
        var plan = Plan(20, 20, 20);
        var demand = Demand(200 + (random.NextDouble() * 900), 100 + (random.NextDouble() * 500), 50 + (random.NextDouble() * 300));
        var rules = TimingRules.Default with { LongestCycleSeconds = 110 };

        var proposal = TimingProposal.Of(plan, demand, rules);

        var best = double.PositiveInfinity;
        for (var a = 7; a <= 110; a++)
        {
            for (var b = 7; b <= 110 - a; b++)
            {
                for (var c = 7; a + b + c + 15 <= 110; c++)
                {
                    if (a + b + c + 15 >= 40) best = Math.Min(best, PlanEffect.Of(Plan(a, b, c), demand, rules).VehicleHoursPerHour);
                }
            }
        }

        Assert.Equal(best, proposal.Proposed.VehicleHoursPerHour, 6);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void It_is_never_worse_than_todays_plan_or_Websters_and_keeps_every_least_green(int seed)
    {
        var random = new Random(seed);
        var stages = random.Next(2, 6);
        var (plan, demand) = RandomJunction(random, stages);
        var rules = TimingRules.Default with { StageMinimumSeconds = ImmutableDictionary<string, double>.Empty.Add("s1", 7 + random.Next(15)), LongestCycleSeconds = 160 };

        var proposal = TimingProposal.Of(plan, demand, rules, seed);

        Assert.True(proposal.Proposed.VehicleHoursPerHour <= proposal.Today.VehicleHoursPerHour + 1e-9);
        if (proposal.Webster is { } webster) Assert.True(proposal.Proposed.VehicleHoursPerHour <= webster.VehicleHoursPerHour + 1e-9, $"{proposal.Proposed.VehicleHoursPerHour} against Webster's {webster.VehicleHoursPerHour}");
        if (proposal.IsChange)
        {
            Assert.All(proposal.Proposed.Plan.Stages, s => Assert.True(s.GreenSeconds >= rules.MinimumGreen(s) - 1e-9, $"{s}"));
            Assert.All(proposal.Proposed.Plan.Stages, s => Assert.Equal(Math.Round(s.GreenSeconds), s.GreenSeconds, 6));
            Assert.InRange(proposal.Proposed.Plan.CycleSeconds, rules.ShortestCycleSeconds, rules.LongestCycleSeconds);
            Assert.Empty(proposal.Proposed.Plan.Errors());
        }

        // Whom it makes wait longer it says, and only those.
        var worse = proposal.Proposed.Groups.Where(g => g.VehiclesPerHour > 0 && g.DelaySeconds - proposal.Today.Of(g.Group).DelaySeconds > 0.05).Select(g => g.Group).Order();
        Assert.Equal(worse, proposal.Worse.Select(w => w.Group).Order());
        if (proposal.WithinBound is { } within) Assert.All(within.Groups, g => Assert.True(g.DelaySeconds - proposal.Today.Of(g.Group).DelaySeconds <= rules.MostAddedDelaySeconds + 1e-9));
    }

    [Fact]
    public void A_side_street_that_pays_is_named_and_a_plan_that_spares_it_is_offered()
    {
        // Half of the green for a side street with few vehicles.
        var proposal = TimingProposal.Of(Plan(35, 35), Demand(1700, 60), TimingRules.Default with { MostAddedDelaySeconds = 5 });

        var side = Assert.Single(proposal.Worse);
        Assert.Equal(("side", true), (side.Group, side.IsBeyondBound));
        Assert.NotNull(proposal.WithinBound);
        Assert.InRange(proposal.WithinBound.Of("side").DelaySeconds - proposal.Today.Of("side").DelaySeconds, 0, 5);
        Assert.True(proposal.WithinBound.VehicleHoursPerHour < proposal.Today.VehicleHoursPerHour && proposal.WithinBound.VehicleHoursPerHour > proposal.Proposed.VehicleHoursPerHour);
    }

    [Fact]
    public void Over_capacity_Webster_is_the_longest_cycle_split_by_flow_ratios_and_the_proposal_still_helps()
    {
        var proposal = TimingProposal.Of(Plan(20, 45), Demand(2900, 700), TimingRules.Default);

        // 2900 / 3600 and 700 / 1800 of 170 s of green.
        Assert.Equal((180.0, 115.0, 55.0), (proposal.Webster!.Plan.CycleSeconds, proposal.Webster.Plan.Stages[0].GreenSeconds, proposal.Webster.Plan.Stages[1].GreenSeconds));
        Assert.True(proposal.Proposed.VehicleHoursPerHour <= proposal.Webster.VehicleHoursPerHour);
        Assert.Null(TimingProposal.Of(Plan(20, 45), Demand(0, 0), TimingRules.Default).Webster);
        Assert.True(proposal.IsChange && proposal.Proposed.VehicleHoursPerHour < 0.8 * proposal.Today.VehicleHoursPerHour);
        Assert.Equal(LevelOfService.F, proposal.Today.Of("main").Level);
    }

    [Fact]
    public void Nearly_nobody_is_no_reason_to_touch_a_controller_but_a_long_red_for_nobody_is_told_small()
    {
        var nobody = TimingProposal.Of(Plan(30, 30), Demand(0, 0), TimingRules.Default);
        Assert.False(nobody.IsChange);
        Assert.Equal(0, nobody.Gain.Mean);
        var few = TimingProposal.Of(Plan(30, 30), Demand(3, 2), TimingRules.Default);
        Assert.InRange(few.Gain.Mean, 0, 0.05);
    }

    [Fact]
    public void The_gain_is_as_sure_as_the_demand()
    {
        GainEstimate Gain(double error) => TimingProposal.Of(Plan(20, 45), [.. Demand(1500, 300).Select(d => d with { RelativeError = error })], TimingRules.Default).Gain;

        var (sure, unsure) = (Gain(0), Gain(0.3));

        Assert.Equal((sure.Mean, sure.Mean, 1.0), (sure.Low, sure.High, sure.ShareBetter));
        Assert.True(unsure.Low < sure.Mean && unsure.High > sure.Mean && unsure.ShareBetter is > 0.5 and <= 1, $"{unsure}");
        Assert.Equal(unsure, Gain(0.3));
    }

    [Fact]
    public void A_turn_with_an_arrow_and_the_main_green_has_both()
    {
        var plan = new TimingPlan(
            "arrow",
            [new("ahead", new ApproachId("north"), [Movement.To(new ApproachId("south"))]), new("right", new ApproachId("north"), [Movement.To(new ApproachId("west"))]), new("side", new ApproachId("east"), [Movement.To(new ApproachId("west"))])],
            [new("a", ["ahead", "right"], 30, 3, 2), new("b", ["right"], 10, 3, 2), new("c", ["side"], 25, 3, 2)]);

        var greens = GroupGreens.Of(plan, "right", TimingRules.Default);

        // It goes on through the amber and all-red between its stages.
        Assert.Equal([(2.0, 45.0)], greens);
        Assert.Equal([(2.0, 30.0)], GroupGreens.Of(plan, "ahead", TimingRules.Default));
    }

    [Fact]
    public void What_makes_no_sense_is_refused()
    {
        var plan = Plan(30, 30);
        Assert.Contains("no signal group nobody", Assert.Throws<ArgumentException>(() => TimingProposal.Of(plan, [new("nobody", [])], TimingRules.Default)).Message, StringComparison.Ordinal);
        Assert.Contains("given twice", Assert.Throws<ArgumentException>(() => TimingProposal.Of(plan, [.. Demand(1, 1), .. Demand(1, 1)], TimingRules.Default)).Message, StringComparison.Ordinal);
        Assert.Contains("saturation flow above 0", Assert.Throws<ArgumentException>(() => TimingProposal.Of(plan, [new("main", [new LaneGroup("m", double.NaN, 1800)])], TimingRules.Default)).Message, StringComparison.Ordinal);
        Assert.Contains("no cycle up to 60 s", Assert.Throws<ArgumentException>(() => TimingProposal.Of(plan, Demand(1, 1), TimingRules.Default with { LongestCycleSeconds = 60, MinimumGreenSeconds = 30 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => TimingProposal.Of(plan, Demand(1, 1), TimingRules.Default with { ShortestCycleSeconds = 200 }));
    }

    private static TimingPlan Plan(params double[] greens) => new(
        "today",
        [.. greens.Select((_, i) => new SignalGroup(NameOf(i), new ApproachId($"arm{i}"), [Movement.Entering]))],
        [.. greens.Select((g, i) => new SignalStage($"s{i}", [NameOf(i)], g, 3, 2))]);

    private static string NameOf(int i) => i switch { 0 => "main", 1 => "side", _ => $"g{i}" };

    /// <summary>Two lanes of 1800 for the first, one for the others.</summary>
    private static ImmutableArray<GroupDemand> Demand(params double[] perHour) => [.. perHour.Select((v, i) => new GroupDemand(NameOf(i), [new LaneGroup(NameOf(i), v, i == 0 ? 3600 : 1800)]))];

    /// <summary>Some groups have green in two stages that follow each other.</summary>
    private static (TimingPlan Plan, ImmutableArray<GroupDemand> Demand) RandomJunction(Random random, int stages)
    {
        var plan = Plan([.. Enumerable.Range(0, stages).Select(_ => 10 + (double)random.Next(30))]);
        if (stages > 2 && random.Next(2) == 0) plan = plan with { Stages = plan.Stages.SetItem(1, plan.Stages[1] with { Groups = plan.Stages[1].Groups.Add("main") }) };
        var share = 0.35 + (random.NextDouble() * 0.5);
        return (plan, [.. Enumerable.Range(0, stages).Select(i => new GroupDemand(NameOf(i), [new LaneGroup("l", share / stages * (0.5 + random.NextDouble()) * (i == 0 ? 3600 : 1800), i == 0 ? 3600 : 1800)], random.NextDouble() * 0.2))]);
    }

    /// <summary>The queue in steps of a hundredth of a second, over the second of two cycles.</summary>
    private static double Counted(double cycle, (double Begin, double Length)[] greens, double x)
    {
        const double Step = 0.01;
        var arrivals = Math.Min(1, x) * greens.Sum(g => g.Length) / cycle;
        var (queue, area, steps) = (0.0, 0.0, (int)(cycle / Step));
        for (var round = 0; round < 2; round++)
        {
            area = 0;
            for (var i = 0; i < steps; i++)
            {
                var t = i * Step;
                var isGreen = greens.Any(g => (t >= g.Begin && t < g.Begin + g.Length) || t < g.Begin + g.Length - cycle);
                queue = Math.Max(0, queue + ((arrivals - (isGreen ? 1 : 0)) * Step));
                area += queue * Step;
            }
        }

        return area / (arrivals * cycle);
    }
}
