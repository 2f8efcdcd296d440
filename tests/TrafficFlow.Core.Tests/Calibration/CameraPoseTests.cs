using System.Numerics;
using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Geometry;
using Xunit;

namespace TrafficFlow.Core.Tests.Calibration;

public sealed class CameraPoseTests
{
    private static readonly (double X, double Y)[] s_places = [(-6, 0), (6, 0), (-6, 12), (6, 12), (0, 4), (-3, 20), (4, 24), (0, 30), (5, 6), (-5, 7)];
    private static readonly GroundPoint s_origin = new(388_123.5, 5_662_241.25);

    public static TheoryData<string, double, double, double, double, double, double, double> Cameras => new()
    {
        { "a mast", 2, -14, 9, -1, 8, 0.8, 16.0 / 9 },
        { "a roof far away", -40, -60, 25, 0, 10, 2.5, 4.0 / 3 },
        { "a low pole, wide lens", 8, -6, 4.5, 0, 12, 0.5, 16.0 / 9 },
        { "looking south-west", 30, 40, 12, 2, 10, 1.1, 1.25 },
        { "steep", 1, 2, 30, 1, 12, 0.9, 16.0 / 9 },
    };

    [Theory]
    [MemberData(nameof(Cameras))]
    public void The_camera_is_found_where_it_hangs(string what, double x, double y, double z, double lookX, double lookY, double focal, double aspect)
    {
        var camera = new SurveyCamera(new((float)x, (float)y, (float)z), new((float)lookX, (float)lookY, 0), focal, aspect);
        var pose = CameraPose.From(GroundPlaneFit.Fit(camera.Survey(s_places, s_origin), aspect).Plane, aspect);

        Assert.NotNull(pose);
        Assert.NotEmpty(what);
        Assert.Equal(focal, pose.FocalShare, 0.002 * focal);
        Assert.Equal(z, pose.HeightMetres, 0.05);
        Assert.InRange(pose.Position.DistanceTo(new GroundPoint(s_origin.X + x, s_origin.Y + y)), 0, 0.1);
        Assert.InRange(Vector3.Dot(pose.Direction, Vector3.Normalize(camera.LookAt - camera.Position)), 0.99999f, 1.00001f);
        foreach (var (px, py) in s_places)
        {
            var ground = new GroundPoint(s_origin.X + px, s_origin.Y + py);
            var roof = pose.ToPicture(ground, 3.2)!.Value;
            Assert.Equal(camera.See(px, py, 3.2).X, roof.X, 0.001);
            Assert.Equal(camera.See(px, py, 3.2).Y, roof.Y, 0.001);
            Assert.InRange(pose.ToGround(roof, 3.2)!.Value.DistanceTo(ground), 0, 1e-6);
        }
    }

    [Fact]
    public void At_height_zero_it_is_the_plane_itself()
    {
        var plane = GroundPlaneFit.Fit(SurveyCamera.Mast.Survey(s_places, s_origin), SurveyCamera.Mast.Aspect).Plane;
        var pose = CameraPose.From(plane, SurveyCamera.Mast.Aspect)!;
        var ground = new GroundPoint(s_origin.X + 3, s_origin.Y + 9);

        Assert.Equal(plane.ToPicture(ground), pose.ToPicture(ground, 0));
        Assert.Null(pose.ToGround(new PicturePoint(0.5, 0.5), pose.HeightMetres + 1));
    }

    [Fact]
    public void Straight_above_the_focal_length_must_be_given()
    {
        var camera = new SurveyCamera(new(0, 10, 40), new(0.01f, 11, 0), 0.9, 16.0 / 9);
        var plane = GroundPlaneFit.Fit(camera.Survey(s_places), camera.Aspect).Plane;

        Assert.Null(CameraPose.From(plane, camera.Aspect));
        var pose = CameraPose.From(plane, camera.Aspect, camera.FocalShare)!;
        Assert.Equal(40, pose.HeightMetres, 0.05);
        Assert.InRange(pose.TiltDegrees, 88, 90);
        Assert.Equal(camera.See(4, 24, 3).Y, pose.ToPicture(new GroundPoint(4, 24), 3)!.Value.Y, 0.002);
    }

    [Fact]
    public void A_plane_that_no_centred_lens_sees_has_no_pose()
    {
        // The lower right quarter of a picture: its middle is not where the lens looks.
        var cropped = SurveyCamera.Mast.Survey(s_places).Select(p => p with { Image = new((p.Image.X * 2) + 3, (p.Image.Y * 2) + 6) });
        Assert.Null(CameraPose.From(GroundPlaneFit.Fit([.. cropped], SurveyCamera.Mast.Aspect).Plane, SurveyCamera.Mast.Aspect));
    }

    [Fact]
    public void The_lens_is_part_of_the_projection()
    {
        var camera = SurveyCamera.Mast with { Lens = new LensDistortion(0.12, 0.01, SurveyCamera.Mast.Aspect) };
        var plane = GroundPlaneFit.Fit(camera.Survey(s_places), camera.Aspect, camera.Lens).Plane;
        var pose = CameraPose.From(plane, camera.Aspect)!;

        Assert.Equal(9, pose.HeightMetres, 0.05);
        Assert.Equal(camera.See(5, 6, 2.5).Y, pose.ToPicture(new GroundPoint(5, 6), 2.5)!.Value.Y, 0.001);
        Assert.InRange(plane.ToGround(camera.See(-8, 3))!.Value.DistanceTo(new GroundPoint(-8, 3)), 0, 0.01);
    }
}
