using System.Net;
using System.Net.Sockets;

namespace TrafficFlow.Web.Feeds;

/// <summary>
/// HTTP to addresses that somebody wrote into settings: no redirect is followed, no proxy of the environment is asked, and nothing is sent to link-local addresses,
/// where clouds keep the credentials of a machine. Whether an address is such a one is looked at when it is connected to, whatever a name meant before.
/// </summary>
internal static class OutgoingHttp
{
    private const string Unencrypted = "goes over a network in the clear";
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    public static HttpClient Client() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ConnectTimeout = ConnectWithin,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxResponseHeadersLength = 32,
        ConnectCallback = ConnectAsync,
    })
    { Timeout = AnswerWithin, MaxResponseContentBufferSize = 64 * 1024 };

    /// <returns>Null where a feed may be sent there; else why not.</returns>
    public static string? WhyNot(Uri url)
    {
        if (url.Scheme is not ("https" or "http")) return "is no web address";
        if (url.UserInfo.Length > 0) return "holds a name or a password";
        if (IPAddress.TryParse(url.IdnHost.Trim('[', ']'), out var literal) && WhyNot(literal) is { } why) return why;
        return url.Scheme == "http" && !url.IsLoopback ? Unencrypted : null;
    }

    public static string? WhyNot(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (plain.IsIPv6LinkLocal || (plain.AddressFamily == AddressFamily.InterNetwork && plain.GetAddressBytes() is [169, 254, ..])) return "is a link-local address";
        if (plain.IsIPv6Multicast || (plain.AddressFamily == AddressFamily.InterNetwork && plain.GetAddressBytes()[0] >= 224)) return "is an address of many";
        return plain.Equals(IPAddress.Any) || plain.Equals(IPAddress.IPv6Any) ? "is no machine's address" : null;
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = await Dns.GetHostAddressesAsync(host, cancellation).ConfigureAwait(false);
        if (addresses.Select(a => WhyNot(a)).FirstOrDefault(why => why is not null) is { } why) throw new HttpRequestException($"{host} {why}");
        if (context.InitialRequestMessage.RequestUri is { Scheme: "http" } && !addresses.All(IPAddress.IsLoopback)) throw new HttpRequestException($"http://{host} {Unencrypted}");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellation).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
