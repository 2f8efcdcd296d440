using System.Globalization;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;

namespace TrafficFlow.Benchmarks.Pipeline;

/// <summary>How many frames per second the whole pipeline takes, as a share of what the machine gives a bare loop.</summary>
internal sealed class PipelineBenchmark : IBenchmark
{
    private const int WarmUpFrames = 40;

    public string Name => "pipeline";

    public string Description =>
        """
        Frames per second of the product's path from file to flow bins (ffmpeg, masks, YOLOX-nano, tracker, gates, outbox, aggregators on
        SQLite), with one camera and with four at once, against a bare loop in the same run: the same ffmpeg command, a vectorised
        preprocessing and the same model with the same threads, and nothing else. Bare and real runs alternate; a ratio is the median over
        the rounds, frames per second too. Start-up is left out: each camera's first 40 frames are not measured.
          one_camera_fps, one_camera_bare_fps, one_camera_ratio          ratio: at least 0.85
          four_cameras_fps, four_cameras_bare_fps, four_cameras_ratio    sums of four cameras; ratio: at least 0.85
          one_camera_cpu_ms, one_camera_bare_cpu_ms, four_cameras_...    CPU time a frame, ffmpeg not included: steady on a busy machine
          bytes_allocated_per_frame                                      managed, real pipeline, four cameras
          pixels_allocated_per_frame                                     in buffers for frames, real pipeline; should be 0
          decode_ms, prepare_ms, infer_one_thread_ms, infer_all_threads_ms    each part of the bare loop alone
        """;

    public async Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation)
    {
        var model = RepositoryFiles.Shared("models/yolox_nano_416.onnx");
        var clip = RepositoryFiles.Shared("data/clips/stuttgart.mp4");
        var site = SiteSettings.Load(RepositoryFiles.Shared("data/sites/stuttgart.conf")).Site;
        using var folder = new TempFolder();
        var rounds = isQuick ? 1 : 7;
        var one = await Setup.WriteAsync(site, 1, isQuick ? 300 : 500, clip, folder, cancellation);
        var four = await Setup.WriteAsync(site, 4, isQuick ? 150 : 250, clip, folder, cancellation);
        var limits = MachineLimits.Measure(one.Site.Cameras[0], model);
        Note(string.Create(
            CultureInfo.InvariantCulture,
            $"alone: decode {limits.DecodeMs:0.00} ms, prepare {limits.PrepareMs:0.00} ms, infer {limits.InferOneThreadMs:0.00} ms with one thread, {limits.InferAllThreadsMs:0.00} ms with {Environment.ProcessorCount}"));

        var oneRounds = new List<Round>();
        var fourRounds = new List<Round>();
        for (var r = 1; r <= rounds; r++)
        {
            oneRounds.Add(await one.MeasureAsync(model, $"round {r}, one camera", cancellation));
            fourRounds.Add(await four.MeasureAsync(model, $"round {r}, four cameras", cancellation));
        }

        return new Figures()
            .Add("one_camera_fps", oneRounds.Select(r => r.Real.FramesPerSecond).Median(), 1)
            .Add("one_camera_bare_fps", oneRounds.Select(r => r.Bare.FramesPerSecond).Median(), 1)
            .Add("one_camera_ratio", oneRounds.Select(r => r.Ratio).Median(), 3)
            .Add("four_cameras_fps", fourRounds.Select(r => r.Real.FramesPerSecond).Median(), 1)
            .Add("four_cameras_bare_fps", fourRounds.Select(r => r.Bare.FramesPerSecond).Median(), 1)
            .Add("four_cameras_ratio", fourRounds.Select(r => r.Ratio).Median(), 3)
            .Add("one_camera_cpu_ms", oneRounds.Select(r => r.Real.CpuMsPerFrame).Median(), 2)
            .Add("one_camera_bare_cpu_ms", oneRounds.Select(r => r.Bare.CpuMsPerFrame).Median(), 2)
            .Add("four_cameras_cpu_ms", fourRounds.Select(r => r.Real.CpuMsPerFrame).Median(), 2)
            .Add("four_cameras_bare_cpu_ms", fourRounds.Select(r => r.Bare.CpuMsPerFrame).Median(), 2)
            .Add("bytes_allocated_per_frame", fourRounds.Select(r => r.Real.BytesPerFrame).Median(), 0)
            .Add("pixels_allocated_per_frame", oneRounds.Concat(fourRounds).Max(r => r.PixelsPerFrame), 1)
            .Add("decode_ms", limits.DecodeMs, 2)
            .Add("prepare_ms", limits.PrepareMs, 2)
            .Add("infer_one_thread_ms", limits.InferOneThreadMs, 2)
            .Add("infer_all_threads_ms", limits.InferAllThreadsMs, 2);
    }

    internal static void Note(string text) => Console.Error.WriteLine(text);

    private sealed record Round(Throughput Bare, Throughput Real, double PixelsPerFrame)
    {
        public double Ratio => Real.FramesPerSecond / Bare.FramesPerSecond;
    }

    /// <summary>A number of cameras that read the same long file.</summary>
    private sealed record Setup(Site Site, int Frames)
    {
        public static async Task<Setup> WriteAsync(Site site, int cameras, int frames, string clip, TempFolder folder, CancellationToken cancellation)
        {
            var file = folder.File($"{cameras}.mp4");
            await LoopedClip.WriteAsync(clip, frames, file, cancellation);
            var setup = site.Cameras[0] with { Source = file };
            return new Setup(
                site with { Cameras = [.. Enumerable.Range(1, cameras).Select(i => setup with { Id = new CameraId($"cam{i}") })] }, frames);
        }

        public async Task<Round> MeasureAsync(string model, string title, CancellationToken cancellation)
        {
            var bare = await BareAsync(model);
            var buffers = new PixelBuffers(WarmUpFrames);
            var logs = Site.Cameras.ToDictionary(c => c.Id, _ => NewLog());
            await RealPipeline.RunAsync(Site, model, logs, buffers, cancellation);
            var real = Throughput.Of([.. logs.Values], WarmUpFrames, Frames);
            var frame = Site.Cameras[0].Frame;
            var round = new Round(bare, real, (double)buffers.MadeSince * frame.Width * frame.Height / logs.Values.Sum(l => l.Count - WarmUpFrames));
            Note(string.Create(
                CultureInfo.InvariantCulture,
                $"{title}: bare {bare.FramesPerSecond:0.0} fps, real {real.FramesPerSecond:0.0} fps, ratio {round.Ratio:0.000}; CPU {real.CpuMsPerFrame:0.0} ms a frame (bare {bare.CpuMsPerFrame:0.0}), {real.BytesPerFrame:0} bytes (bare {bare.BytesPerFrame:0})"));
            return round;
        }

        private async Task<Throughput> BareAsync(string model)
        {
            // As OnnxModel.Load shares out the cores.
            using var session = BareModel.Load(model, Math.Max(1, Environment.ProcessorCount / Site.Cameras.Count));
            var logs = Site.Cameras.Select(_ => NewLog()).ToList();
            await Task.WhenAll(Site.Cameras.Zip(logs, (camera, log) => BareLoop.RunAsync(session, camera, log)));
            return Throughput.Of(logs, WarmUpFrames, Frames);
        }

        private FrameLog NewLog() => new(Frames + 100);
    }
}
