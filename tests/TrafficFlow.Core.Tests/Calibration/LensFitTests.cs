using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Geometry;
using Xunit;

namespace TrafficFlow.Core.Tests.Calibration;

public sealed class LensFitTests
{
    private static readonly (double X, double Y)[] s_places =
        [(-9, -2), (8, -2), (-6, 0), (6, 2), (-10, 12), (10, 12), (0, 4), (-14, 20), (14, 24), (0, 30), (5, 6), (-5, 7)];

    [Theory]
    [InlineData(0.04)]
    [InlineData(0.15)]
    [InlineData(-0.08)]
    public void A_bent_lens_is_found_from_the_points(double k1)
    {
        var camera = SurveyCamera.Mast with { Lens = new LensDistortion(k1, 0, SurveyCamera.Mast.Aspect) };
        var fit = GroundPlaneFit.Fit(Clicked(camera, 0.0005, 11), camera.Aspect);

        Assert.Equal(k1, fit.Plane.Lens!.K1, 0.02);
        Assert.Empty(fit.Outliers);
        Assert.InRange(fit.HeldOutMetres!.Value, 0, 0.25);
        Assert.True(fit.HeldOutMetres < 0.7 * GroundPlaneFit.Fit(Clicked(camera, 0.0005, 11), camera.Aspect, new LensDistortion(0, 0, camera.Aspect)).HeldOutMetres);
    }

    [Fact]
    public void A_straight_lens_stays_straight_whatever_the_noise()
    {
        var bent = Enumerable.Range(0, 20).Count(seed => GroundPlaneFit.Fit(Clicked(SurveyCamera.Mast, 0.001, seed), SurveyCamera.Mast.Aspect).Plane.Lens is { } lens
            && Math.Abs(lens.K1) > 0.03);
        Assert.InRange(bent, 0, 1);
    }

    [Fact]
    public void Seven_points_are_too_few_for_a_lens()
    {
        var camera = SurveyCamera.Mast with { Lens = new LensDistortion(0.15, 0, SurveyCamera.Mast.Aspect) };
        Assert.Null(GroundPlaneFit.Fit(camera.Survey(s_places[..7]), camera.Aspect).Plane.Lens);
    }

    private static GroundReference[] Clicked(SurveyCamera camera, double sigma, int seed)
    {
        var random = new Random(seed);
        return [.. camera.Survey(s_places).Select(p => p with { Image = new PicturePoint(p.Image.X + Noise(), p.Image.Y + (Noise() * camera.Aspect)) })];

        double Noise() => sigma * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }
}
