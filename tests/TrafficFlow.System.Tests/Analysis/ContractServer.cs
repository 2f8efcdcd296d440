using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TrafficFlow.SystemTests.Analysis;

/// <summary>A service on a real socket that keeps every byte that it is sent and answers with exactly the bytes that a test says: also wrong, cut, endless or never.</summary>
internal sealed class ContractServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<Request, Reply> _answer;
    private readonly ConcurrentQueue<Request> _requests = new();
    private readonly ConcurrentBag<Task> _connections = new();
    private readonly Task _accepting;

    public ContractServer(Func<Request, Reply> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>As it came: the head without its last empty line, and the body.</summary>
    public sealed record Request(string Head, byte[] Body)
    {
        /// <summary>Such as "GET /x HTTP/1.1".</summary>
        public string Line => Head[..Head.IndexOf("\r\n", StringComparison.Ordinal)];

        public string Text => Encoding.UTF8.GetString(Body);

        public bool Is(string method, string target) => Line == $"{method} {target} HTTP/1.1";
    }

    /// <param name="Type">Of its content; empty for none.</param>
    /// <param name="Headers">More lines, each with its line break.</param>
    public sealed record Reply(int Status, string Body, string Type = "application/json", string Headers = "")
    {
        /// <summary>The connection is closed before the body is whole.</summary>
        public bool IsCut { get; init; }

        /// <summary>Nothing is ever answered.</summary>
        public bool IsSilent { get; init; }
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/api/");

    public string Host => Address.Authority;

    public IReadOnlyList<Request> Requests => [.. _requests];

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            var stream = client.GetStream();
            while (await ReadAsync(stream) is { } request)
            {
                _requests.Enqueue(request);
                var reply = _answer(request);
                if (reply.IsSilent) await Task.Delay(Timeout.Infinite, _stopping.Token);
                var body = Encoding.UTF8.GetBytes(reply.Body);
                var type = reply.Type.Length == 0 ? "" : $"Content-Type: {reply.Type}\r\n";
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {reply.Status} x\r\n{type}{reply.Headers}Content-Length: {body.Length}\r\n\r\n"), _stopping.Token);
                await stream.WriteAsync(reply.IsCut ? body.AsMemory(0, body.Length / 2) : body, _stopping.Token);
                if (reply.IsCut) return;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client went.
        }
    }

    private async Task<Request?> ReadAsync(NetworkStream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!EndsHead(head))
        {
            if (await stream.ReadAsync(one, _stopping.Token) == 0) return null;
            head.Add(one[0]);
        }

        var text = Encoding.ASCII.GetString([.. head])[..^4];
        var length = text.Split("\r\n").Select(l => l.Split(": ")).FirstOrDefault(l => l[0].Equals("Content-Length", StringComparison.OrdinalIgnoreCase))?[1];
        var body = new byte[int.Parse(length ?? "0", CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, _stopping.Token);
        return new Request(text, body);
    }

    private static bool EndsHead(List<byte> head) => head.Count >= 4 && head[^4] == '\r' && head[^3] == '\n' && head[^2] == '\r' && head[^1] == '\n';
}
