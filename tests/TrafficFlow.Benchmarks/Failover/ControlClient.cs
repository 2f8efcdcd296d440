using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace TrafficFlow.Benchmarks.Failover;

/// <summary>A node's own socket, as `trafficflow ctl` speaks to it.</summary>
internal sealed class ControlClient : IDisposable
{
    private readonly HttpClient _http;

    private ControlClient(string path) => _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectCallback = (_, c) => StreamAsync(path, c) });

    public static async Task<ControlClient> ConnectAsync(string path, TimeSpan patience, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var reached = await StreamAsync(path, cancellation);
                return new ControlClient(path);
            }
            catch (SocketException) when (clock.Elapsed < patience)
            {
                await Task.Delay(20, cancellation);
            }
        }
    }

    /// <summary>How many approaches have told their state.</summary>
    public async Task<int> AnsweringApproachesAsync(CancellationToken cancellation)
    {
        using var words = new StringContent("""{ "words": ["approach", "show"] }""", Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync("http://node/commands", words, cancellation);
        using var reply = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellation));
        return reply.RootElement.TryGetProperty("tables", out var tables)
            ? tables[0].GetProperty("rows").EnumerateArray().Count(HasAnswered)
            : 0;
    }

    private static async ValueTask<Stream> StreamAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool HasAnswered(JsonElement row) =>
        row.TryGetProperty("cameras", out var cameras) && cameras.ValueKind == JsonValueKind.Number;

    public void Dispose()
    {
        _http.Dispose();
    }
}
