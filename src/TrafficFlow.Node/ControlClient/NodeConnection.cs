using System.Net.Sockets;
using TrafficFlow.Node.ControlServer;

namespace TrafficFlow.Node.ControlClient;

/// <summary>HTTP to the control socket of a node of this machine, and why it cannot be reached.</summary>
internal sealed class NodeConnection : IDisposable
{
    private const int LongestReply = 64 * 1024 * 1024;

    private readonly string _dataDirectory;

    /// <exception cref="JobFailedException">No socket can be there.</exception>
    public NodeConnection(string dataDirectory)
    {
        _dataDirectory = dataDirectory;
        Path = ControlSocket.PathIn(dataDirectory);
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false, ConnectCallback = (_, cancel) => ConnectAsync(Path, cancel) })
        {
            // The name is of no use to anybody: the socket is the address.
            BaseAddress = new Uri("http://node/"),
            MaxResponseContentBufferSize = LongestReply,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public string Path { get; }

    public HttpClient Http { get; }

    public string OtherForm => $"the node at {Path} answers in another form: use the trafficflow of the node's own version";

    public string Explain(HttpRequestException e) => e switch
    {
        { InnerException: SocketException socket, HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.Unknown } => Explain(socket),
        { HttpRequestError: HttpRequestError.InvalidResponse } => OtherForm,
        _ => $"the node at {Path} broke off ({e.GetBaseException().Message}): is it stopping? Look into its log",
    };

    private string Explain(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AddressNotAvailable when !Directory.Exists(_dataDirectory) =>
            $"there is no folder {_dataDirectory}: name the data directory of a running node",
        SocketError.AddressNotAvailable => $"there is no node in {_dataDirectory} (no {System.IO.Path.GetFileName(Path)}): is it running, and is this its data directory?",
        SocketError.AccessDenied => $"{Path} may not be opened by this account: run it as the account of the node, or as root",
        _ => $"no node answers at {Path} ({e.Message}): it was killed, or is just starting. Look into its log, and start it with trafficflow run",
    };

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellation)
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

    public void Dispose() => Http.Dispose();
}
