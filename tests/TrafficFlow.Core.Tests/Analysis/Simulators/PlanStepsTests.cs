using System.Collections.Immutable;
using TrafficFlow.Analysis.Simulators;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Signals;
using TrafficFlow.Core.Sites;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Simulators;

public sealed class PlanStepsTests
{
    private static readonly JunctionModel s_junction = TestJunction.Model();

    [Fact]
    public void A_turn_across_waits_for_opposite_traffic_until_its_arrow_and_is_green_between_the_two()
    {
        // 青丸, then 右折矢印 while ahead is red.
        var plan = new TimingPlan(
            "p",
            [Ahead(TestJunction.North), Ahead(TestJunction.South), Across(TestJunction.North), Across(TestJunction.South), new("all east", TestJunction.East, [Movement.Entering]), new("all west", TestJunction.West, [Movement.Entering])],
            [
                new("NS", ["ahead north", "ahead south", "across north", "across south"], 30, 3, 2), new("arrow", ["across north", "across south"], 10, 3, 2),
                new("E", ["all east"], 20, 3, 2), new("W", ["all west"], 20, 3, 2),
            ],
            5);

        var steps = PlanSteps.Of(plan, s_junction);

        Assert.Equal((plan.CycleSeconds, 5.0), (steps.CycleSeconds, steps.OffsetSeconds));
        var (across, ahead) = (new TurnId(TestJunction.North, TestJunction.West), new TurnId(TestJunction.North, TestJunction.South));
        Assert.Equal([MovementLight.GreenGivingWay, MovementLight.Green, MovementLight.Green, MovementLight.Green, MovementLight.Amber], steps.Steps.Take(5).Select(s => s.Lights.GetValueOrDefault(across)));
        Assert.Equal([MovementLight.Green, MovementLight.Amber, MovementLight.Red, MovementLight.Red], steps.Steps.Take(4).Select(s => s.Lights.GetValueOrDefault(ahead)));
        // East alone has green: nobody comes against it.
        Assert.All(s_junction.Turns.Where(t => t.Approach == TestJunction.East), t => Assert.Equal(MovementLight.Green, steps.Steps[6].Lights[t]));
    }

    [Fact]
    public void People_on_foot_need_no_lane_and_a_movement_without_one_is_refused()
    {
        var plan = new TimingPlan("p", [new("walk", TestJunction.North, []), new("all", TestJunction.North, [Movement.Entering])], [new("a", ["all"], 20, 3, 2), new("w", ["walk"], 15, 0, 2)]);
        Assert.Equal(3, PlanSteps.Of(plan, s_junction).Steps[0].Lights.Count);

        var odd = plan with { Groups = plan.Groups.SetItem(1, new("all", TestJunction.North, [Movement.To(new ApproachId("harbour"))])) };
        Assert.Contains("north to harbour", Assert.Throws<SimulatorException>(() => PlanSteps.Of(odd, s_junction)).Message, StringComparison.Ordinal);
    }

    private static SignalGroup Ahead(ApproachId arm) => new($"ahead {arm}", arm, [Movement.To(Next(arm, 1)), Movement.To(Next(arm, 2))]);

    private static SignalGroup Across(ApproachId arm) => new($"across {arm}", arm, [Movement.To(Next(arm, 3))]);

    private static ApproachId Next(ApproachId arm, int by) => TestJunction.Arms[(Array.IndexOf(TestJunction.Arms, arm) + by) & 3];
}
