using System.Diagnostics;
using System.Globalization;

namespace TrafficFlow.Benchmarks.Pipeline;

/// <summary>A clip repeated, or cut, into a file that is as long as the measurement needs.</summary>
internal static class LoopedClip
{
    public static async Task WriteAsync(string clip, int frames, string file, CancellationToken cancellation)
    {
        string[] arguments =
        [
            "-hide_banner", "-nostdin", "-loglevel", "error", "-stream_loop", "-1",
            "-i", clip, "-map", "0:v:0", "-c", "copy", "-frames:v", frames.ToString(CultureInfo.InvariantCulture), file,
        ];
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", arguments))!;
        await ffmpeg.WaitForExitAsync(cancellation);
        if (ffmpeg.ExitCode != 0) throw new BenchmarkException(BenchmarkException.Failed, $"ffmpeg could not repeat {clip}");
    }
}
