using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace TrafficFlow.Benchmarks.Cameras;

/// <summary>
/// Network cameras that show clips: each an ffmpeg of its own that hands out, in real time and for ever, what was encoded beforehand. What
/// they use is the cameras' work and not the node's.
/// </summary>
internal sealed class LiveClips : IDisposable
{
    private readonly List<Process> _cameras = [];

    public IReadOnlyList<string> Addresses { get; private set; } = [];

    /// <summary>Encodes a clip as a camera would hand it out: 640x360, 10 frames a second, a key frame each two seconds.</summary>
    public static async Task EncodeAsync(string clip, string file, CancellationToken cancellation)
    {
        using var ffmpeg = Start(
        [
            "-i", clip, "-an", "-vf", "fps=10,scale=640:360", "-c:v", "libx264", "-preset", "veryfast", "-tune", "zerolatency", "-g", "20", "-crf", "23",
            "-pix_fmt", "yuv420p", "-f", "mpegts", file,
        ]);
        await ffmpeg.WaitForExitAsync(cancellation);
        if (ffmpeg.ExitCode != 0) throw new BenchmarkException(BenchmarkException.Failed, $"ffmpeg could not encode {clip}");
    }

    public static LiveClips Serve(IReadOnlyList<string> files)
    {
        var live = new LiveClips();
        var ports = FreePorts(files.Count);
        live.Addresses = [.. ports.Select(p => $"http://127.0.0.1:{p.ToString(CultureInfo.InvariantCulture)}/live.ts")];
        foreach (var (file, address) in files.Zip(live.Addresses))
            live._cameras.Add(Start(["-re", "-stream_loop", "-1", "-i", file, "-c", "copy", "-f", "mpegts", "-listen", "1", address]));
        return live;
    }

    public void Dispose()
    {
        foreach (var camera in _cameras)
        {
            if (!camera.HasExited) camera.Kill();
            camera.Dispose();
        }
    }

    private static Process Start(IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo("ffmpeg", ["-hide_banner", "-nostdin", "-loglevel", "quiet", "-y", .. arguments]))!;

    private static List<int> FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        foreach (var listener in listeners) listener.Start();
        var ports = listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port).ToList();
        foreach (var listener in listeners) listener.Dispose();
        return ports;
    }
}
