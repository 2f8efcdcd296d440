using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;
using TrafficFlow.Vision.Annotation;

namespace TrafficFlow.Node.Calibrate;

/// <summary>One calibration: finds the points, fits, tells, draws and writes.</summary>
internal sealed class CalibrateJob(Site site, CameraSetup camera, DetectorCatalog catalog, CalibrateOptions options)
{
    private double Aspect => (double)camera.Frame.Width / camera.Frame.Height;

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var video = new CalibrationVideo(site, camera, catalog, options);
        var calibration = await FindAsync(video, cancellation);
        if (options.AsJson) Console.WriteLine(CalibrateReport.Json(camera, calibration, Aspect));
        else CalibrateReport.Write(camera, calibration, Aspect);
        if (options.Picture is { } picture)
        {
            await video.DrawAsync(picture, shown => GroundOverlay.Draw(shown, calibration.Fit), cancellation);
            if (!options.AsJson) Console.WriteLine($"The grid of metres is drawn in {picture}: look whether it lies on the road, and whether lane lines run along it.");
        }

        await SaveAsync(calibration, cancellation);
        return ExitCodes.Done;
    }

    private async Task<FoundCalibration> FindAsync(CalibrationVideo video, CancellationToken cancellation)
    {
        try
        {
            if (options.IsRough) return await RoughAsync(video, cancellation);
            if (options.PointsFile is { } file) return Surveyed(PointsFile.Read(file, options.PointsSize), $"{Path.GetFileName(file)}");
            if (camera.Ground.Count > 0 && !options.Asks)
            {
                return new FoundCalibration(GroundPlaneFit.Fit(camera.Ground, Aspect, camera.Lens, camera.GroundErrorMetres), camera.GroundErrorMetres, camera.Lens, null, "the site file's points") { Way = Way.Read };
            }

            if (IsOnTerminal) return await AskAsync(video, cancellation);
            if (options.Asks) throw new UsageException("--ask asks on a terminal, and this is none");
        }
        catch (CalibrationException e)
        {
            throw new JobFailedException($"{options.PointsFile ?? options.SiteFile}: {(options.IsRough ? "the clues" : "the points")} {e.Problem}: {e.Remedy}", e);
        }

        throw new UsageException(
            $"camera {camera.Id} has no ground points: give --points FILE.csv, or --lanes with --lane-width, or --vehicles, or run this on a terminal to be asked");
    }

    private bool IsOnTerminal => !options.AsJson && !Console.IsInputRedirected && !Console.IsOutputRedirected;

    private FoundCalibration Surveyed(IReadOnlyList<GroundReference> points, string from) =>
        new(GroundPlaneFit.Fit([.. points.Select(GroundBlock.AsWritten)], Aspect, camera.Lens), null, camera.Lens, null, from);

    private async Task<FoundCalibration> RoughAsync(CalibrationVideo video, CancellationToken cancellation)
    {
        var vehicles = options.FromVehicles ? await video.VehiclesAsync(cancellation) : [];
        return Rough(new RoughClues(options.Lanes, options.LaneWidth ?? 0, vehicles, options.FieldOfView));
    }

    private FoundCalibration Rough(RoughClues clues)
    {
        var rough = RoughPlaneFit.Fit(clues, Aspect);
        var error = Math.Round(rough.ErrorMetres, 3);
        var from = (clues.LaneLines.Count, clues.Vehicles.Count) switch
        {
            (0, var vehicles) => $"{vehicles} observations of vehicles",
            (var lanes, 0) => $"{lanes} lane lines",
            var (lanes, vehicles) => $"{lanes} lane lines and {vehicles} observations of vehicles",
        };
        // The made points lie on a straight lens's plane: there is nothing to estimate a lens from.
        var straight = new LensDistortion(0, 0, Aspect);
        return new FoundCalibration(GroundPlaneFit.Fit(rough.Points, Aspect, straight, error), error, straight, rough, from);
    }

    private async Task<FoundCalibration> AskAsync(CalibrationVideo video, CancellationToken cancellation)
    {
        var asked = await new GuidedSurvey(camera, video, options).AskAsync(cancellation);
        try
        {
            return (asked.Points is { } points ? Surveyed(points, "places that were typed in") : Rough(asked.Clues!)) with { Way = Way.Asked };
        }
        catch (CalibrationException e)
        {
            throw new JobFailedException(asked switch
            {
                { Points: { } typed } => $"the points {e.Problem}: {e.Remedy}. {TypedPoints.Keep(camera.Id, typed)}",
                { Clues.LaneLines.Count: > 0 } => $"the clues {e.Problem}: {e.Remedy}. What you answered, as options: {AsOptions(asked.Clues)}",
                _ => $"the clues {e.Problem}: {e.Remedy}",
            }, e);
        }
    }

    private static string AsOptions(RoughClues clues)
    {
        var lines = clues.LaneLines.Select(l => FormattableString.Invariant($"{l.From.X},{l.From.Y},{l.To.X},{l.To.Y}"));
        var view = clues.FieldOfViewDegrees is { } degrees ? FormattableString.Invariant($" --field-of-view {degrees}") : "";
        return FormattableString.Invariant($"--lanes \"{string.Join(';', lines)}\" --lane-width {clues.LaneWidthMetres}{view}");
    }

    private async Task SaveAsync(FoundCalibration calibration, CancellationToken cancellation)
    {
        var about = FormattableString.Invariant(
            $"from {calibration.From}; error {calibration.Fit.Plane.ErrorMetres:0.00} m{(calibration.Fit.Plane.IsErrorEstimated ? ", estimated" : " on points that the fit did not see")}");
        var block = GroundBlock.Write(calibration.Fit.Points.Select(p => p.Point), calibration.GroundError, calibration.WrittenLens, about, "      ");
        var target = options.Target;
        if (calibration.Way == Way.Read && target == options.SiteFile)
        {
            if (!options.AsJson) Console.WriteLine($"{target} holds these points already: nothing was written.");
            return;
        }

        if (target is null)
        {
            if (!options.AsJson && calibration.Way != Way.Read)
                Console.WriteLine($"{Environment.NewLine}For the block of {camera.Id} in the site file (--write or --out FILE puts it there):{Environment.NewLine}{block}");
            // Nobody types a survey twice.
            if (calibration.Way != Way.Asked || !await GuidedSurvey.WantsAsync($"Write it into {options.SiteFile}?", cancellation)) return;
            target = options.SiteFile;
        }

        var text = GroundBlock.PutInto(File.ReadAllText(options.SiteFile), camera.Id.Value, block)
            ?? throw new JobFailedException($"{options.SiteFile}: {camera.Id} is not written as a block with each key on lines of its own; put this there by hand:{Environment.NewLine}{block}");
        GroundBlock.Save(target, text, options.Config, camera.Id, calibration.Fit.Plane.Version);
        if (!options.AsJson) Console.WriteLine($"Written to {target}: calibration {calibration.Fit.Plane.Version}.");
    }
}

/// <summary>A calibration with what the site file is to say of it.</summary>
/// <param name="GroundError">Of points that nobody surveyed.</param>
/// <param name="WrittenLens">The lens, where the site file says it.</param>
/// <param name="Rough">Null for surveyed points.</param>
internal sealed record FoundCalibration(GroundFit Fit, double? GroundError, LensDistortion? WrittenLens, RoughFit? Rough, string From)
{
    public Way Way { get; init; }
}

/// <summary>How points or clues came.</summary>
internal enum Way
{
    /// <summary>With the command line.</summary>
    Given,

    /// <summary>They stand in the site file already.</summary>
    Read,

    /// <summary>Somebody typed them in just now.</summary>
    Asked,
}
