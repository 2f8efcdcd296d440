using System.Diagnostics;
using System.Net;
using TrafficFlow.SystemTests.Processes;

namespace TrafficFlow.SystemTests.Privacy;

/// <summary>A clip that is sent over HTTP at its own pace, again and again, as a camera sends what it sees.</summary>
internal sealed class LiveClip : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly List<Task> _viewers = [];
    private readonly Task _serving;

    public LiveClip(string file)
    {
        Address = $"http://127.0.0.1:{Tools.FreePort()}/camera.mkv";
        _listener.Prefixes.Add(Address[..(Address.LastIndexOf('/') + 1)]);
        _listener.Start();
        _serving = ServeAsync(file);
    }

    public string Address { get; }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        await _serving;
        await Task.WhenAll(_viewers);
        _listener.Close();
        _ended.Dispose();
    }

    private async Task ServeAsync(string file)
    {
        while (true)
        {
            try
            {
                _viewers.Add(SendAsync((await _listener.GetContextAsync()).Response, file));
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task SendAsync(HttpListenerResponse response, string file)
    {
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", ["-v", "error", "-re", "-stream_loop", "-1", "-i", file, "-c", "copy", "-f", "matroska", "-"]) { RedirectStandardOutput = true })!;
        try
        {
            response.ContentType = "video/x-matroska";
            response.SendChunked = true;
            await ffmpeg.StandardOutput.BaseStream.CopyToAsync(response.OutputStream, _ended.Token);
            response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            response.Abort();
        }

        ffmpeg.Kill();
    }
}
