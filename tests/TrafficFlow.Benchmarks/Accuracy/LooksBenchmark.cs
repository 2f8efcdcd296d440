using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;
using TrafficFlow.Synthetic.Light;
using TrafficFlow.SystemTests.Accuracy;

namespace TrafficFlow.Benchmarks.Accuracy;

/// <summary>How right classes and colours are.</summary>
internal sealed class LooksBenchmark : IBenchmark
{
    private const string Chosen = "--detector";
    private const string MarkedOnly = "--marked-only";

    /// <summary>Clips without a site file, in the size in which they would be processed.</summary>
    private static readonly Dictionary<string, FrameFormat> s_formats = new()
    {
        ["car_park"] = new(640, 360, 12.5),
        ["night"] = new(640, 360, 30),
        ["radeberg_130000"] = new(640, 480, 20),
        ["radeberg_130003"] = new(640, 480, 20),
        ["radeberg_130006"] = new(640, 480, 20),
    };

    public string Name => "looks";

    public string Description =>
        """
        Class and colour of the vehicles, as confusion matrices on standard error: of vehicles of the clips that a person marked
        (tests/TrafficFlow.System.Tests/Accuracy/marked.csv), and of the synthetic junction by its own truth, in each light. Accuracy counts
        the vehicles that were given a name; coverage is their share.
          marked_colour_accuracy, marked_colour_coverage     to beat: 0.81, a published colour network's
          marked_class_accuracy, marked_class_coverage       to beat: 0.88, the same network's types (car, van, lorry, bus)
          marked_size_accuracy                               small or large
          LIGHT_colour_accuracy, LIGHT_colour_coverage, LIGHT_class_accuracy, LIGHT_size_accuracy    day, cloudy, dusk, night, rain
        Found with the detector in the box.
        --quick takes two clips and 20 s of day.
        """;

    public IReadOnlyDictionary<string, string> Options { get; } = new Dictionary<string, string>
    {
        [Chosen] = "NAME    with another one, as benchmark accuracy names them",
        [MarkedOnly] = "yes    leave the synthetic junction out",
    };

    public Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation) => RunAsync(isQuick, new Dictionary<string, string>(), cancellation);

    public async Task<Figures> RunAsync(bool isQuick, IReadOnlyDictionary<string, string> options, CancellationToken cancellation)
    {
        var setting = options.TryGetValue(Chosen, out var chosen)
            ? CountingSetting.All(RepositoryFiles.Shared).FirstOrDefault(s => s.Name == chosen) ?? throw new BenchmarkException(BenchmarkException.CannotRun, $"there is no detector \"{chosen}\"")
            : CountingSetting.Default;
        var figures = new Figures();
        await MarkedAsync(isQuick, setting, figures, cancellation);
        foreach (var light in Lighting.All)
        {
            if (options.ContainsKey(MarkedOnly) || (isQuick && light != Lighting.Day)) continue;
            var looks = await SyntheticLooks.MeasureAsync("north", light.Name, isQuick ? 20 : 150, 10, 1, setting, cancellation);
            Console.Error.WriteLine($"\n{looks.Colours.ToText($"synthetic {light.Name}, colour")}\n\n{looks.Classes.ToText($"synthetic {light.Name}, class")}");
            figures
                .Add($"{light.Name}_colour_accuracy", looks.Colours.Accuracy, 3)
                .Add($"{light.Name}_colour_coverage", looks.Colours.Coverage, 3)
                .Add($"{light.Name}_class_accuracy", looks.Classes.Accuracy, 3)
                .Add($"{light.Name}_size_accuracy", looks.Sizes.Accuracy, 3);
        }

        return figures;
    }

    private static async Task MarkedAsync(bool isQuick, CountingSetting setting, Figures figures, CancellationToken cancellation)
    {
        var marked = MarkedVehicle.Read(Path.Combine(RepositoryFiles.Repository, "tests", "TrafficFlow.System.Tests", "Accuracy", "marked.csv"));
        var (colours, classes, sizes, lost) = (new ConfusionTable(), new ConfusionTable(), new ConfusionTable(), 0);
        foreach (var clip in marked.Select(m => m.Clip).Distinct())
        {
            if (isQuick && clip is not ("elephant" or "hydepark")) continue;
            var judge = new MarkedJudge(clip, marked);
            var video = await CountedVideo.RunAsync(CameraOf(clip), setting, judge.See, cancellation);
            foreach (var result in judge.Results(video))
            {
                if (result.CalledClass is not { } called) lost++;
                else if (result.Vehicle.Class is { } actual)
                {
                    classes.Add(actual.Name(), called == VehicleClass.Unclassified ? "" : called.Name());
                    sizes.Add(actual.Size().Name(), called.Size().Name());
                }

                if (result.CalledColour is not { } calledColour || result.Vehicle.Colour is not { } colour) continue;
                colours.Add(colour.Name(), calledColour.Name());
                if (colour != calledColour || result.CalledClass != result.Vehicle.Class)
                {
                    Console.Error.WriteLine(FormattableString.Invariant(
                        $"  {clip} {result.Vehicle.Seconds:0.0} s at {result.Vehicle.Box.X:0.00}, {result.Vehicle.Box.Y:0.00}: {result.Vehicle.Class?.Name()} {colour.Name()} -> {result.CalledClass?.Name()} {calledColour.Name()}"));
                }
            }
        }

        Console.Error.WriteLine($"\n{colours.ToText("marked, colour")}\n\n{classes.ToText("marked, class")}\n\n{sizes.ToText("marked, size")}\n{lost} marked vehicles were not followed");
        figures
            .Add("marked_colour_accuracy", colours.Accuracy, 3)
            .Add("marked_colour_coverage", colours.Coverage, 3)
            .Add("marked_class_accuracy", classes.Accuracy, 3)
            .Add("marked_class_coverage", classes.Coverage, 3)
            .Add("marked_size_accuracy", sizes.Accuracy, 3);
    }

    private static CameraSetup CameraOf(string clip) => s_formats.TryGetValue(clip, out var format)
        ? new CameraSetup(new CameraId("cam1"), RepositoryFiles.Shared($"data/clips/{clip}.mp4"), format, "default", [], [], [])
        : SiteSettings.Load(RepositoryFiles.Shared($"data/sites/{clip}.conf")).Site.Cameras[0];
}
