using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Geometry;
using Xunit;

namespace TrafficFlow.Core.Tests.Calibration;

public sealed class RoughPlaneFitTests(ITestOutputHelper output)
{
    private const double Aspect = 16.0 / 9;

    public static TheoryData<string, SurveyCamera> Cameras() => new()
    {
        { "a mast", new SurveyCamera(new(2, -14, 9), new(1, 14, 0), 0.8, Aspect) },
        { "a wide lens", new SurveyCamera(new(-3, -8, 6), new(-1, 10, 0), 0.6, Aspect) },
        { "a long lens", new SurveyCamera(new(6, -45, 14), new(0, 12, 0), 1.6, Aspect) },
    };

    [Theory]
    [MemberData(nameof(Cameras))]
    public void Lanes_of_known_width_and_a_known_lens_give_metres(string what, SurveyCamera camera)
    {
        LaneLine[] lines = [.. new[] { -3.25, 0.0, 3.25 }.Select(x => new LaneLine(camera.See(x, 2), camera.See(x, 25)))];
        var fov = 2 * Math.Atan(0.5 / camera.FocalShare) * 180 / Math.PI;
        Within(2, what, camera, RoughPlaneFit.Fit(new RoughClues(lines, 3.25, [], fov), Aspect));
    }

    [Theory]
    [MemberData(nameof(Cameras))]
    public void Vehicles_of_ordinary_size_give_metres_and_say_how_well(string what, SurveyCamera camera) =>
        Within(2, what, camera, RoughPlaneFit.Fit(new RoughClues([], 0, Traffic(camera)), Aspect));

    [Fact]
    public void Too_few_clues_are_refused()
    {
        Assert.Contains("at least 12", Assert.Throws<CalibrationException>(() => RoughPlaneFit.Fit(new RoughClues([], 0, []), Aspect)).Message, StringComparison.Ordinal);
        var line = new LaneLine(new(0.4, 0.9), new(0.45, 0.3));
        Assert.Contains("two or more", Assert.Throws<CalibrationException>(() => RoughPlaneFit.Fit(new RoughClues([line], 3.25, []), Aspect)).Message, StringComparison.Ordinal);
    }

    /// <summary>Every distance on the road is right within so many stated errors.</summary>
    private void Within(double errors, string what, SurveyCamera camera, RoughFit fit)
    {
        var plane = GroundPlaneFit.Fit(fit.Points, Aspect).Plane;
        var worst = 0.0;
        foreach (var (x1, y1, x2, y2) in new (double, double, double, double)[] { (-3, 4, 3, 4), (0, 4, 0, 14), (0, 12, 0, 22), (-3, 18, 3, 18), (-3, 5, 3, 20) })
        {
            var (a, b) = (plane.ToGround(camera.See(x1, y1))!.Value, plane.ToGround(camera.See(x2, y2))!.Value);
            worst = Math.Max(worst, Math.Abs(Math.Log(a.DistanceTo(b) / new GroundPoint(x1, y1).DistanceTo(new GroundPoint(x2, y2)))));
        }

        output.WriteLine(FormattableString.Invariant(
            $"{what}: worst length off by {worst:P1}, stated {fit.RelativeError:P1}; height {fit.HeightMetres:0.0} of {camera.Position.Z}, view {fit.FieldOfViewDegrees:0} of {2 * Math.Atan(0.5 / camera.FocalShare) * 180 / Math.PI:0} degrees"));
        Assert.InRange(fit.RelativeError, 0.03, 0.25);
        Assert.InRange(worst, 0, errors * fit.RelativeError);
    }

    /// <summary>Cars of various size in three lanes, seen as the bounding box of their eight corners.</summary>
    private static SeenVehicle[] Traffic(SurveyCamera camera)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, 90).Select(i =>
        {
            var (x, y) = (new[] { -3.25, 0.0, 3.25 }[i % 3] + (0.3 * (random.NextDouble() - 0.5)), 2 + (22 * random.NextDouble()));
            var size = 0.9 + (0.2 * random.NextDouble());
            var corners = from dx in new[] { -0.5, 0.5 }
                          from dy in new[] { -0.5, 0.5 }
                          from up in new[] { 0, 1 }
                          let share = up == 0 ? 1 : 0.75
                          select camera.See(x + (dx * 1.77 * size * share), y + (dy * 4.35 * size * share), 1.52 * size * up);
            var seen = corners.ToList();
            var (left, right, top, bottom) = (seen.Min(p => p.X), seen.Max(p => p.X), seen.Min(p => p.Y), seen.Max(p => p.Y));
            var (from, to) = (camera.See(x, y), camera.See(x, y + 2));
            return new SeenVehicle(left, top, right, bottom, to.X - from.X, to.Y - from.Y, VehicleSizes.Car);
        })];
    }
}
