using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Geometry;
using Xunit;

namespace TrafficFlow.Core.Tests.Calibration;

public sealed class GroundPlaneFitTests
{
    private const double Aspect = 16.0 / 9;

    // Seen from a mast: the far road is narrow and slow to the eye. Origin somewhere in UTM zone 54.
    private static readonly Homography s_toPicture = new(0.04, 0.004, 0.5, 0, -0.03, 0.9, 0, 0.03, 1.2);
    private static readonly GroundPoint s_origin = new(388_123.5, 5_662_241.25);

    private static readonly (double X, double Y)[] s_places =
        [(-6, 0), (6, 0), (-6, 12), (6, 12), (0, 4), (-3, 20), (4, 24), (0, 30), (5, 6), (-5, 7)];

    [Fact]
    public void Exact_points_give_the_plane_to_a_millimetre_at_utm_coordinates()
    {
        var fit = GroundPlaneFit.Fit(Points(), Aspect);

        Assert.InRange(fit.HeldOutMetres!.Value, 0, 1e-6);
        Assert.Equal(fit.HeldOutMetres.Value, fit.Plane.ErrorMetres);
        Assert.False(fit.Plane.IsErrorEstimated);
        foreach (var (x, y) in new[] { (0.0, 15.0), (-2, 3), (7, 40) })
        {
            var ground = new GroundPoint(s_origin.X + x, s_origin.Y + y);
            Assert.InRange(fit.Plane.ToGround(See(x, y))!.Value.DistanceTo(ground), 0, 1e-3);
            var picture = fit.Plane.ToPicture(ground)!.Value;
            Assert.Equal(See(x, y).X, picture.X, 1e-7);
            Assert.Equal(See(x, y).Y, picture.Y, 1e-7);
        }
    }

    [Fact]
    public void Four_points_leave_nothing_to_check_with_and_say_so()
    {
        var fit = GroundPlaneFit.Fit(Points()[..4], Aspect);

        Assert.Null(fit.HeldOutMetres);
        Assert.True(fit.Plane.IsErrorEstimated);
        Assert.InRange(fit.Plane.ErrorMetres, 0.1, 1);
        Assert.All(fit.Points, p => Assert.Null(p.HeldOutMetres));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    public void A_wrong_point_is_found_and_left_out(int wrong)
    {
        var points = Points();
        points[wrong] = points[wrong] with { NorthMetres = points[wrong].NorthMetres + 3 };

        var fit = GroundPlaneFit.Fit(points, Aspect);

        Assert.Equal(points[wrong], Assert.Single(fit.Outliers).Point);
        Assert.InRange(fit.Points[wrong].ResidualMetres, 2.9, 3.1);
        Assert.InRange(fit.HeldOutMetres!.Value, 0, 1e-6);
    }

    [Fact]
    public void Two_exchanged_points_are_found_among_ten()
    {
        var points = Points();
        (points[0], points[3]) = (points[0] with { Image = points[3].Image }, points[3] with { Image = points[0].Image });

        Assert.Equal([points[0], points[3]], GroundPlaneFit.Fit(points, Aspect).Outliers.Select(o => o.Point));
    }

    [Fact]
    public void Held_out_error_tells_the_true_error_of_noisy_points()
    {
        var random = new Random(7);
        var (told, real) = (0.0, 0.0);
        for (var survey = 0; survey < 40; survey++)
        {
            var points = Points().Select(p => p with { Image = new(p.Image.X + Noise(0.001), p.Image.Y + Noise(0.0018)) }).ToArray();
            var fit = GroundPlaneFit.Fit(points, Aspect);
            told += fit.HeldOutMetres!.Value / 40;
            real += Math.Sqrt(s_places.Average(p =>
                Math.Pow(fit.Plane.ToGround(See(p.X, p.Y))!.Value.DistanceTo(new(s_origin.X + p.X, s_origin.Y + p.Y)), 2))) / 40;
        }

        // A held-out point is off by its own noise and by that of the fit without it: it tells more than the truth, never less.
        Assert.InRange(told, real, 4 * real);
        Assert.InRange(real, 0.01, 0.3);

        double Noise(double sigma) => sigma * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    [Fact]
    public void The_version_follows_the_points()
    {
        var points = Points();
        var version = GroundPlaneFit.Fit(points, Aspect).Plane.Version;

        Assert.Equal(version, GroundPlaneFit.Fit([.. points], Aspect).Plane.Version);
        points[2] = points[2] with { EastMetres = points[2].EastMetres + 0.001 };
        Assert.NotEqual(version, GroundPlaneFit.Fit(points, Aspect).Plane.Version);
    }

    [Fact]
    public void Points_that_no_camera_sees_like_this_are_refused_with_what_to_do()
    {
        var exchanged = Points()[..4];
        (exchanged[0], exchanged[1]) = (exchanged[0] with { Image = exchanged[1].Image }, exchanged[1] with { Image = exchanged[0].Image });
        Refused(exchanged, "two of them are exchanged");
        Refused([.. Points().Select(p => p with { EastMetres = p.NorthMetres, NorthMetres = p.EastMetres })], "east and north may be swapped");
        Refused([.. Points()[..4].Select(p => p with { EastMetres = -p.EastMetres })], "wrong sign");
        Refused([.. Points().Select(p => p with { NorthMetres = 5 })], "no three are in line");
        Refused(Points()[..3], "at least 4");
        var random = new Random(3);
        Refused([.. Points().Select(p => p with { EastMetres = random.NextDouble() * 40, NorthMetres = random.NextDouble() * 40 })], "order of the points");
    }

    [Fact]
    public void Above_the_horizon_there_is_no_ground()
    {
        var plane = GroundPlaneFit.Fit(Points(), Aspect).Plane;

        Assert.Null(plane.ToGround(new PicturePoint(0.5, -1.1)));
        Assert.NotNull(plane.ToGround(new PicturePoint(0.5, -0.9)));
        Assert.Null(plane.ToPicture(new GroundPoint(s_origin.X, s_origin.Y - 41)));
    }

    private static void Refused(GroundReference[] points, string remedy) =>
        Assert.Contains(remedy, Assert.Throws<CalibrationException>(() => GroundPlaneFit.Fit(points, Aspect)).Message, StringComparison.Ordinal);

    private static GroundReference[] Points() => [.. s_places.Select(p => new GroundReference(See(p.X, p.Y), s_origin.X + p.X, s_origin.Y + p.Y))];

    private static PicturePoint See(double x, double y)
    {
        var (u, v) = s_toPicture.Map(x, y)!.Value;
        return new PicturePoint(u, v);
    }
}
