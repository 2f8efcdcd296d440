using System.Globalization;
using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Geometry;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Calibrate;

/// <summary>
/// A real camera, surveyed twice by hand: fitted to one set and checked on the other. What limits it is the survey, not the fit: the four
/// landmarks that both sets share lie 0.06, 0.10, 0.40 and 0.53 m apart between the two clicks, since a pixel at the far one is half a metre
/// of road; and one point of each set lies outside the other set.
/// </summary>
public sealed class RadebergTests(ITestOutputHelper output)
{
    private const double Aspect = 800.0 / 600;

    [Theory]
    [InlineData("A", "B", 0.36, 0.47)]
    [InlineData("B", "A", 0.46, 0.60)]
    public void A_plane_fitted_to_one_survey_agrees_with_the_other(string fitted, string check, double meanAtMost, double rmseAtMost)
    {
        var plane = GroundPlaneFit.Fit(Survey(fitted), Aspect).Plane;

        var errors = Survey(check).Select(p => plane.ToGround(p.Image)!.Value.DistanceTo(new GroundPoint(p.EastMetres, p.NorthMetres))).Order().ToList();

        var (mean, rmse) = (errors.Average(), Math.Sqrt(errors.Average(e => e * e)));
        output.WriteLine(FormattableString.Invariant(
            $"fit {fitted}, check {check}: mean {mean:0.000} m, median {errors[errors.Count / 2]:0.000} m, RMSE {rmse:0.000} m ({string.Join(", ", errors.Select(e => e.ToString("0.00", CultureInfo.InvariantCulture)))}), plane {plane.Version}"));
        Assert.InRange(mean, 0, meanAtMost);
        Assert.InRange(rmse, 0, rmseAtMost);
    }

    [Fact]
    public void Both_surveys_together_put_the_camera_on_its_mast()
    {
        var fit = GroundPlaneFit.Fit([.. Survey("A"), .. Survey("B")], Aspect);
        var pose = CameraPose.From(fit.Plane, Aspect)!;

        output.WriteLine(FormattableString.Invariant(
            $"held-out {fit.HeldOutMetres:0.00} m, k1 {fit.Plane.Lens?.K1 ?? 0}, height {pose.HeightMetres:0.00} m, field of view {pose.FieldOfViewDegrees:0.0} degrees"));
        // A window on the first floor, and the 62 degrees of the camera module's data sheet.
        Assert.InRange(pose.HeightMetres, 3.5, 5);
        Assert.InRange(pose.FieldOfViewDegrees, 60, 66);
        Assert.InRange(fit.HeldOutMetres!.Value, 0, 1);
    }

    private static GroundReference[] Survey(string set) => [.. File.ReadLines(SharedFiles.Shared("data/calibration/radeberg.csv"))
        .Select(line => line.Split(','))
        .Where(cells => cells.Length == 5 && cells[0] == set)
        .Select(cells => new GroundReference(new PicturePoint(Number(cells[1]) / 800, Number(cells[2]) / 600), Number(cells[3]), Number(cells[4])))];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
