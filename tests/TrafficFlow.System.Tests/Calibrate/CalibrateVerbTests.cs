using System.Text.Json;
using TrafficFlow.Node.Settings;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Calibrate;

[Collection(ProcessesCollection.Other)]
public sealed class CalibrateVerbTests : IDisposable
{
    private const string Lanes = "0.4883,0.3172,0.4907,0.1299;0.5618,0.3169,0.5400,0.1298;0.6353,0.3167,0.5892,0.1297";

    private static readonly string s_demo = Path.Combine(AppContext.BaseDirectory, "hocon", "sites", "demo.conf");

    private readonly SettingsFolder _folder = new();

    [Fact]
    public async Task The_demo_camera_hangs_where_the_simulation_hung_it()
    {
        var ended = await TrafficflowProcess.RunAsync(["calibrate", "--site", s_demo, "--camera", "cam-north", "--json"]);

        Assert.True(ended.Code == 0, ended.Error);
        var told = JsonDocument.Parse(ended.Output).RootElement;
        var truth = JunctionCameras.Of(0, 16.0 / 9);
        Assert.Equal(truth.Position.Z, told.GetProperty("height_m").GetDouble(), 0.05);
        Assert.Equal(2 * Math.Atan(0.5 / truth.FocalShare) * 180 / Math.PI, told.GetProperty("field_of_view_degrees").GetDouble(), 0.5);
        Assert.InRange(told.GetProperty("held_out_m").GetDouble(), 0, 0.05);
        Assert.Equal(SyntheticJunction.Site.Cameras[0].Plane!.Version, told.GetProperty("calibration").GetString());
    }

    [Fact]
    public async Task Surveyed_points_are_written_into_the_site_file_and_drawn()
    {
        var ground = SyntheticJunction.Site.Cameras[0].Ground;
        var points = _folder.Write("points.csv", "px_x,px_y,east,north\n" + string.Join('\n', ground.Select(g =>
            FormattableString.Invariant($"{g.Image.X * 1280},{g.Image.Y * 720},{g.EastMetres},{g.NorthMetres}"))));
        var site = _folder.Write("site.conf", File.ReadAllText(s_demo));
        var picture = Path.Combine(_folder.Path, "grid.png");

        var ended = await TrafficflowProcess.RunAsync(
            ["calibrate", "synthetic:north?seconds=5", "--site", site, "--camera", "cam-south", "--points", points, "--size", "1280x720", "--picture", picture, "--write"]);

        Assert.True(ended.Code == 0, ended.Error);
        Assert.Contains("hangs 11.5 m above the road", ended.Output, StringComparison.Ordinal);
        Assert.True(new FileInfo(picture).Length > 50_000);
        var read = SiteSettings.Load(site).Site;
        Assert.Equal(ground, read.Cameras[2].Ground);
        Assert.Equal(SyntheticJunction.Site.Cameras[3].Ground, read.Cameras[3].Ground);
        Assert.Contains("# The arms of the intersection", File.ReadAllText(site), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--points")]
    [InlineData("--out")]
    public async Task Numbers_with_many_digits_are_written_as_they_are(string way)
    {
        var text = File.ReadAllText(s_demo).Replace("[0.4899, 0.1299]", "[0.489900012345678, 0.1299]", StringComparison.Ordinal)
            .Replace("metres = [6.0, 30.0]", "metres = [6.00012, 30.0]", StringComparison.Ordinal)
            .Replace("      ground = [", "      lens { k1 = 0.00125 }\n      ground = [", StringComparison.Ordinal);
        var site = _folder.Write("site.conf", text);
        var before = SiteSettings.Load(site).Site.Cameras[0];
        var points = _folder.Write("points.csv", "x,y,east,north\n" + string.Join('\n', before.Ground.Select(g =>
            FormattableString.Invariant($"{g.Image.X},{g.Image.Y},{g.EastMetres},{g.NorthMetres}"))));
        string[] options = way == "--points" ? [way, points, "--write"] : [way, Path.Combine(_folder.Path, "other.conf")];

        var ended = await TrafficflowProcess.RunAsync(["calibrate", "--site", site, "--camera", "cam-north", .. options]);

        Assert.True(ended.Code == 0, ended.Error);
        var after = SiteSettings.Load(options is [_, var other] ? other : site).Site.Cameras[0];
        Assert.Equal(before.Lens, after.Lens);
        if (way == "--out") Assert.Equal(before.Plane!.Version, after.Plane!.Version);
    }

    [Fact]
    public async Task Lanes_of_known_width_give_the_lengths_of_the_road_and_an_error_to_carry()
    {
        var target = Path.Combine(_folder.Path, "rough.conf");
        var ended = await TrafficflowProcess.RunAsync(
            ["calibrate", "--site", s_demo, "--camera", "cam-north", "--lanes", Lanes, "--lane-width", "3.1", "--field-of-view", "71", "--out", target]);

        Assert.True(ended.Code == 0, ended.Error);
        var (rough, surveyed) = (SiteSettings.Load(target).Site.Cameras[0].Plane!, SyntheticJunction.Site.Cameras[0].Plane!);
        Assert.True(rough.IsErrorEstimated);
        Assert.InRange(rough.ErrorMetres, 0.3, 20);
        foreach (var (x1, y1, x2, y2) in new[] { (0.35, 0.6, 0.65, 0.6), (0.5, 0.35, 0.5, 0.9), (0.4, 0.13, 0.58, 0.13) })
        {
            var (real, told) = (Length(surveyed), Length(rough));
            Assert.InRange(told / real, 0.95, 1.05);

            double Length(Core.Calibration.GroundPlane plane) => plane.ToGround(new(x1, y1))!.Value.DistanceTo(plane.ToGround(new(x2, y2))!.Value);
        }
    }

    [Fact]
    public async Task A_rough_scale_is_never_told_as_a_measured_one()
    {
        var site = _folder.Write("site.conf", File.ReadAllText(s_demo));
        await TrafficflowProcess.RunAsync(["calibrate", "--site", site, "--camera", "cam-north", "--lanes", Lanes, "--lane-width", "3.1", "--write"]);
        var written = File.ReadAllText(site);

        var again = await TrafficflowProcess.RunAsync(["calibrate", "--site", site, "--camera", "cam-north", "--write"]);

        Assert.True(again.Code == 0, again.Error);
        Assert.Contains("as ground-error in the site file says", again.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("did not see", again.Output, StringComparison.Ordinal);
        Assert.Contains("nothing was written", again.Output, StringComparison.Ordinal);
        Assert.Equal(written, File.ReadAllText(site));
    }

    [Theory]
    [InlineData("x,y,east,north\n0.1,0.2,3", "points.csv:2: north is not a number")]
    [InlineData("x,y,east,north\n10,0.2,3,4", "fractions go from 0 to 1")]
    [InlineData("a,b\n1,2", "does not name the columns")]
    [InlineData("x,y,east,north\n0.1,0.2,3,4", "the points are 1: survey at least 4")]
    [InlineData("x,y,east,north\n0.2,0.8,0,0\n0.8,0.8,-10,0\n0.7,0.3,-10,30\n0.3,0.3,0,30", "are mirrored")]
    public async Task Points_that_are_no_survey_are_refused_with_what_to_do(string table, string complaint)
    {
        var points = _folder.Write("points.csv", table);
        var ended = await TrafficflowProcess.RunAsync(["calibrate", "--site", s_demo, "--camera", "cam-north", "--points", points]);

        Assert.Equal(1, ended.Code);
        Assert.Contains(complaint, ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--lanes and --lane-width go together", "--lane-width", "3")]
    [InlineData("holds one line", "--lanes", "0,0,1,1", "--lane-width", "3")]
    [InlineData("is no line", "--lanes", "0,0,1;1,1,1,1", "--lane-width", "3")]
    [InlineData("between 2 and 6 metres", "--lanes", "0,0,1,1;0,1,1,0", "--lane-width", "30")]
    [InlineData("is a .png file", "--picture", "grid.jpg")]
    [InlineData("goes with --lanes or --vehicles", "--field-of-view", "60")]
    [InlineData("is no size", "--size", "large")]
    [InlineData("and this is none", "--ask")]
    [InlineData("it asks for all of them", "--ask", "--vehicles")]
    public async Task What_cannot_be_asked_is_told(string complaint, params string[] options)
    {
        var ended = await TrafficflowProcess.RunAsync(["calibrate", "--site", s_demo, "--camera", "cam-north", .. options]);

        Assert.Equal(2, ended.Code);
        Assert.Contains(complaint, ended.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
