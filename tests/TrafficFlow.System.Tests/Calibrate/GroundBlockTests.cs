using TrafficFlow.Core.Calibration;
using TrafficFlow.Node.Calibrate;
using TrafficFlow.Node.Settings;
using TrafficFlow.SystemTests.Settings;
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

    [Fact]
    public void Every_number_is_read_back_as_it_was()
    {
        using var folder = new SettingsFolder();
        GroundReference[] points =
        [
            new(new(0.2 + (1.0 / 300_000), 0.8), 388123.5004, -0.00001), new(new(0.8, 0.8), 388133.5, -0.00001),
            new(new(0.7, 0.3), 388133.5, 26.75), new(new(0.3, 0.3), 388123.5, 26.75),
        ];
        var lens = new LensDistortion(0.12345, -0.00001, 640.0 / 360);
        var text = GroundBlock.PutInto(SettingsFolder.GoodSite, "cam1", GroundBlock.Write(points, 0.123456, lens, "a test", ""));

        var read = SiteSettings.Load(folder.Write("site.conf", text!)).Site.Cameras[0];

        Assert.Equal(points, read.Ground);
        Assert.Equal((0.123456, lens), (read.GroundErrorMetres, read.Lens));
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
