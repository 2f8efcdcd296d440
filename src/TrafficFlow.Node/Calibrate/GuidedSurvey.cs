using System.Globalization;
using Spectre.Console;
using TrafficFlow.Core.Calibration;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vision.Annotation;

namespace TrafficFlow.Node.Calibrate;

/// <summary>What the questions brought: surveyed points, or clues.</summary>
internal sealed record AskedSurvey(IReadOnlyList<GroundReference>? Points, RoughClues? Clues);

/// <summary>Asks for a calibration step by step on a terminal.</summary>
internal sealed class GuidedSurvey(CameraSetup camera, CalibrationVideo video, CalibrateOptions options)
{
    private const string Survey = "I know where some places on the road lie, in metres (tape, map or aerial picture)";
    private const string Lanes = "I know how wide the lanes are";
    private const string Vehicles = "I know nothing: take it from the vehicles that pass in the video";

    public async Task<AskedSurvey> AskAsync(CancellationToken cancellation)
    {
        AnsiConsole.MarkupLineInterpolated($"Calibrating camera [bold]{camera.Id}[/]: from places in its picture to metres on the road.");
        var way = await new SelectionPrompt<string>().Title("What is known?").AddChoices(Survey, Lanes, Vehicles).ShowAsync(AnsiConsole.Console, cancellation);
        if (way == Vehicles) return new AskedSurvey(null, new RoughClues([], 0, await video.VehiclesAsync(cancellation), options.FieldOfView));
        await ShowPictureAsync(cancellation);
        return way == Lanes ? new AskedSurvey(null, await AskLanesAsync(cancellation)) : new AskedSurvey(await AskPointsAsync(cancellation), null);
    }

    private async Task ShowPictureAsync(CancellationToken cancellation)
    {
        var file = Path.GetFullPath($"{camera.Id}-picture.png");
        await video.DrawAsync(file, GroundOverlay.DrawRuler, cancellation);
        AnsiConsole.MarkupLineInterpolated($"Open [bold]{file}[/]: lines stand at every tenth of the picture. Places are read as x,y in fractions, x to the right and y down.");
    }

    private static async Task<IReadOnlyList<GroundReference>> AskPointsAsync(CancellationToken cancellation)
    {
        AnsiConsole.WriteLine("Six to twelve places on the road, near and far, left and right. An empty line ends.");
        var points = new List<GroundReference>();
        while (true)
        {
            var place = await AskNumbersAsync($"place {points.Count + 1} in the picture (x,y)", 2, 0, 1, points.Count >= GroundPlaneFit.MinPoints, cancellation);
            if (place is null) return points;
            var metres = await AskNumbersAsync("  on the ground (metres east,north of any one point)", 2, -1e8, 1e8, false, cancellation);
            points.Add(new GroundReference(new PicturePoint(place[0], place[1]), metres![0], metres[1]));
        }
    }

    private async Task<RoughClues> AskLanesAsync(CancellationToken cancellation)
    {
        var width = (await AskNumbersAsync("width of a lane in metres (2.75 to 3.75 is usual)", 1, 2, 6, false, cancellation))![0];
        AnsiConsole.WriteLine("Lines between lanes, neighbours in order, each by two places far apart on it. An empty line ends.");
        var lines = new List<LaneLine>();
        while (await AskNumbersAsync($"line {lines.Count + 1} (x1,y1,x2,y2)", 4, 0, 1, lines.Count >= 2, cancellation) is { } line)
            lines.Add(new LaneLine(new PicturePoint(line[0], line[1]), new PicturePoint(line[2], line[3])));
        var view = options.FieldOfView ?? (await AskNumbersAsync("horizontal field of view in degrees, from the camera's data sheet (empty: unknown)", 1, 3, 150, true, cancellation))?[0];
        return new RoughClues(lines, width, [], view);
    }

    /// <summary>Null for an empty answer, where that is allowed.</summary>
    private static async Task<double[]?> AskNumbersAsync(string question, int count, double least, double most, bool mayEnd, CancellationToken cancellation)
    {
        var prompt = new TextPrompt<string>(question).Validate(text =>
            (mayEnd && text.Trim().Length == 0) || Parse(text) is not null
                ? ValidationResult.Success()
                : ValidationResult.Error(FormattableString.Invariant($"[red]write {count} number{(count > 1 ? "s, divided by commas," : "")} from {least} to {most}{(mayEnd ? ", or nothing" : "")}[/]")));
        prompt.AllowEmpty = mayEnd;
        return Parse(await prompt.ShowAsync(AnsiConsole.Console, cancellation));

        double[]? Parse(string text)
        {
            var numbers = text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(n => double.TryParse(n, NumberStyles.Float, CultureInfo.InvariantCulture, out var x) && x >= least && x <= most ? x : double.NaN).ToArray();
            return numbers.Length == count && !numbers.Any(double.IsNaN) ? numbers : null;
        }
    }
}
