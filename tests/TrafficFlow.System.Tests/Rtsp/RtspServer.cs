using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Rtsp;

/// <summary>A camera stand-in: GStreamer's RTSP server in a process of its own, which a test can cut, stop and start again.</summary>
internal sealed class RtspServer : IAsyncDisposable
{
    // Debian's own Python: another one on PATH does not know the gi package.
    private const string Python = "/usr/bin/python3";
    private const int SigStop = 19;

    private static readonly Lazy<bool> s_isInstalled = new(() => File.Exists(Python) && CanImport());

    private readonly Process _process;

    private RtspServer(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    /// <summary>Skips the test where GStreamer's RTSP server is not installed.</summary>
    public static async Task<RtspServer> StartAsync(string clip, int port = 0, string? user = null, string? password = null, bool digest = false)
    {
        Assert.SkipUnless(s_isInstalled.Value, "no RTSP server: install python3-gi and gir1.2-gst-rtsp-server-1.0");
        List<string> arguments = [Script("rtsp_server.py"), "--file", clip, "--port", $"{port}"];
        if (user is not null) arguments.AddRange(["--user", user, "--password", password!]);
        if (digest) arguments.Add("--digest");
        var process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(line?.StartsWith("ready ", StringComparison.Ordinal), "the RTSP server did not start");
        return new RtspServer(process, int.Parse(line!.Split(' ')[1], CultureInfo.InvariantCulture));
    }

    public string Url(string credentials = "", string path = "/camera") =>
        $"rtsp://{(credentials.Length > 0 ? credentials + "@" : "")}127.0.0.1:{Port}{path}";

    /// <summary>The camera still has its connections, but nothing comes any more.</summary>
    public void FallSilent() => Assert.Equal(0, Kill(_process.Id, SigStop));

    /// <summary>The camera is gone at once.</summary>
    public async Task CutAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await CutAsync();
        _process.Dispose();
    }

    private static bool CanImport()
    {
        const string Needs = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer";
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", Needs]) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static string Script(string name) => Path.Combine(SharedFiles.Repository, "tests", "TrafficFlow.System.Tests", "Rtsp", name);

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
