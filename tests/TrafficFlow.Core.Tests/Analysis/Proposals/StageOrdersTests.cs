using System.Collections.Immutable;
using TrafficFlow.Analysis.Proposals;
using TrafficFlow.Analysis.Proposals.Corridors;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tests.Analysis.Proposals.Corridors;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Proposals;

public sealed class StageOrdersTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Of_four_stages_there_are_six_orders_todays_first()
    {
        var plan = Plan(["a"], ["b"], ["c"], ["d"]);
        var orders = StageOrders.Of(plan);

        Assert.Equal(6, orders.Length);
        Assert.Same(plan, orders[0]);
        Assert.Equal(6, orders.Select(o => string.Concat(o.Stages.Select(s => s.Name))).Distinct().Count());
        Assert.All(orders, o => Assert.Equal((plan.CycleSeconds, "s0", plan.OffsetSeconds), (o.CycleSeconds, o.Stages[0].Name, o.OffsetSeconds)));
    }

    [Fact]
    public void Of_two_stages_or_seven_there_is_one()
    {
        Assert.Single(StageOrders.Of(Plan(["a"], ["b"])));
        Assert.Single(StageOrders.Of(Plan(["a"], ["b"], ["c"], ["d"], ["e"], ["f"], ["g"])));
    }

    [Fact]
    public void No_green_is_cut_in_two() =>
        // Ahead and arrow follow each other: whatever lies between them would make the turn stop twice.
        Assert.DoesNotContain(StageOrders.Of(Plan(["ahead", "turn"], ["turn"], ["side"], ["walk"])), o => o.Stages[1].Name != "s1" && o.Stages[^1].Name != "s1");

    [Fact]
    public void An_order_without_time_to_clear_between_its_stages_is_left_out()
    {
        var plan = Plan(["a"], ["b"], ["c"]);
        // From c, which is last today, to b a long way is to be cleared: a, c, b is out.
        Assert.Equal(2, StageOrders.Of(plan, (_, _) => 5).Length);
        Assert.Single(StageOrders.Of(plan, (end, begin) => (end.Name, begin.Name) == ("c", "b") ? 8 : 5));
    }

    /// <summary>A platoon that comes in the middle of the arrow's time: with the arrow first, all pass.</summary>
    [Fact]
    public async Task On_a_line_a_leading_arrow_lets_a_platoon_pass_that_a_lagging_one_stops()
    {
        var line = Lines.Of([Lines.Junction("A", 30, 20, 1000, 900, 200), WithArrow("B", 20, 10, 15)], [22], dispersion: PlatoonDispersion.None);
        var rules = CorridorRules.Default with { StepSeconds = 3 };

        var kept = await CorridorProposal.OfAsync(line, rules, 1, Cancellation);
        var changed = await CorridorProposal.OfAsync(line, rules with { ChangesOrder = true }, 1, Cancellation);

        Assert.True(changed.Proposed.VehicleHoursPerHour <= kept.Proposed.VehicleHoursPerHour + 1e-9);
        Assert.Equal(line.Junctions[1].Plan.Stages.Select(s => s.Name), kept.Proposed.Plans[1].Stages.Select(s => s.Name));
        Assert.NotEqual(line.Junctions[1].Plan.Stages.Select(s => s.Name), changed.Proposed.Plans[1].Stages.Select(s => s.Name));
        Assert.Contains(LineMeasures.Of(changed, 1), m => m.Kind == MeasureKind.StageOrder);
        Assert.All(LineMeasures.Of(kept, 1), m => Assert.Equal((MeasureKind.Offset, (double?)kept.Proposed.Plans[1].OffsetSeconds), (m.Kind, m.Amount)));
        Assert.Empty(LineMeasures.Of(kept, 0));
    }

    /// <summary>Against every order and offset.</summary>
    [Theory]
    [InlineData(62001)]
    [InlineData(62002)]
    [InlineData(62003)]
    [InlineData(62004)]
    [InlineData(62005)]
    public async Task Orders_and_offsets_together_are_the_best_of_all(int seed)
    {
        var random = new Random(seed);
        var line = Lines.Of([Lines.Junction("A", 30, 20, 600 + random.Next(400), 600 + random.Next(300), 200), WithArrow("B", 20, 10, 15)], [10 + random.Next(30)], true, 0.1);
        var rules = CorridorRules.Default with { StepSeconds = 2, ChangesOrder = true };
        var proposal = await CorridorProposal.OfAsync(line, rules, 1, Cancellation);
        var problem = new OffsetProblem(line, rules);
        var best = problem.Choices[0].SelectMany(_ => problem.Choices[1], (a, b) => problem.Flows.Of([a, b]).VehicleHoursPerHour).Min();

        Assert.Equal(2 * 30, problem.Choices[1].Length);
        Assert.Equal(best, proposal.Proposed.VehicleHoursPerHour, 9);
    }

    /// <summary>All of "out" come while the arrow's lag is on, or at the end of side's green: only one of both orders lets them pass.</summary>
    [Theory]
    [InlineData(500, true)]
    [InlineData(6, false)]
    public void A_junction_gets_the_order_that_its_platoons_ask_for_where_enough_were_seen(int vehicles, bool isSure)
    {
        var junction = WithArrow("B", 20, 10, 15);
        var random = new Random(65001);
        // Side 0-15, main 15-35, arrow 35-60. "in" has green in main alone, and comes right after main today.
        GroupArrivals[] arrivals = [new("in", [.. Enumerable.Range(0, vehicles).Select(i => isSure ? 40 + (18 * random.NextDouble()) : 60 * random.NextDouble())])];
        var proposal = StageOrderProposal.Of(junction, arrivals, CorridorRules.Default, 1);

        Assert.Equal(isSure, proposal.IsChange);
        Assert.True(proposal.Gain.Low <= proposal.Gain.Mean && proposal.Gain.Mean <= proposal.Gain.High);
        if (!isSure) return;
        Assert.Equal(["side", "arrow", "main"], proposal.Proposed.Stages.Select(s => s.Name));
        Assert.True(proposal.After.First(e => e.Group == "in").DelaySeconds < proposal.Before.First(e => e.Group == "in").DelaySeconds - 5);
        var measure = LineMeasures.Of(proposal)!;
        Assert.Equal((MeasureKind.StageOrder, new ApproachId("east"), proposal.Gain.Mean), (measure.Kind, measure.Approach, measure.SavedVehicleHoursPerHour!.Value.Value));
    }

    [Fact]
    public void Even_arrivals_ask_for_no_other_order()
    {
        var proposal = StageOrderProposal.Of(WithArrow("B", 20, 10, 15), [], CorridorRules.Default);

        Assert.False(proposal.IsChange);
        Assert.Null(LineMeasures.Of(proposal));
    }

    private static TimingPlan Plan(params string[][] stages) => new(
        "today",
        [.. stages.SelectMany(s => s).Distinct().Select((name, i) => new SignalGroup(name, new ApproachId($"arm{i}"), [Movement.Entering]))],
        [.. stages.Select((s, i) => new SignalStage($"s{i}", [.. s], 15, 3, 2))], 7);

    /// <summary>The opposite direction has the main green alone, ours the arrow's time, too.</summary>
    private static CorridorJunction WithArrow(string name, double main, double arrow, double side)
    {
        ImmutableArray<SignalGroup> groups =
        [
            new("out", new ApproachId("west"), [Movement.To(new ApproachId("east"))]), new("in", new ApproachId("east"), [Movement.To(new ApproachId("west"))]),
            new("side", new ApproachId("south"), [Movement.To(new ApproachId("east"))]),
        ];
        var plan = new TimingPlan(
            name, groups, [new SignalStage("side", ["side"], side - 5, 3, 2), new SignalStage("main", ["out", "in"], main - 5, 3, 2), new SignalStage("arrow", ["out"], arrow + 10, 3, 2)]);
        return new CorridorJunction(name, plan, [Lines.Demand("out", 1000, 3600), Lines.Demand("in", 500, 3600), Lines.Demand("side", 150, 1800)]);
    }
}
