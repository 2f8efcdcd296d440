using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TrafficFlow.SystemTests.Ffmpeg;

/// <summary>A camera that answers every request alike.</summary>
internal sealed class OneAnswer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _serving;
    private int _asked;

    public OneAnswer(string status, string type, byte[] body)
        : this(status, $"{type}\r\nContent-Length: {body.Length}", [body], TimeSpan.Zero)
    {
    }

    public OneAnswer(string status, string type, IReadOnlyList<byte[]> parts, TimeSpan pace)
        : this([Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nConnection: close\r\n\r\n"), .. parts], pace)
    {
    }

    /// <summary>These bytes, whatever was asked.</summary>
    public OneAnswer(byte[] answer)
        : this([answer], TimeSpan.Zero)
    {
    }

    private OneAnswer(IReadOnlyList<byte[]> parts, TimeSpan pace)
    {
        _listener.Start();
        _serving = ServeAsync(parts, pace);
    }

    /// <summary>How many connections were made to it.</summary>
    public int Asked => Volatile.Read(ref _asked);

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    private async Task ServeAsync(IReadOnlyList<byte[]> parts, TimeSpan pace)
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                Interlocked.Increment(ref _asked);
                var stream = client.GetStream();
                await stream.ReadAtLeastAsync(new byte[4096], 1, throwOnEndOfStream: false);
                foreach (var part in parts)
                {
                    await stream.WriteAsync(part);
                    // The camera's pace, which is what is tested.
                    await Task.Delay(pace);
                }

                client.Client.Shutdown(SocketShutdown.Send);
                await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false);
            }
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            // The test is over, or ffmpeg hung up.
        }
    }
}
