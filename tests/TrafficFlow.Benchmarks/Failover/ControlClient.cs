using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;

namespace TrafficFlow.Benchmarks.Failover;

/// <summary>A node's own socket, as `trafficflow ctl` speaks to it.</summary>
internal sealed class ControlClient : IDisposable
{
    private readonly Socket _socket;
    private readonly StreamReader _lines;
    private readonly StreamWriter _requests;

    private ControlClient(Socket socket)
    {
        _socket = socket;
        var stream = new NetworkStream(socket);
        _lines = new StreamReader(stream);
        _requests = new StreamWriter(stream) { AutoFlush = true, NewLine = "\n" };
    }

    public static async Task<ControlClient> ConnectAsync(string path, TimeSpan patience, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
                return new ControlClient(socket);
            }
            catch (SocketException) when (clock.Elapsed < patience)
            {
                socket.Dispose();
                await Task.Delay(20, cancellation);
            }
        }
    }

    /// <summary>How many approaches have told their state.</summary>
    public async Task<int> AnsweringApproachesAsync(CancellationToken cancellation)
    {
        await _requests.WriteLineAsync("""{ "words": ["approach", "show"] }""".AsMemory(), cancellation);
        var line = await _lines.ReadLineAsync(cancellation) ?? throw new BenchmarkException(BenchmarkException.Failed, "the node closed its control socket");
        using var reply = JsonDocument.Parse(line);
        return reply.RootElement.TryGetProperty("tables", out var tables)
            ? tables[0].GetProperty("rows").EnumerateArray().Count(HasAnswered)
            : 0;
    }

    private static bool HasAnswered(JsonElement row) =>
        row.TryGetProperty("cameras", out var cameras) && cameras.ValueKind == JsonValueKind.Number;

    public void Dispose()
    {
        _lines.Dispose();
        _socket.Dispose();
    }
}
