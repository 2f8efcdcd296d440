using System.Globalization;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;
using TrafficFlow.Vision.Motion;
using TrafficFlow.Vision.Onnx;
using TrafficFlow.Vision.Sparing;

namespace TrafficFlow.Benchmarks.Cameras;

/// <summary>Sixteen live cameras on one machine, and what the setting that makes them possible costs in counts.</summary>
internal sealed class CamerasBenchmark : IBenchmark
{
    private const int Cameras = 16;
    private const double Fps = 10;

    /// <summary>What 16 cameras with a model are run with; hocon/common.conf tells the keys. By motion every frame is looked at.</summary>
    private static readonly SparingSettings s_setting = new(LooksPerSecond: 5, GateByMotion: true);

    private static readonly (string Name, double? Fps, SparingSettings Sparing)[] s_settings =
    [
        ("every frame of the file", null, new SparingSettings()),
        ("10 frames/s, every one", Fps, new SparingSettings()),
        ("10 frames/s, gated", Fps, new SparingSettings(GateByMotion: true)),
        ("10 frames/s, 5 looks/s", Fps, new SparingSettings(LooksPerSecond: 5)),
        ("10 frames/s, 5 looks/s, gated", Fps, s_setting),
        ("10 frames/s, 3.34 looks/s, gated", Fps, new SparingSettings(LooksPerSecond: 3.34, GateByMotion: true)),
    ];

    public string Name => "cameras";

    public string Description =>
        """
        Sixteen cameras of 640x360 at 10 frames/s, each a real stream in real time through ffmpeg, the default detector (motion, every frame),
        tracker, outbox and aggregators. With --detector pvb: person-vehicle-bike-detection-2004 with looks-per-second = 5 and
        gate-by-motion = on. The content is the six clips with truth, over and over.
          cameras, fps_each
          dropped_percent           frames that the streams gave and nobody took: at most 1 on 2 free cores
          cpu_percent               of this process and its ffmpeg readers; 100 is one core
          others_cpu_percent        what else ran on the machine meanwhile: with more than a little, the figures are not this product's
          p99_frame_to_event_ms     from a frame's arrival, had nothing been in its way, to its tracks
          needed_cores              of bare decoding and bare inferences at the same rates, measured alone in the same run
          inferences_per_second     of at most 160
          full_..., setting_...     precision and recall on the clips with truth: every frame of the file, and 10 frames/s in this setting
        """;

    public IReadOnlyDictionary<string, string> Options { get; } = new Dictionary<string, string>
    {
        ["--seconds"] = "N    length of the live run; 90 when not told, 15 with --quick",
        ["--looks"] = "N    looks a second of the live run",
        ["--detector"] = "pvb    detect with that model instead of by motion",
        ["--live-only"] = "yes    leave the accuracy out",
    };

    public Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation) => RunAsync(isQuick, new Dictionary<string, string>(), cancellation);

    public async Task<Figures> RunAsync(bool isQuick, IReadOnlyDictionary<string, string> options, CancellationToken cancellation)
    {
        var isMotion = options.GetValueOrDefault("--detector") != "pvb";
        var setting = options.TryGetValue("--looks", out var looks) ? s_setting with { LooksPerSecond = double.Parse(looks, CultureInfo.InvariantCulture) }
            : isMotion ? new SparingSettings() : s_setting;
        var model = RepositoryFiles.Shared("models/pvb_2004_256x448.onnx");
        using var folder = new TempFolder();
        var clips = isQuick ? ["stuttgart", "blackfriars"] : SettingAccuracy.Clips;
        var files = new List<string>();
        foreach (var clip in clips)
        {
            files.Add(folder.File($"{clip}.ts"));
            await LiveClips.EncodeAsync(RepositoryFiles.Shared($"data/clips/{clip}.mp4"), files[^1], cancellation);
        }

        using var loaded = OnnxModel.Load(new OnnxModelSettings("default", model), Cameras);
        IVehicleDetector Detector(CameraSetup c) =>
            isMotion ? new MotionDetector(c.Frame, MotionSettings.Default) : new OnnxDetector(loaded, c.Frame.Width, c.Frame.Height);
        var bare = await BareCost.MeasureAsync(files[0], loaded, cancellation);
        var scores = new List<SettingAccuracy>();
        foreach (var (name, fps, sparing) in s_settings.Where((_, i) => !options.ContainsKey("--live-only") && (!isQuick || i is 0 or 4)))
        {
            scores.Add(await SettingAccuracy.MeasureAsync(Detector, clips, fps, sparing, cancellation));
            var tally = scores[^1].Tally;
            Note($"{name}: precision {tally.Precision:0.000}, recall {tally.Recall:0.000} ({tally.Matched} of {tally.True}, {tally.Extra} too many), {scores[^1].Inferences} inferences for {scores[^1].Frames} frames");
        }

        var seconds = TimeSpan.FromSeconds(options.TryGetValue("--seconds", out var s) ? double.Parse(s, CultureInfo.InvariantCulture) : isQuick ? 15 : 90);
        LiveRun run;
        using (var live = LiveClips.Serve([.. Enumerable.Range(0, Cameras).Select(i => files[i % files.Count])]))
        {
            var site = Site(clips, live.Addresses);
            run = await LiveRun.MeasureAsync(
                site, Detector, setting, folder.File("journal.db"), seconds, cancellation);
        }

        var needed = ((Cameras * Fps * bare.DecodeMs) + (run.InferencesPerSecond * (isMotion ? bare.MotionMs : bare.InferMs))) / 1000;
        Note(string.Create(CultureInfo.InvariantCulture, $"bare: decode {bare.DecodeMs:0.00} ms, infer {bare.InferMs:0.00}, read and anonymize {bare.ReadMs:0.00}, motion {bare.MotionMs:0.00} ms of CPU; real: {run.CpuPercent / 100:0.00} cores ({run.ReadersPercent / 100:0.00} of them the readers') for {needed:0.00}"));
        var figures = new Figures()
            .Add("cameras", Cameras)
            .Add("fps_each", run.FramesPerSecond / Cameras, 2)
            .Add("dropped_percent", run.DroppedPercent, 2)
            .Add("cpu_percent", run.CpuPercent, 0)
            .Add("others_cpu_percent", run.OthersCpuPercent, 0)
            .Add("p50_frame_to_event_ms", run.MedianMs, 0)
            .Add("p99_frame_to_event_ms", run.P99Ms, 0)
            .Add("needed_cores", needed, 2)
            .Add("decode_cpu_ms", bare.DecodeMs, 2)
            .Add("infer_cpu_ms", bare.InferMs, 2)
            .Add("inferences_per_second", run.InferencesPerSecond, 1);
        if (scores.Count == 0) return figures;
        var (full, chosen) = (scores[0].Tally, (isQuick ? scores[^1] : scores[isMotion ? 1 : 4]).Tally);
        return figures
            .Add("full_precision", full.Precision ?? double.NaN, 3)
            .Add("full_recall", full.Recall ?? double.NaN, 3)
            .Add("setting_precision", chosen.Precision ?? double.NaN, 3)
            .Add("setting_recall", chosen.Recall ?? double.NaN, 3);
    }

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
