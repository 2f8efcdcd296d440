using System.Diagnostics;
using Xunit;

namespace TrafficFlow.SystemTests.Support;

/// <summary>A folder of generated clips that lives as long as a test class.</summary>
public sealed class Clips : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("trafficflow clips ").FullName;
    private readonly Lock _lock = new();

    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>Runs ffmpeg to make a clip, once; the last argument, the file, is added.</summary>
    public string Make(string name, params IEnumerable<string> arguments)
    {
        var path = PathOf(name);
        lock (_lock)
        {
            if (!File.Exists(path)) Run("ffmpeg", ["-nostdin", "-v", "error", "-y", .. arguments, $"file:{path}"]);
        }

        return path;
    }

    /// <summary>A moving test picture in H.264 with a key frame each second.</summary>
    public string Moving(string name, double seconds, int rate = 25, string size = "320x240", params IEnumerable<string> more) => Make(
        name,
        ["-f", "lavfi", "-i", $"testsrc2=s={size}:r={rate}:d={seconds}", .. H264(rate), .. more]);

    /// <summary>A clip that is repeated without encoding it anew.</summary>
    public string Repeated(string name, string clip, int times) => Make(name, "-stream_loop", $"{times - 1}", "-i", clip, "-c", "copy");

    public static IEnumerable<string> H264(int keyFrameEvery) =>
        ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "0", "-g", $"{keyFrameEvery}", "-pix_fmt", "yuv420p"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Run(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var complaints = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} could not make a test clip: {complaints}");
    }
}
