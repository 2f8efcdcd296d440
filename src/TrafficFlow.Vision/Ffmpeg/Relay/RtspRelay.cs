using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace TrafficFlow.Vision.Ffmpeg.Relay;

/// <summary>
/// Stands between ffmpeg and one RTSP camera, on a port of this machine that takes one connection: it connects to the camera that the
/// settings name and to nobody else, and passes on what <see cref="RtspAnswers"/> has looked at.
/// </summary>
internal sealed class RtspRelay : IDisposable
{
    private const int DefaultPort = 554;
    private const int BufferBytes = 1 << 16;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly string _host;
    private readonly int _port;
    private readonly string _own;

    private RtspRelay(string address, int hostAt, int hostEnd, string host, int port)
    {
        (_host, _port) = (host, port);
        _listener.Start(1);
        _own = $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture)}";
        Address = string.Concat(address.AsSpan(0, hostAt), _own, address.AsSpan(hostEnd));
        _ = RunAsync();
    }

    /// <summary>What ffmpeg is to open: the camera's address with our host and port.</summary>
    public string Address { get; }

    /// <summary>In ffmpeg's words, where ffmpeg would have met the same.</summary>
    public IReadOnlyCollection<string> Complaints => [.. _complaints];

    /// <returns>Null where the address names no host: ffmpeg says what is wrong with it.</returns>
    public static RtspRelay? To(string address)
    {
        // As ffmpeg takes an address apart: the user ends at the last @ before the path.
        var from = address.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = address.AsSpan(from).IndexOfAny("/?#") is var path and >= 0 ? from + path : address.Length;
        var at = address.LastIndexOf('@', end - 1, end - from) is var user and >= 0 ? user + 1 : from;
        var host = address[at..end];
        var colon = host.LastIndexOf(':');
        if (colon < host.IndexOf(']', StringComparison.Ordinal)) colon = -1;
        var port = DefaultPort;
        if (colon >= 0 && (!int.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535)) return null;
        var name = (colon >= 0 ? host[..colon] : host).Trim('[', ']');
        return name.Length == 0 ? null : new RtspRelay(address, at, end, name, port);
    }

    /// <summary>ffmpeg's complaint with the camera in our place.</summary>
    public string Restore(string complaint) => complaint.Replace(_own, $"{_host}:{_port.ToString(CultureInfo.InvariantCulture)}", StringComparison.Ordinal);

    public void Dispose()
    {
        _ending.Cancel();
        _listener.Stop();
    }

    private async Task RunAsync()
    {
        try
        {
            using var ffmpeg = await _listener.AcceptTcpClientAsync(_ending.Token);
            _listener.Stop();
            using var camera = new TcpClient { NoDelay = true };
            await ConnectAsync(camera);
            ffmpeg.NoDelay = true;
            var asking = ffmpeg.GetStream().CopyToAsync(camera.GetStream(), _ending.Token);
            // Who of both hangs up first ends it for both.
            await await Task.WhenAny(asking, AnswerAsync(camera.GetStream(), ffmpeg.GetStream()));
        }
        catch (RtspRefusedException e)
        {
            _complaints.Enqueue(e.Message);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Either side is gone: ffmpeg is told by its end of the connection, and the reader by ffmpeg.
        }
    }

    private async Task ConnectAsync(TcpClient camera)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
        patience.CancelAfter(s_patience);
        try
        {
            await camera.ConnectAsync(_host, _port, patience.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            var why = (e as SocketException)?.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => "Connection refused",
                SocketError.HostUnreachable => "No route to host",
                SocketError.NetworkUnreachable => "Network is unreachable",
                SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "Failed to resolve hostname",
                null or SocketError.TimedOut => "Connection timed out",
                _ => e.Message,
            };
            _complaints.Enqueue($"Connection to tcp://{_host}:{_port.ToString(CultureInfo.InvariantCulture)} failed: {why}");
            throw;
        }
    }

    private async Task AnswerAsync(NetworkStream camera, NetworkStream ffmpeg)
    {
        var answers = new RtspAnswers();
        var buffer = new byte[BufferBytes];
        for (var held = 0; ;)
        {
            var got = await camera.ReadAsync(buffer.AsMemory(held), _ending.Token);
            if (got == 0) return;
            var all = held + got;
            var good = answers.Check(buffer.AsSpan(0, all));
            await ffmpeg.WriteAsync(buffer.AsMemory(0, good), _ending.Token);
            buffer.AsSpan(good, all - good).CopyTo(buffer);
            held = all - good;
        }
    }
}
