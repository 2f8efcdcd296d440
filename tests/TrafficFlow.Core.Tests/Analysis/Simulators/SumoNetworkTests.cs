using System.Collections.Immutable;
using System.Xml.Linq;
using TrafficFlow.Analysis.Simulators;
using TrafficFlow.Analysis.Simulators.Sumo;
using TrafficFlow.Core.Sites;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Simulators;

public sealed class SumoNetworkTests
{
    [Fact]
    public void An_arm_is_cut_where_the_cameras_begin_to_see_and_where_a_turn_lane_begins()
    {
        var edges = XElement.Parse(new SumoNetwork(TestJunction.Model(pocketMetres: 40)).EdgesXml()).Elements("edge")
            .Where(e => e.Attribute("id")!.Value.StartsWith("i0", StringComparison.Ordinal))
            .Select(e => (e.Attribute("id")!.Value, e.Attribute("length")!.Value, e.Attribute("numLanes")!.Value));

        Assert.Equal([("i0.0", "240", "1"), ("i0.1", "20", "1"), ("i0.2", "40", "2")], edges);
        var network = new SumoNetwork(TestJunction.Model(pocketMetres: 40));
        Assert.Equal((1, 240.0), network.Unseen(new TurnId(TestJunction.North, TestJunction.South)));
        Assert.Equal(["i0.0", "i0.1", "i0.2", "o2.0", "o2.1"], network.Route(new TurnId(TestJunction.North, TestJunction.South)));
        Assert.Equal((0, 0.0), new SumoNetwork(TestJunction.Model(seenMetres: null)).Unseen(new TurnId(TestJunction.North, TestJunction.South)));
    }

    [Fact]
    public void A_plan_shows_its_lights_to_every_connection_in_their_order()
    {
        var network = new SumoNetwork(TestJunction.Model());

        var program = XElement.Parse(network.ProgramXml(TestJunction.Plan(30, 25, offset: 12), "0", isOfNetwork: true));

        var logic = program.Element("tlLogic")!;
        Assert.Equal("12", logic.Attribute("offset")!.Value);
        Assert.Equal("30 3 2 10 3 2 25 3 2 10 3 2".Split(' '), logic.Elements("phase").Select(p => p.Attribute("duration")!.Value));
        var connections = program.Elements("connection").ToList();
        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"{i}"), connections.Select(c => c.Attribute("linkIndex")!.Value));
        var first = logic.Elements("phase").First().Attribute("state")!.Value;
        // North and south have green ahead and to the left (kerb lane 0), the others red.
        Assert.Equal(
            string.Concat(connections.Select(c => c.Attribute("from")!.Value[1] is '0' or '2' && c.Attribute("fromLane")!.Value == "0" ? 'G' : 'r')),
            first);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_turns_to_the_near_side_keeps_to_the_kerb_and_who_turns_across_to_the_middle(bool drivesOnLeft)
    {
        var connections = XElement.Parse(new SumoNetwork(TestJunction.Model(drivesOnLeft)).ConnectionsXml()).Elements("connection")
            .Where(c => c.Attribute("from")!.Value == "i0.1" && c.Attribute("to")!.Value[0] == 'o')
            .ToDictionary(c => c.Attribute("to")!.Value, c => (c.Attribute("fromLane")!.Value, c.Attribute("toLane")!.Value));

        // From north: east lies to the left, west to the right of who drives in.
        var (near, across) = drivesOnLeft ? ("o1.0", "o3.0") : ("o3.0", "o1.0");
        Assert.Equal(("0", "0"), connections[near]);
        Assert.Equal(("1", "1"), connections[across]);
        Assert.Equal(("0", "0"), connections["o2.0"]);
    }

    [Fact]
    public void What_makes_no_sense_is_refused_with_all_that_is_wrong()
    {
        var model = TestJunction.Model();
        var bad = model with
        {
            Arms =
            [
                model.Arms[0] with { BearingDegrees = 85, SpeedLimitKmh = 3, Lanes = [new([new ApproachId("nowhere")]), new([])] },
                .. model.Arms.Skip(1),
            ],
        };

        var refusal = Assert.Throws<SimulatorException>(() => new SumoNetwork(bad)).Message;

        foreach (var part in new[] { "no exit nowhere", "speed limit", "leads somewhere", "less than 20 degrees" }) Assert.Contains(part, refusal, StringComparison.Ordinal);
        Assert.Contains("at least three arms", Assert.Throws<SimulatorException>(() => new SumoNetwork(model with { Arms = [model.Arms[0]] })).Message, StringComparison.Ordinal);
        Assert.Contains("as long as the arm", Assert.Throws<SimulatorException>(() => new SumoNetwork(model with { Arms = [model.Arms[0] with { Lanes = [new([TestJunction.South], 40)] }, .. model.Arms.Skip(1)] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_that_leaves_somebody_at_red_for_ever_is_refused()
    {
        var network = new SumoNetwork(TestJunction.Model());
        var noArrows = TestJunction.Plan(30, 30, arrow: 0);

        Assert.Contains("never gives green to", Assert.Throws<SimulatorException>(() => network.ProgramXml(noArrows, "0", true)).Message, StringComparison.Ordinal);
        Assert.Throws<SimulatorException>(() => network.ProgramXml(new SignalSteps([]), "0", true));
        var plan = TestJunction.Plan(30, 30);
        Assert.Throws<SimulatorException>(() => network.ProgramXml(plan with { Steps = plan.Steps.SetItem(0, plan.Steps[0] with { Seconds = double.NaN }) }, "0", true));
        var stray = plan.Steps[0] with { Lights = ImmutableDictionary<TurnId, MovementLight>.Empty.Add(new TurnId(TestJunction.North, TestJunction.North), MovementLight.Green) };
        Assert.Contains("north to north", Assert.Throws<SimulatorException>(() => network.ProgramXml(plan with { Steps = plan.Steps.Add(stray) }, "0", true)).Message, StringComparison.Ordinal);
    }
}
