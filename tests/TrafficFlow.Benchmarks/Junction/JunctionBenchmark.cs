using System.Globalization;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Accuracy;
using TrafficFlow.Vision.Onnx;

namespace TrafficFlow.Benchmarks.Junction;

/// <summary>How many of the vehicles of a junction become one journey each, when four cameras see it.</summary>
internal sealed class JunctionBenchmark : IBenchmark
{
    private static readonly SyntheticScene[] s_scenes =
    [
        new("day", "day", "normal", 1), new("dusk", "dusk", "normal", 2), new("night", "night", "normal", 3), new("rain", "rain", "normal", 4),
        new("queue", "day", "jam", 5),
    ];

    public string Name => "junction";

    public string Description =>
        """
        The synthetic junction as its four cameras see it, 640x360 at 10 frames/s: painted pictures, detector, tracker and ground plane of each
        camera, and the fusion of their tracks into journeys, against the simulation's truth. For each scene (day, dusk, night, rain; queue: by
        day with reds of more than three minutes):
          SCENE_precision, SCENE_recall       whole journeys: right approach, right exit, entered within 4 s; by day at least 0.98, otherwise 0.95
          SCENE_broken_percent                journeys of which one end is unknown
          SCENE_sums_differ                   approaches whose movements do not add up to its total; must be 0
          SCENE_speed_mae_kmh, _sigma_, _max_ speed of its middle at the entering gate against the true one at that instant; aims 1, 1 and 3
          SCENE_speed_over_3_kmh              how many were off by more than 3
          SCENE_speed_known_percent           matched journeys with a speed: some camera saw the passage
          SCENE_stops_right_percent           matched journeys whose number of stops is right, from where they were first seen
          SCENE_delay_mae_s, SCENE_stood_mae_s  seconds lost against 40 km/h, and seconds standing, against the true ones
          SCENE_class_percent                 matched journeys whose class is right (with a model that tells classes)
          queue_longest, queue_extra          vehicles that stood on one approach at once; journeys too many
        """;

    public IReadOnlyDictionary<string, string> Options { get; } = new Dictionary<string, string>
    {
        ["--minutes"] = "N    length of each scene; 30 when not told, 1 with --quick",
        ["--scenes"] = "A,B    only these",
        ["--model"] = "FILE    detect with this ONNX model instead of by motion",
        ["--classifier"] = "FILE    look again with this ONNX model, for classes",
        ["--spoil"] = "HOW    5fps (every second frame), dropped (a fifth of them), jitter (40 ms), outages (each camera 10 s of every minute)",
        ["--keep"] = "FOLDER    keep what was detected there, and use what is kept",
    };

    public Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation) => RunAsync(isQuick, new Dictionary<string, string>(), cancellation);

    public async Task<Figures> RunAsync(bool isQuick, IReadOnlyDictionary<string, string> options, CancellationToken cancellation)
    {
        var seconds = 60 * (options.TryGetValue("--minutes", out var m) ? double.Parse(m, CultureInfo.InvariantCulture) : isQuick ? 1 : 30);
        var wanted = options.TryGetValue("--scenes", out var list) ? list.Split(',') : isQuick ? ["day"] : [.. s_scenes.Select(s => s.Name)];
        var observations = new SyntheticObservations(SiteOf(options.GetValueOrDefault("--model"), options.GetValueOrDefault("--classifier"), out var catalog), catalog, options.GetValueOrDefault("--keep"));
        var spoil = SpoilBy(options.GetValueOrDefault("--spoil") ?? "");
        var figures = new Figures();
        foreach (var scene in s_scenes.Where(s => wanted.Contains(s.Name)))
        {
            Tell(scene, await JunctionAccuracy.MeasureAsync(scene, seconds, observations, spoil, cancellation), figures);
        }

        return figures;
    }

    /// <summary>What the network does to the cameras' frames; the same in every run.</summary>
    private static Func<int, int, (bool IsLost, double Late)> SpoilBy(string what)
    {
        var random = new Random(1);
        return what switch
        {
            "" => (_, _) => (false, 0),
            "5fps" => (_, frame) => (frame % 2 == 1, 0),
            "dropped" => (_, _) => (random.NextDouble() < 0.2, 0),
            // Never so much that a frame overtakes the one before.
            "jitter" => (_, _) => (false, (random.NextDouble() - 0.5) * 0.08),
            // One camera after the other is away for ten seconds of each minute.
            "outages" => (camera, frame) => (frame / 10 % 60 is var second && second >= camera * 15 && second < (camera * 15) + 10, 0),
            _ => throw new BenchmarkException(BenchmarkException.Failed, $"--spoil {what}: there are 5fps, dropped, jitter and outages"),
        };
    }

    private static Site SiteOf(string? model, string? classifier, out DetectorCatalog catalog)
    {
        var name = model is null ? "motion" : Path.GetFileNameWithoutExtension(model);
        var detector = model is null
            ? new DetectorSettings(name, DetectorKind.Motion)
            : new DetectorSettings(name, DetectorKind.Onnx, new OnnxModelSettings(name, Path.GetFullPath(model)));
        var detectors = new Dictionary<string, DetectorSettings> { [name] = detector };
        if (classifier is not null)
        {
            var second = Path.GetFileNameWithoutExtension(classifier);
            detectors[second] = new DetectorSettings(second, DetectorKind.Onnx, new OnnxModelSettings(second, Path.GetFullPath(classifier)));
            detectors[name] = detector with { Classifier = second };
        }

        catalog = new DetectorCatalog(name, detectors);
        return SyntheticJunction.Site with { Cameras = [.. SyntheticJunction.Site.Cameras.Select(c => c with { Detector = name })] };
    }

    private static void Tell(SyntheticScene scene, JunctionAccuracy measured, Figures figures)
    {
        var (truth, score, journeys, pipeline, errors) = measured;
        var mean = errors.DefaultIfEmpty().Average();
        var ways = score.Matched
            .Select(p => (p.Counted, True: truth.Way(p.True.Vehicle, p.Counted.FirstSeenAt, p.Counted.LeftAt!.Value)))
            .Where(w => w.True is not null).Select(w => (w.Counted, True: w.True!.Value)).ToList();
        var classed = score.Matched.Where(p => p.Counted.Class != Core.Detection.VehicleClass.Unclassified).ToList();
        figures
            .Add($"{scene.Name}_journeys", score.Matched.Count + score.Missed.Count)
            .Add($"{scene.Name}_precision", score.Precision, 4)
            .Add($"{scene.Name}_recall", score.Recall, 4)
            .Add($"{scene.Name}_broken_percent", 100 * pipeline.Conservation.ViolationShare, 1)
            .Add($"{scene.Name}_sums_differ", SumsThatDiffer(journeys))
            .Add($"{scene.Name}_speed_known_percent", 100.0 * score.Matched.Count(p => p.Counted.EnterSpeedKmh is not null) / Math.Max(1, score.Matched.Count), 1)
            .Add($"{scene.Name}_speed_mae_kmh", measured.SpeedErrorKmh, 2)
            .Add($"{scene.Name}_speed_sigma_kmh", Math.Sqrt(errors.Select(e => (e - mean) * (e - mean)).DefaultIfEmpty().Average()), 2)
            .Add($"{scene.Name}_speed_max_kmh", errors.Select(Math.Abs).DefaultIfEmpty().Max(), 2)
            .Add($"{scene.Name}_speed_over_3_kmh", errors.Count(e => Math.Abs(e) > 3))
            .Add($"{scene.Name}_stops_right_percent", 100.0 * ways.Count(w => w.True.Stops == w.Counted.Stops) / Math.Max(1, ways.Count), 1)
            .Add($"{scene.Name}_delay_mae_s", ways.Select(w => Math.Abs(w.True.DelaySeconds - w.Counted.DelaySeconds)).DefaultIfEmpty().Average(), 2)
            .Add($"{scene.Name}_stood_mae_s", ways.Select(w => Math.Abs(w.True.StoppedSeconds - w.Counted.StoppedSeconds)).DefaultIfEmpty().Average(), 2)
            .Add($"{scene.Name}_class_percent", classed.Count == 0 ? double.NaN : 100.0 * classed.Count(p => p.Counted.Class == p.True.Class) / classed.Count, 1);
        if (scene.Traffic == "jam") figures.Add("queue_longest", truth.LongestQueue).Add("queue_extra", score.Extra.Count);

        foreach (var missed in score.Missed) Note(scene, $"missed {missed.Class} {missed.Approach} to {missed.Exit}", missed.EnteredAt.TotalSeconds, missed.LeftAt.TotalSeconds);
        foreach (var extra in score.Extra) Note(scene, $"extra {extra.Class} {extra.Approach} to {extra.Exit} of {extra.Cameras} cameras", Seconds(extra.EnteredAt), Seconds(extra.LeftAt));
        foreach (var broken in journeys.Where(j => !j.IsWhole)) Note(scene, $"broken {broken.Class} {broken.Approach} to {broken.Exit} of {broken.Cameras} cameras", Seconds(broken.EnteredAt), Seconds(broken.LeftAt));
    }

    private static double Seconds(DateTimeOffset? time) => time is { } t ? (t - SyntheticObservations.Start).TotalSeconds : double.NaN;

    private static void Note(SyntheticScene scene, string what, double from, double to) =>
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{scene.Name}: {what}, {from:0.0} to {to:0.0} s"));

    /// <summary>In each minute: entering against the sum of its movements.</summary>
    private static int SumsThatDiffer(IReadOnlyList<Journey> journeys) => journeys
        .SelectMany(j => JourneyMapper.Count(new CameraId("junction"), j))
        .Where(v => v.Movement != Core.Flow.Movement.Exiting)
        .GroupBy(v => (v.Approach, Minute: v.Time.UtcTicks / TimeSpan.TicksPerMinute))
        .Count(g => g.Count(v => v.Movement == Core.Flow.Movement.Entering) * 2 != g.Count());
}
