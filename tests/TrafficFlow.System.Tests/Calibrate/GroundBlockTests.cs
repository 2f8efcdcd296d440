using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Calibrate;
using Xunit;

namespace TrafficFlow.SystemTests.Calibrate;

public class GroundBlockTests
{
    private static readonly string s_block = GroundBlock.Write([new GroundReference(new(0.5, 0.25), 1, -2.5)], null, null, "a test", "  ");

    [Fact]
    public void The_old_points_and_their_comment_go_and_all_else_stays()
    {
        const string Head = "# head\ntrafficflow.site {\n cameras {\n  a { source = \"x { # not a brace\", ground = [] }\n  b {\n  # kept\n";
        const string Old = "  # trafficflow calibrate: from long ago\n  ground = [ # why\n    { image = [0, 0], metres = [1, 2] }\n  ]\n";
        const string Lens = "  lens { k1 = 0.1 }\n";
        const string Tail = "  source = y # kept too\n  }\n }\n}\n";

        var after = GroundBlock.PutInto(Head + Old + Lens + Tail, "b", s_block);

        Assert.Equal(Head + s_block + Tail, after);
        Assert.Equal(after, GroundBlock.PutInto(after!, "b", s_block));
    }

    [Theory]
    [InlineData("trafficflow { site.cameras.b {\n source = x\n} }")]
    [InlineData("trafficflow.site.cameras {\n \"b\" : {\n}\n}")]
    public void A_camera_without_points_gets_them_at_the_end_of_its_block(string before) =>
        Assert.Equal(before.Insert(before.LastIndexOf('\n', before.IndexOf('}', StringComparison.Ordinal)) + 1, s_block), GroundBlock.PutInto(before, "b", s_block));

    [Theory]
    [InlineData("trafficflow.site.cameras.a { }")]
    [InlineData("trafficflow.site.cameras.b { source = x, ground = [] }")]
    [InlineData("trafficflow.site.cameras.b.ground = []")]
    public void What_it_would_have_to_tear_apart_it_leaves_alone(string before) => Assert.Null(GroundBlock.PutInto(before, "b", s_block));
}
