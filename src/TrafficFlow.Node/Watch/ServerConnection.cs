using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;

namespace TrafficFlow.Node.Watch;

/// <summary>HTTP to a server with a token: one outgoing connection for all topics, through the proxy of HTTPS_PROXY where there is one, and why it cannot be had.</summary>
internal sealed class ServerConnection : IDisposable
{
    private const int LongestProblem = 64 * 1024;
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(15);

    private readonly ServerAddress _server;
    private readonly ServerTrust _trust;

    public ServerConnection(ServerAddress server, TimeProvider time)
    {
        (_server, _trust) = (server, new ServerTrust(server, time));
        Http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = ConnectWithin,
            SslOptions = _trust.Options(),
            KeepAlivePingDelay = TimeSpan.FromSeconds(20),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
        })
        {
            BaseAddress = server.Uri,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            MaxResponseContentBufferSize = LongestProblem,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Token);
        Http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("trafficflow", ProductVersion.Version));
    }

    public HttpClient Http { get; }

    /// <summary>In words, with what to do.</summary>
    public string Explain(Exception e) => e switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => $"there is no host {_server.Uri.Host}: is it written right, and does this machine reach its name server?",
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } proxy => $"the proxy {Proxy()} lets nobody through to {_server}{(proxy.StatusCode is { } status ? $" ({(int)status})" : "")}: ask who runs it, or name {_server.Uri.Host} in NO_PROXY",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => Unsafe(e),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError } => $"{_server} answers, but not as a server of trafficflow: is it the port of trafficflow.subscriptions.listen?",
        HttpRequestException { InnerException: SocketException socket } => $"{_server} does not answer ({socket.Message}): is the server running with trafficflow.subscriptions, is the port right, does a firewall let it through?{(Proxy() is { } proxy ? $" The way is by the proxy {proxy}" : "")}",
        TaskCanceledException or TimeoutException => $"{_server} does not answer within {ConnectWithin.TotalSeconds:0} s: does a firewall let it through?{(Proxy() is { } proxy ? $" The way is by the proxy {proxy}" : "")}",
        _ => $"{_server} broke off ({e.GetBaseException().Message})",
    };

    public void Dispose() => Http.Dispose();

    private string Unsafe(Exception e) => _trust.Problem is { } problem ? $"{_server} is not trusted: {problem}"
        : e.InnerException is AuthenticationException or IOException ? $"{_server} does not speak TLS 1.2 or 1.3, or broke off ({e.GetBaseException().Message}): is it the port of trafficflow.subscriptions.listen?"
        : $"no safe connection to {_server} ({e.GetBaseException().Message})";

    /// <summary>Host and port, without the password that its address may hold; null where there is none on the way.</summary>
    private string? Proxy() => HttpClient.DefaultProxy.IsBypassed(_server.Uri) ? null : HttpClient.DefaultProxy.GetProxy(_server.Uri)?.Authority;
}
