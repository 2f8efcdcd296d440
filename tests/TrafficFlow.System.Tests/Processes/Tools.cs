using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using TrafficFlow.SystemTests.Lab;
using Xunit;

namespace TrafficFlow.SystemTests.Processes;

/// <summary>Programs and ports of this machine.</summary>
internal static class Tools
{
    /// <summary>Runs a program to its end; fails the test when the program fails.</summary>
    public static async Task<string> RunAsync(string program, params string[] args)
    {
        var (code, output, error) = await TryAsync(program, args);
        Assert.True(code == 0, $"{program} {string.Join(' ', args)} ended with {code}: {error}");
        return output;
    }

    public static Task<(int Code, string Output, string Error)> TryAsync(string program, params string[] args) => Shell.TryAsync(program, args);

    /// <summary>What ffmpeg decodes of a file, as raw pictures of one size.</summary>
    public static async Task<byte[]> DecodeAsync(string video, int width, int height, string format = "gray")
    {
        using var process = Process.Start(new ProcessStartInfo(
            "ffmpeg", ["-v", "error", "-i", video, "-vf", $"scale={width}:{height}:flags=area", "-fps_mode", "passthrough", "-pix_fmt", format, "-f", "rawvideo", "-"])
        {
            RedirectStandardOutput = true,
        })!;
        using var pixels = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(pixels);
        await process.WaitForExitAsync();
        return pixels.ToArray();
    }

    public static int FreePort()
    {
        using var any = new TcpListener(IPAddress.Loopback, 0);
        any.Start();
        return ((IPEndPoint)any.LocalEndpoint).Port;
    }
}
