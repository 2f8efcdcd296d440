using System.Globalization;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Scoring;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;
using TrafficFlow.SystemTests.Accuracy;
using TrafficFlow.Vision.BuiltIn;
using TrafficFlow.Vision.Colour;
using TrafficFlow.Vision.Motion;
using TrafficFlow.Vision.Onnx;
using TrafficFlow.Vision.Throttling;

namespace TrafficFlow.Benchmarks.Cameras;

/// <summary>Many live cameras on one machine, and what the setting that makes them possible costs in counts.</summary>
internal sealed class CamerasBenchmark : IBenchmark
{
    private const double Fps = 10;

    /// <summary>What so many cameras are run with; hocon/common.conf tells the keys. By motion every frame is looked at.</summary>
    private static readonly ThrottleSettings s_sixteen = new(LooksPerSecond: 5);
    private static readonly ThrottleSettings s_more = new(LooksPerSecond: 2.5, GateByMotion: true);

    private static readonly (string Name, double? Fps, ThrottleSettings Throttle)[] s_settings =
    [
        ("every frame of the file", null, new ThrottleSettings()),
        ("10 frames/s, every one", Fps, new ThrottleSettings()),
        ("10 frames/s, gated", Fps, new ThrottleSettings(GateByMotion: true)),
        ("10 frames/s, 5 looks/s", Fps, s_sixteen),
        ("10 frames/s, 5 looks/s, gated", Fps, new ThrottleSettings(LooksPerSecond: 5, GateByMotion: true)),
        ("10 frames/s, 3.34 looks/s, gated", Fps, new ThrottleSettings(LooksPerSecond: 3.34, GateByMotion: true)),
        ("10 frames/s, 2.5 looks/s, gated", Fps, s_more),
        ("10 frames/s, 2 looks/s, gated", Fps, new ThrottleSettings(LooksPerSecond: 2, GateByMotion: true)),
    ];

    public string Name => "cameras";

    public string Description =>
        """
        Cameras of 640x360 at 10 frames/s, each a real stream in real time through ffmpeg, the detector in the box (int8), colour, tracker, outbox
        and aggregators. Sixteen look 5 times a second, more 2.5 times and only where something moves. The content is the clips with truth,
        over and over.
          cameras, fps_each
          dropped_percent           frames that the streams gave and nobody took: at most 1 on 2 free cores
          cpu_percent               of this process and its ffmpeg readers; 100 is one core
          others_cpu_percent        what else ran on the machine meanwhile: with more than a little, the figures are not this product's
          p99_frame_to_event_ms     from a frame's arrival, had nothing been in its way, to its tracks
          needed_cores              of bare decoding and bare inferences at the same rates, measured alone in the same run
          inferences_per_second     of at most 10 a camera
          full_..., setting_...     precision and recall on the clips with truth: every frame of the file, and 10 frames/s in this setting;
                                    setting_recall should be at most 0.01 (16 cameras) and 0.02 (32) below full_recall
        """;

    public IReadOnlyDictionary<string, string> Options { get; } = new Dictionary<string, string>
    {
        ["--cameras"] = "N    16 when not told",
        ["--seconds"] = "N    length of the live run; 90 when not told, 15 with --quick",
        ["--looks"] = "N    looks a second of the live run",
        ["--gate"] = "on|off    look only where something moves",
        ["--detector"] = "NAME    int8 (when not told), float32, pvb or motion",
        ["--live-only"] = "yes    leave the accuracy out",
        ["--accuracy-only"] = "yes    leave the live run out",
    };

    public Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation) => RunAsync(isQuick, new Dictionary<string, string>(), cancellation);

    public async Task<Figures> RunAsync(bool isQuick, IReadOnlyDictionary<string, string> options, CancellationToken cancellation)
    {
        var cameras = options.TryGetValue("--cameras", out var count) ? int.Parse(count, CultureInfo.InvariantCulture) : 16;
        var detector = options.GetValueOrDefault("--detector", "int8");
        var isMotion = detector == "motion";
        var setting = SettingOf(options, isMotion ? new ThrottleSettings() : cameras <= 16 ? s_sixteen : s_more);
        using var loaded = OnnxModel.Load(ModelOf(detector), cameras);
        IVehicleDetector Detector(CameraSetup c) =>
            isMotion ? new MotionDetector(c.Frame, MotionSettings.Default) : ColourDetector.Around(new OnnxDetector(loaded, c.Frame.Width, c.Frame.Height), c.Frame);
        var clips = isQuick ? ["stuttgart", "blackfriars"] : ClipAccuracy.WithTruth.Concat(ClipAccuracy.WithRoughTruth).ToList();
        var figures = new Figures();
        if (!options.ContainsKey("--accuracy-only")) await AddLiveAsync(figures, isQuick, options, clips, cameras, loaded, Detector, setting, isMotion, cancellation);
        if (!options.ContainsKey("--live-only")) await AddAccuracyAsync(figures, isQuick, clips, Detector, setting, cancellation);
        return figures;
    }

    private static async Task AddLiveAsync(
        Figures figures, bool isQuick, IReadOnlyDictionary<string, string> options, IReadOnlyList<string> clips, int cameras, OnnxModel loaded,
        Func<CameraSetup, IVehicleDetector> detector, ThrottleSettings setting, bool isMotion, CancellationToken cancellation)
    {
        using var folder = new TempFolder();
        var files = new List<string>();
        foreach (var clip in clips)
        {
            files.Add(folder.File($"{clip}.ts"));
            await LiveClips.EncodeAsync(RepositoryFiles.Shared($"data/clips/{clip}.mp4"), files[^1], cancellation);
        }

        var bare = await BareCost.MeasureAsync(files[0], loaded, cancellation);
        var seconds = TimeSpan.FromSeconds(options.TryGetValue("--seconds", out var s) ? double.Parse(s, CultureInfo.InvariantCulture) : isQuick ? 15 : 90);
        LiveRun run;
        using (var live = LiveClips.Serve([.. Enumerable.Range(0, cameras).Select(i => files[i % files.Count])]))
            run = await LiveRun.MeasureAsync(Site(clips, live.Addresses), detector, setting, folder.File("journal.db"), seconds, cancellation);
        var needed = ((cameras * Fps * bare.DecodeMs) + (run.InferencesPerSecond * (isMotion ? bare.MotionMs : bare.InferMs))) / 1000;
        Note(string.Create(CultureInfo.InvariantCulture, $"bare: decode {bare.DecodeMs:0.00} ms, infer {bare.InferMs:0.00}, read and anonymize {bare.ReadMs:0.00}, motion {bare.MotionMs:0.00} ms of CPU; real: {run.CpuPercent / 100:0.00} cores ({run.ReadersPercent / 100:0.00} of them the readers') for {needed:0.00}"));
        figures
            .Add("cameras", cameras)
            .Add("fps_each", run.FramesPerSecond / cameras, 2)
            .Add("dropped_percent", run.DroppedPercent, 2)
            .Add("cpu_percent", run.CpuPercent, 0)
            .Add("others_cpu_percent", run.OthersCpuPercent, 0)
            .Add("p50_frame_to_event_ms", run.MedianMs, 0)
            .Add("p99_frame_to_event_ms", run.P99Ms, 0)
            .Add("needed_cores", needed, 2)
            .Add("decode_cpu_ms", bare.DecodeMs, 2)
            .Add("infer_cpu_ms", bare.InferMs, 2)
            .Add("inferences_per_second", run.InferencesPerSecond, 1);
    }

    private static async Task AddAccuracyAsync(
        Figures figures, bool isQuick, IReadOnlyList<string> clips, Func<CameraSetup, IVehicleDetector> detector, ThrottleSettings setting, CancellationToken cancellation)
    {
        var scores = new List<(ThrottleSettings Throttle, double? Fps, Tally Tally)>();
        foreach (var (name, fps, throttle) in s_settings.Append(("10 frames/s, as run", Fps, setting)).DistinctBy(s => (s.Item2, s.Item3)))
        {
            if (isQuick && fps is not null && throttle != setting) continue;
            var score = await SettingAccuracy.MeasureAsync(detector, clips, fps, throttle, cancellation);
            scores.Add((throttle, fps, score.Tally));
            Note($"{name}: precision {score.Tally.Precision:0.000}, recall {score.Tally.Recall:0.000} ({score.Tally.Matched} of {score.Tally.True}, {score.Tally.Extra} too many), {score.Inferences} inferences for {score.Frames} frames");
        }

        var (full, chosen) = (scores[0].Tally, scores.First(s => s.Fps is not null && s.Throttle == setting).Tally);
        figures
            .Add("full_precision", full.Precision ?? double.NaN, 3)
            .Add("full_recall", full.Recall ?? double.NaN, 3)
            .Add("setting_precision", chosen.Precision ?? double.NaN, 3)
            .Add("setting_recall", chosen.Recall ?? double.NaN, 3);
    }

    private static ThrottleSettings SettingOf(IReadOnlyDictionary<string, string> options, ThrottleSettings usual) => usual with
    {
        LooksPerSecond = options.TryGetValue("--looks", out var looks) ? double.Parse(looks, CultureInfo.InvariantCulture) : usual.LooksPerSecond,
        GateByMotion = options.TryGetValue("--gate", out var gate) ? gate == "on" : usual.GateByMotion,
    };

    private static OnnxModelSettings ModelOf(string detector) => detector switch
    {
        "int8" or "motion" => BuiltInWeights.Model("default", BuiltInPrecision.Int8),
        "float32" => BuiltInWeights.Model("default", BuiltInPrecision.Float32),
        "pvb" => new OnnxModelSettings("default", RepositoryFiles.Shared("models/pvb_2004_256x448.onnx")),
        _ => throw new BenchmarkException(BenchmarkException.CannotRun, $"there is no detector \"{detector}\": name int8, float32, pvb or motion"),
    };

    internal static void Note(string text) => Console.Error.WriteLine(text);

    private static Site Site(IReadOnlyList<string> clips, IReadOnlyList<string> addresses)
    {
        var sites = clips.Select(c => SiteSettings.Load(RepositoryFiles.Shared($"data/sites/{c}.conf")).Site).ToList();
        var site = sites[0];
        return site with
        {
            // What the gates mean belongs to each clip's own site: here they only count.
            Cameras =
            [
                .. addresses.Select((address, i) => sites[i % sites.Count].Cameras[0] with
                {
                    Id = new CameraId($"cam{i + 1}"),
                    Source = address,
                    Frame = new FrameFormat(640, 360, Fps),
                    Gates = [.. sites[i % sites.Count].Cameras[0].Gates.Select(g => g with { Forward = i == 0 ? g.Forward : null, Backward = i == 0 ? g.Backward : null })],
                }),
            ],
        };
    }
}
