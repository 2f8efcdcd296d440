using System.Globalization;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Frames;
using TrafficFlow.Synthetic;
using TrafficFlow.Vision.Masking;
using TrafficFlow.Vision.Motion;
using TrafficFlow.Vision.Onnx;

namespace TrafficFlow.Benchmarks.Speed;

/// <summary>Speed, place, heading and length of vehicles at the gates of the synthetic junction against what the simulation knows.</summary>
internal sealed class SpeedBenchmark : IBenchmark
{
    private const string Model = "models/pvb_2004_256x448.onnx";
    private const double LearnSeconds = 20;

    public string Name => "speed";

    public string Description =>
        """
        Cameras of the synthetic junction, calibrated by their surveyed points: at each gate the measured speed against that of the simulated
        vehicle at that moment, and place, heading and length likewise. First with the true boxes (what the geometry can reach), then with
        painted pictures and the motion detector and, where ../shared has its weights, pvb_2004.
        Figures by SOURCE and LIGHT: ..._mean_abs_kmh <= 1.0, ..._sigma_kmh <= 1.0, ..._max_kmh <= 3; crossings, unmeasured, place and length
        in metres and heading in degrees as mean absolute errors.
        """;

    public IReadOnlyDictionary<string, string> Options { get; } = new Dictionary<string, string>
    {
        ["--seconds"] = "simulated seconds a camera and light; 300 when not told",
        ["--lights"] = "comma-separated; day,dusk,night,rain when not told",
        ["--cameras"] = "how many of the four; 2 when not told",
        ["--seed"] = "of the traffic; 11 when not told",
    };

    public Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation) => RunAsync(isQuick, new Dictionary<string, string>(), cancellation);

    public async Task<Figures> RunAsync(bool isQuick, IReadOnlyDictionary<string, string> options, CancellationToken cancellation)
    {
        var seconds = Whole("--seconds", isQuick ? 60 : 300);
        var cameras = Math.Clamp(Whole("--cameras", isQuick ? 1 : 2), 1, 4);
        var seed = Whole("--seed", 11);
        var lights = options.GetValueOrDefault("--lights") ?? (isQuick ? "day" : "day,dusk,night,rain");
        var figures = new Figures();

        var truth = new SpeedErrors();
        for (var arm = 0; arm < cameras; arm++) truth.Add(new JunctionReplay(arm, seed, new ScoreBands(0.1f, 0.5f, 0.5f)).RunTrueBoxes(seconds, noisePixels: 0.5));
        truth.Report("true_boxes", figures);

        using var model = File.Exists(Path.Combine(RepositoryFiles.Repository, "..", "shared", Model))
            ? OnnxModel.Load(new OnnxModelSettings("pvb-2004", RepositoryFiles.Shared(Model), Threads: 1), 1)
            : null;
        if (model is null) Console.Error.WriteLine($"../shared/{Model} is absent: only the motion detector is measured");
        foreach (var light in lights.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (motion, network) = (new SpeedErrors(), new SpeedErrors());
            for (var arm = 0; arm < cameras; arm++) await MeasureAsync(arm, seed, light, seconds, model, motion, network, cancellation);
            motion.Report($"motion_{light}", figures);
            if (model is not null) network.Report($"pvb_2004_{light}", figures);
        }

        return figures;

        int Whole(string key, int fallback) => !options.TryGetValue(key, out var text) ? fallback
            : int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value > 0 ? value
            : throw new BenchmarkException(BenchmarkException.CannotRun, $"{key} is \"{text}\": give a whole number above 0");
    }

    private static async Task MeasureAsync(
        int arm, int seed, string light, int seconds, OnnxModel? model, SpeedErrors motion, SpeedErrors network, CancellationToken cancellation)
    {
        var camera = SyntheticJunction.Site.Cameras[arm];
        camera = camera with { Source = $"{camera.Source}?seed={seed}&seconds={seconds}&light={light}" };
        var pool = new FramePool(camera.Frame.ByteCount, 4);
        using var watcher = new MotionDetector(camera.Frame, MotionSettings.Default);
        using var reader = model is null ? null : new OnnxDetector(model, camera.Frame.Width, camera.Frame.Height);
        var byMotion = new JunctionReplay(arm, seed, watcher.Identity.Scores);
        var byNetwork = model is null ? null : new JunctionReplay(arm, seed, model.Identity.Scores);
        await using var frames = await SyntheticFrameReader.OpenAsync(camera, MaskAnonymizer.For(camera), pool, TimeProvider.System, JunctionReplay.Start, cancellation);
        var found = new List<Detection>();
        while (await frames.ReadAsync(cancellation) is { } frame)
        {
            using (frame)
            {
                watcher.Detect(frame, found);
                byMotion.Take(frame.EventTime, found);
                if (byNetwork is null) continue;
                reader!.Detect(frame, found);
                byNetwork.Take(frame.EventTime, found);
            }
        }

        // The motion detector learns its background first.
        motion.Add(byMotion.Finish(LearnSeconds));
        if (byNetwork is not null) network.Add(byNetwork.Finish(LearnSeconds));
        Console.Error.WriteLine($"{light}, {camera.Id}: {motion.Count} crossings measured by motion, {network.Count} by pvb_2004 so far");
    }
}
