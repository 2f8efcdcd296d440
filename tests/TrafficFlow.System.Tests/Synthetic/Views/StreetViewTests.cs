using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Simulation;
using TrafficFlow.Simulation.Vehicles;
using TrafficFlow.Synthetic;
using TrafficFlow.Synthetic.Light;
using TrafficFlow.Synthetic.Scenery;
using TrafficFlow.Synthetic.Views;
using Xunit;

namespace TrafficFlow.SystemTests.Synthetic.Views;

public sealed class StreetViewTests
{
    private const double Aspect = 16.0 / 9;
    private static readonly FrameFormat s_frame = new(640, 360, 10);

    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 12));

    [Fact]
    public void A_seed_is_one_view_and_another_seed_another()
    {
        var (one, same, other) = (StreetView.Of(7, Aspect), StreetView.Of(7, Aspect), StreetView.Of(8, Aspect));

        Assert.Equal(one.Camera, same.Camera);
        Assert.Equal(one.Gates, same.Gates);
        Assert.Equal(one.Light(Lighting.Day), same.Light(Lighting.Day));
        Assert.NotEqual(one.Camera, other.Camera);
        Assert.NotEqual(one.Light(Lighting.Day).ToSun, other.Light(Lighting.Day).ToSun);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_view_sees_road_and_is_not_blocked(int seed)
    {
        var view = StreetView.Of(seed, Aspect);
        var outlook = Outlook.Of(view.Camera);

        Assert.False(Outlook.IsInside(view.Camera.Position));
        Assert.True(outlook.SeesRoad && outlook.IsClear, $"{outlook}");
        Assert.NotEmpty(view.Gates);
        Assert.InRange(view.Camera.Forward.Z, -0.75f, -0.1f);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Gates_lie_across_carriageways(int seed)
    {
        var view = StreetView.Of(seed, Aspect);
        foreach (var gate in view.Gates)
        {
            var (from, to) = (GroundAt(view.Camera, gate.From), GroundAt(view.Camera, gate.To));
            var (a, b) = (JunctionLayout.ToArm(gate.Arm, from.X, from.Y), JunctionLayout.ToArm(gate.Arm, to.X, to.Y));
            var middle = (a.X + b.X) / 2;
            // Across the arm, a little bent where the lens is; as wide as its lanes; over those that it is for.
            Assert.True(Math.Abs(a.X - b.X) > 2.5 * Math.Abs(a.Y - b.Y), $"{gate} from {a} to {b}");
            Assert.InRange(Math.Abs(a.X - b.X), JunctionLayout.LaneWidth, (2 * JunctionLayout.HalfWidth) + 5);
            Assert.True(RoadSurface.FromKerb((float)(from.X + to.X) / 2, (float)(from.Y + to.Y) / 2) > 0, $"{gate} lies beside the road");
            if (gate.Carriageway == Carriageway.Arriving) Assert.InRange(middle, 0.5, JunctionLayout.HalfWidth);
            if (gate.Carriageway == Carriageway.Leaving) Assert.InRange(middle, -JunctionLayout.HalfWidth, -0.5);
        }
    }

    [Fact]
    public void The_views_differ_in_height_length_of_lens_and_bend()
    {
        var cameras = Enumerable.Range(1, 30).Select(s => StreetView.Of(s, Aspect).Camera).ToList();

        Assert.True(cameras.Max(c => c.Position.Z) > 1.6 * cameras.Min(c => c.Position.Z));
        Assert.True(cameras.Max(c => c.FocalShare) > 1.6 * cameras.Min(c => c.FocalShare));
        Assert.Contains(cameras, c => c.Lens is null);
        Assert.Contains(cameras, c => c.Lens is { K1: > 0.05 });
    }

    [Theory]
    [InlineData("pole=20,20,3&look=0,0", "inside a house")]
    [InlineData("pole=0,-9,8&look=0,-200&focal=4", "no road")]
    [InlineData("pole=-30,40,6&look=-90,200&focal=1", "no road")]
    [InlineData("pole=0,-14,1&look=0,10", "at least 2 m")]
    [InlineData("pole=-1,-60,2.2&look=0,60&focal=0.8", "no camera's place")]
    public void A_given_pole_that_is_no_cameras_place_is_refused(string pole, string why)
    {
        var source = SyntheticSource.Parse($"synthetic:view?{pole}");

        var error = Assert.Throws<FrameSourceException>(() => source.View(Aspect));

        Assert.Equal(FrameSourceFailure.Unsupported, error.Failure);
        Assert.Contains(why, error.Message);
    }

    [Theory]
    [InlineData("synthetic:view", "which view")]
    [InlineData("synthetic:view?view=x", "option \"view=x\"")]
    [InlineData("synthetic:view?pole=1,2", "option \"pole=1,2\"")]
    [InlineData("synthetic:view?pole=1,2,8", "no whole pole")]
    [InlineData("synthetic:north?view=3", "option \"view=3\"")]
    [InlineData("synthetic:view?view=3&bitrate=400", "needs seconds")]
    [InlineData("synthetic:view?view=3&seconds=9&bitrate=1", "option \"bitrate=1\"")]
    [InlineData("synthetic:view?view=3&shake=-1", "option \"shake=-1\"")]
    public void A_view_that_is_not_understood_is_refused(string source, string why)
    {
        Assert.False(SyntheticSource.IsValid(source));
        Assert.Contains(why, Assert.Throws<FrameSourceException>(() => SyntheticSource.Parse(source)).Message);
    }

    [Fact]
    public void A_views_traffic_is_its_own_unless_a_seed_is_given()
    {
        Assert.Equal(42, SyntheticSource.Parse("synthetic:view?view=42").Seed);
        Assert.Equal(7, SyntheticSource.Parse("synthetic:view?seed=7&view=42").Seed);
        Assert.Equal(1, SyntheticSource.Parse("synthetic:north").Seed);
    }

    [Fact]
    public void The_truth_agrees_with_when_fronts_and_rears_pass_the_line_on_the_road()
    {
        // From over the middle of the road straight along it the lower edge's middle is the nearest point of a vehicle: its front when it comes, its rear when it goes.
        var source = SyntheticSource.Parse("synthetic:view?pole=0,-16,9&look=0,14&focal=0.8&seconds=150&seed=3&view=1");
        var view = source.View(Aspect);
        var truth = StreetTruth.Of(source, view, s_frame);
        var gates = view.Gates.Where(g => g.Arm == 0 && g.Outwards > 12).ToList();
        Assert.NotEmpty(gates);

        var expected = new List<(string Gate, bool Arrives, long Vehicle, double Seconds)>();
        var traffic = new JunctionSimulation(source.Traffic);
        var last = new Dictionary<long, double>();
        for (var step = 0; step <= 150 * 20; step++)
        {
            var seconds = step * 0.05;
            traffic.AdvanceTo(source.TrafficStart + TimeSpan.FromSeconds(seconds));
            foreach (var v in traffic.Vehicles)
            {
                var place = JunctionLayout.ToArm(0, v.Centre.X, v.Centre.Y);
                // Far from the arm's axis it is on another arm.
                if (Math.Abs(place.X) > JunctionLayout.HalfWidth || place.Y < 4) continue;
                var near = place.Y - (v.Length / 2);
                if (last.TryGetValue(v.Id, out var before))
                {
                    foreach (var gate in gates)
                    {
                        var arrives = place.X > 0;
                        if (gate.Carriageway == (arrives ? Carriageway.Leaving : Carriageway.Arriving)) continue;
                        if (before > gate.Outwards != near > gate.Outwards) expected.Add((gate.Name, arrives, v.Id, seconds));
                    }
                }

                last[v.Id] = near;
            }
        }

        var required = truth.Where(t => gates.Any(g => g.Name == t.Gate.Value) && !t.IsOptional).ToList();
        Assert.True(required.Count > 10, $"{required.Count} crossings");
        foreach (var crossing in required)
        {
            var match = Assert.Single(expected, e => e.Gate == crossing.Gate.Value && e.Vehicle == crossing.Vehicle && Math.Abs(e.Seconds - crossing.TimeSeconds) < 1);
            // A fifth of a second, or a metre for who has just started.
            var apart = Math.Abs(match.Seconds - crossing.TimeSeconds);
            Assert.True(apart < 0.2 || apart * crossing.SpeedKmh / 3.6 < 1.2, $"{crossing} is {apart:0.00} s off");
        }

        // And nobody is left out but who is optional.
        foreach (var e in expected) Assert.Contains(truth, t => t.Vehicle == e.Vehicle && t.Gate.Value == e.Gate);
    }

    [Fact]
    public void A_vehicle_that_is_hidden_all_along_at_the_gate_need_not_be_counted()
    {
        var car = Car(1, 0, 20);
        var wall = new List<VehicleView> { Car(2, 0, 14) with { Height = 4, Width = 8 } };
        var camera = new ViewCamera(new(0, 0, 3), new(0, 20, 0.5f), 0.8f, (float)Aspect);

        Assert.Equal(1, Sightlines.SeenShare(camera, car, []));
        Assert.Equal(1, Sightlines.SeenShare(camera, car, [car]));
        Assert.InRange(Sightlines.SeenShare(camera, car, wall), 0, 0.1);
    }

    private static VehicleView Car(long id, double x, double y) => new(
        id, Core.Detection.VehicleClass.PassengerCar, BodyShape.Sedan, new GroundPoint(x, y), Math.PI / 2, 4.2, 1.7, 1.5, 0, default, false, Indicator.Off);

    /// <summary>Where the ray through a place in the picture meets the ground.</summary>
    private static GroundPoint GroundAt(ViewCamera camera, PicturePoint p)
    {
        var ray = camera.RayThrough((float)p.X, (float)p.Y);
        var at = camera.Position + (ray * (-camera.Position.Z / ray.Z));
        return new GroundPoint(at.X, at.Y);
    }
}
