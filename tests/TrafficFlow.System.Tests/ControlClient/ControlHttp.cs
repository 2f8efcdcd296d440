using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TrafficFlow.SystemTests.ControlClient;

/// <summary>HTTP to the socket of a node, as any program may speak it.</summary>
internal sealed class ControlHttp(string socket) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (_, cancellation) => new NetworkStream(await ConnectAsync(socket, cancellation), ownsSocket: true),
    })
    { BaseAddress = new Uri("http://node/") };

    public static async Task<Socket> ConnectAsync(string socket, CancellationToken cancellation = default)
    {
        var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await client.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellation);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    public async Task<(HttpStatusCode Status, string Body)> PostAsync(string body, string path = "commands")
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        using var answer = await _client.PostAsync(path, content);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task<(HttpStatusCode Status, string Body)> GetAsync(string path)
    {
        using var answer = await _client.GetAsync(path);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The answer as soon as its head is here; what follows is read from it.</summary>
    public Task<HttpResponseMessage> OpenAsync(string path) => _client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);

    public void Dispose() => _client.Dispose();
}
