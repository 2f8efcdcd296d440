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
    private const string TakeBack = "-";

    private static readonly AskingConsole s_console = new(AnsiConsole.Console);

    private readonly List<GroundReference> _points = [];

    /// <exception cref="OperationCanceledException">Somebody gave up before a point was known.</exception>
    /// <exception cref="JobFailedException">Somebody gave up later: what was typed in is kept.</exception>
    public async Task<AskedSurvey> AskAsync(CancellationToken cancellation)
    {
        s_console.MarkupLineInterpolated($"Calibrating camera [bold]{camera.Id}[/]: from places in its picture to metres on the road. Ctrl-C gives up.");
        try
        {
            var way = await new SelectionPrompt<string>().Title("What is known?").AddChoices(Survey, Lanes, Vehicles).ShowAsync(s_console, cancellation);
            if (way == Vehicles)
            {
                var view = await AskViewAsync(cancellation);
                return new AskedSurvey(null, new RoughClues([], 0, await video.VehiclesAsync(cancellation), view));
            }

            await ShowPictureAsync(cancellation);
            if (way == Lanes) return new AskedSurvey(null, await AskLanesAsync(cancellation));
            await AskPointsAsync(cancellation);
            return new AskedSurvey(_points, null);
        }
        catch (OperationCanceledException e)
        {
            s_console.Leave();
            if (_points.Count == 0) throw;
            throw new JobFailedException($"interrupted before the job was done. {TypedPoints.Keep(camera.Id, _points)}", e);
        }
    }

    /// <summary>A question that is answered by y or n.</summary>
    public static async Task<bool> WantsAsync(string question, CancellationToken cancellation)
    {
        try
        {
            return await new ConfirmationPrompt(Markup.Escape(question)).ShowAsync(s_console, cancellation);
        }
        catch (OperationCanceledException)
        {
            s_console.Leave();
            throw;
        }
    }

    private async Task ShowPictureAsync(CancellationToken cancellation)
    {
        var file = Path.GetFullPath($"{camera.Id}-picture.png");
        await video.DrawAsync(file, GroundOverlay.DrawRuler, cancellation);
        s_console.MarkupLineInterpolated($"Open [bold]{file}[/]: lines stand at every tenth of the picture. Places are read as x,y in fractions, x to the right and y down.");
    }

    private async Task AskPointsAsync(CancellationToken cancellation)
    {
        s_console.WriteLine($"Six to twelve places on the road, near and far, left and right. {TakeBack} takes the last one back; an empty line ends.");
        while (true)
        {
            var place = await AskNumbersAsync($"place {_points.Count + 1} in the picture (x,y)", 2, 0, 1, _points.Count >= GroundPlaneFit.MinPoints, true, cancellation);
            if (place.IsEnd) return;
            if (place.TakesBack)
            {
                if (_points.Count > 0) _points.RemoveAt(_points.Count - 1);
                continue;
            }

            var metres = await AskNumbersAsync("  on the ground (metres east,north of any one point)", 2, -1e8, 1e8, false, true, cancellation);
            if (!metres.TakesBack) _points.Add(new GroundReference(new PicturePoint(place[0], place[1]), metres[0], metres[1]));
        }
    }

    private async Task<RoughClues> AskLanesAsync(CancellationToken cancellation)
    {
        var width = (await AskNumbersAsync("width of a lane in metres (2.75 to 3.75 is usual)", 1, 2, 6, false, false, cancellation))[0];
        s_console.WriteLine($"Lines between lanes, neighbours in order, each by two places far apart on it. {TakeBack} takes the last one back; an empty line ends.");
        var lines = new List<LaneLine>();
        while (true)
        {
            var line = await AskNumbersAsync($"line {lines.Count + 1} (x1,y1,x2,y2)", 4, 0, 1, lines.Count >= 2, true, cancellation);
            if (line.IsEnd) break;
            if (!line.TakesBack) lines.Add(new LaneLine(new PicturePoint(line[0], line[1]), new PicturePoint(line[2], line[3])));
            else if (lines.Count > 0) lines.RemoveAt(lines.Count - 1);
        }

        return new RoughClues(lines, width, [], await AskViewAsync(cancellation));
    }

    private async Task<double?> AskViewAsync(CancellationToken cancellation)
    {
        if (options.FieldOfView is { } given) return given;
        var view = await AskNumbersAsync("horizontal field of view in degrees, from the camera's data sheet (empty: unknown)", 1, 3, 150, true, false, cancellation);
        return view.IsEnd ? null : view[0];
    }

    private static async Task<Answer> AskNumbersAsync(
        string question, int count, double least, double most, bool mayEnd, bool mayTakeBack, CancellationToken cancellation)
    {
        var wanted = count > 1 ? $"{count} numbers, divided by commas," : "a number";
        var prompt = new TextPrompt<string>(question).Validate(text => Parse(text) is not null
            ? ValidationResult.Success()
            : ValidationResult.Error(FormattableString.Invariant($"[red]write {wanted} from {least} to {most}, with a point for decimals{(mayEnd ? ", or nothing" : "")}[/]")));
        prompt.AllowEmpty = true;
        return Parse(await prompt.ShowAsync(s_console, cancellation))!;

        Answer? Parse(string text)
        {
            if (mayEnd && text.Trim().Length == 0) return new Answer([]);
            if (mayTakeBack && text.Trim() == TakeBack) return new Answer([]) { TakesBack = true };
            var numbers = text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(n => double.TryParse(n, NumberStyles.Float, CultureInfo.InvariantCulture, out var x) && x >= least && x <= most ? x : double.NaN).ToArray();
            return numbers.Length == count && !numbers.Any(double.IsNaN) ? new Answer(numbers) : null;
        }
    }

    private sealed record Answer(double[] Numbers)
    {
        public bool TakesBack { get; init; }

        public bool IsEnd => Numbers.Length == 0 && !TakesBack;

        public double this[int index] => Numbers[index];
    }
}
