using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Privacy;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Custody;

namespace TrafficFlow.Node.Calibrate;

/// <summary>A calibration for people and for programs.</summary>
internal static class CalibrateReport
{
    public static void Write(CameraSetup camera, FoundCalibration calibration, double aspect)
    {
        var (fit, plane) = (calibration.Fit, calibration.Fit.Plane);
        if (calibration.Rough is null) AnsiConsole.Write(Table(fit));
        var error = plane.ErrorMetres.ToString("0.00", CultureInfo.InvariantCulture);
        Line($"camera {camera.Id}, calibration {plane.Version} from {calibration.From}");
        if (calibration.Rough is { } rough) Line($"  lengths and speeds are known to {100 * rough.RelativeError:0} % (one standard deviation): survey points for better ones");
        else if (calibration.GroundError is not null) Line($"  error {error} m, as ground-error in the site file says");
        else if (fit.HeldOutMetres is null) Line($"  error about {error} m, an estimate: with four points none is left to check with; survey two more, spread over the road");
        else Line($"  error {error} m on points that the fit did not see (root mean square; aim: 0.3 m)");
        Line($"  {Lens(plane)}");
        Line($"  {Pose(CameraPose.From(plane, aspect))}");
        Line($"  {PictureFindings.Describe(Heights(camera, calibration))}");
        foreach (var outlier in fit.Outliers)
            Line($"  point {Number(fit, outlier)} contradicts the others by {outlier.ResidualMetres:0.00} m and was left out: measure it again, or remove it");
        if (calibration.Rough is null && Worst(fit) is { } worst)
            Line($"  the worst point in use is {Number(fit, worst)}: {worst.HeldOutMetres ?? worst.ResidualMetres:0.00} m from where the others put it");
    }

    public static string Json(CameraSetup camera, FoundCalibration calibration, double aspect)
    {
        var (fit, plane) = (calibration.Fit, calibration.Fit.Plane);
        var pose = CameraPose.From(plane, aspect);
        var heights = Heights(camera, calibration);
        return JsonSerializer.Serialize(new
        {
            camera = camera.Id.Value,
            calibration = plane.Version,
            error_m = Round(plane.ErrorMetres),
            held_out_m = Round(fit.HeldOutMetres),
            relative_error = Round(calibration.Rough?.RelativeError),
            k1 = plane.Lens?.K1 ?? 0,
            k2 = plane.Lens?.K2 ?? 0,
            height_m = Round(pose?.HeightMetres),
            tilt_degrees = Round(pose?.TiltDegrees),
            field_of_view_degrees = Round(pose?.FieldOfViewDegrees),
            plate_figures_px = Round(heights.Plate),
            faces_px = Round(heights.Face),
            points = fit.Points.Select(p => new
            {
                image = new[] { p.Point.Image.X, p.Point.Image.Y },
                metres = new[] { p.Point.EastMetres, p.Point.NorthMetres },
                residual_m = Round(p.ResidualMetres),
                held_out_m = Round(p.HeldOutMetres),
                outlier = p.IsOutlier,
            }),
        });

        static double? Round(double? value) => value is { } v && double.IsFinite(v) ? Math.Round(v, 3) : null;
    }

    /// <summary>With the masks and the size of the site file.</summary>
    private static LargestHeights Heights(CameraSetup camera, FoundCalibration calibration) => PictureCheck.Of(camera with { Plane = calibration.Fit.Plane });

    private static Table Table(GroundFit fit)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("point", "picture", "metres");
        table.AddColumn(new TableColumn("residual m").RightAligned()).AddColumn(new TableColumn("held out m").RightAligned()).AddColumn("");
        foreach (var p in fit.Points)
        {
            table.AddRow(
                $"{Number(fit, p)}",
                string.Create(CultureInfo.InvariantCulture, $"{p.Point.Image.X:0.0000}, {p.Point.Image.Y:0.0000}"),
                string.Create(CultureInfo.InvariantCulture, $"{p.Point.EastMetres:0.00}, {p.Point.NorthMetres:0.00}"),
                p.ResidualMetres.ToString("0.000", CultureInfo.InvariantCulture),
                p.HeldOutMetres?.ToString("0.000", CultureInfo.InvariantCulture) ?? "",
                p.IsOutlier ? "left out" : ReferenceEquals(p, Worst(fit)) ? "worst" : "");
        }

        return table;
    }

    private static FittedPoint? Worst(GroundFit fit) => fit.Points.Where(p => !p.IsOutlier).MaxBy(p => p.HeldOutMetres ?? p.ResidualMetres);

    private static int Number(GroundFit fit, FittedPoint point) => fit.Points.TakeWhile(p => !ReferenceEquals(p, point)).Count() + 1;

    private static string Lens(GroundPlane plane) => plane.Lens is null or { K1: 0, K2: 0 }
        ? "lens straight"
        : string.Create(CultureInfo.InvariantCulture, $"lens k1 {plane.Lens.K1:0.####}, k2 {plane.Lens.K2:0.####}");

    private static string Pose(CameraPose? pose) => pose is null
        ? "the camera's height cannot be told from these points: it looks straight down, or the points are far off (is the picture cropped or stretched?)"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"check: the camera then hangs {pose.HeightMetres:0.0} m above the road over ({Tenths(pose.Position.X):0.0}, {Tenths(pose.Position.Y):0.0}), looks {pose.TiltDegrees:0} degrees down and sees {pose.FieldOfViewDegrees:0} degrees across");

    /// <summary>Without a minus before zero.</summary>
    private static double Tenths(double metres) => Math.Round(metres, 1) + 0.0;

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
