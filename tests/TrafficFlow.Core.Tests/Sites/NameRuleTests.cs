using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using Xunit;

namespace TrafficFlow.Core.Tests.Sites;

public sealed class NameRuleTests
{
    public static TheoryData<string> Bad =>
        ["", "North", "a b", "a/b", "x/../y", "-a", "=a", "a.b", "a\n", "a\u001b[2J", "北", "__a", "_", new string('a', NameRule.MaxLength + 1)];

    [Theory]
    [InlineData("north")]
    [InlineData("1")]
    [InlineData("cam-1_b")]
    public void A_name_that_somebody_may_choose_is_known_too(string name) => Assert.True(NameRule.IsChosen(name) && NameRule.IsKnown(name));

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_is_no_name_is_refused(string name) => Assert.False(NameRule.IsChosen(name) || NameRule.IsKnown(name));

    [Fact]
    public void Names_of_our_own_come_from_other_nodes_and_from_no_settings()
    {
        foreach (var own in new[] { ApproachId.Gates.Value, ApproachId.Journeys.Value, $"{JunctionSetup.Prefix}{new string('a', NameRule.MaxLength)}" })
        {
            Assert.False(NameRule.IsChosen(own));
            Assert.True(NameRule.IsKnown(own));
        }
    }

    [Fact]
    public void Every_movement_that_is_made_has_a_name_of_one()
    {
        Movement[] made =
        [
            Movement.Entering, Movement.Exiting, Movement.To(new ApproachId("south")), Movement.To(ApproachId.Gates),
            Movement.OfGate(new CameraId("cam1"), new GateId("in"), CrossingDirection.Forward),
            Movement.OfGate(new CameraId("junction-a"), new GateId("cam1/in"), CrossingDirection.Backward),
        ];

        Assert.All(made, m => Assert.True(Movement.IsName(m.Name), m.Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("to")]
    [InlineData("to ")]
    [InlineData("to North")]
    [InlineData("=1+1")]
    [InlineData("entering\u001b[31m")]
    [InlineData("cam1 in sideways")]
    [InlineData("cam1 a/b/c forward")]
    [InlineData("cam1 in forward x")]
    public void Another_name_is_none_of_a_movement(string name) => Assert.False(Movement.IsName(name));
}
