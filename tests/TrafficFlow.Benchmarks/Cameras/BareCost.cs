using System.Diagnostics;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Sites;
using TrafficFlow.Synthetic;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Motion;
using TrafficFlow.Vision.Onnx;

namespace TrafficFlow.Benchmarks.Cameras;

/// <summary>CPU time of one frame's decoding and of one inference, alone: what 16 cameras cannot do without.</summary>
internal sealed record BareCost(double DecodeMs, double InferMs, double ReadMs, double MotionMs)
{
    private const int Inferences = 60;

    public static async Task<BareCost> MeasureAsync(string file, OnnxModel model, CancellationToken cancellation)
    {
        var camera = new CameraSetup(new CameraId("bare"), file, new FrameFormat(640, 360, 10), "default", [], [], []);
        using var detector = new OnnxDetector(model, 640, 360);
        var detections = new List<Detection>();
        await using var reader = await new FrameReaderFactory(DateTimeOffset.UnixEpoch, FfmpegTimeouts.Default, TimeProvider.System).OpenAsync(camera, cancellation);
        using var frame = await reader.ReadAsync(cancellation) ?? throw new BenchmarkException(BenchmarkException.Failed, $"{file} holds no frame");
        for (var i = 0; i < 10; i++) detector.Detect(frame, detections);
        var before = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < Inferences; i++) detector.Detect(frame, detections);
        var infer = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / Inferences;
        // What this process does with a frame: the pipe, the copy and the anonymizing; then motion detection too.
        using var motion = new MotionDetector(camera.Frame, MotionSettings.Default);
        var read = await OwnAsync(null);
        var both = await OwnAsync(motion);
        return new BareCost(Decode(file, cancellation), infer, read, both - read);

        async Task<double> OwnAsync(MotionDetector? detect)
        {
            var frames = 0;
            await using var again = await new FrameReaderFactory(DateTimeOffset.UnixEpoch, FfmpegTimeouts.Default, TimeProvider.System).OpenAsync(camera, cancellation);
            var start = Environment.CpuUsage.TotalTime;
            while (await again.ReadAsync(cancellation) is { } next)
            {
                using (next) detect?.Detect(next, detections);
                frames++;
            }

            return (Environment.CpuUsage.TotalTime - start).TotalMilliseconds / frames;
        }
    }

    /// <summary>User and system time of ffmpeg with the product's own arguments of a camera, over the frames that came.</summary>
    private static double Decode(string file, CancellationToken cancellation)
    {
        const int Loops = 10;
        var arguments = FfmpegArguments.Decode(VideoSource.Parse(file), new FrameFormat(640, 360, 10)).ToList();
        arguments.InsertRange(arguments.IndexOf("-i"), ["-threads", "1", "-filter_threads", "1", "-stream_loop", $"{Loops}"]);
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", arguments) { RedirectStandardOutput = true })!;
        var buffer = new byte[640 * 360 * 3];
        var (frames, measured, used) = (0, 0, TimeSpan.Zero);
        while (ffmpeg.StandardOutput.BaseStream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) == buffer.Length)
        {
            cancellation.ThrowIfCancellationRequested();
            if (++frames % 25 != 0) continue;
            // Of a process that has ended nothing is known.
            ffmpeg.Refresh();
            if (!ffmpeg.HasExited) (measured, used) = (frames, ffmpeg.TotalProcessorTime);
        }

        ffmpeg.WaitForExit();
        return measured == 0 ? double.NaN : used.TotalMilliseconds / measured;
    }
}
