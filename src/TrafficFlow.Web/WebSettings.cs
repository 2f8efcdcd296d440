using System.Net;
using TrafficFlow.Web.Formats.Datex;

namespace TrafficFlow.Web;

/// <summary>Where a server shows its pages and answers other programs.</summary>
/// <param name="Listen">Port 0 takes any free one. Without <paramref name="Tls"/> an address of the loopback: nothing goes over a network in the clear.</param>
/// <param name="Tls">Null for plain HTTP.</param>
/// <param name="IsBehindProxy">A proxy on this machine speaks TLS with the world, and says for whom it asks (X-Forwarded-For, -Proto, -Host).</param>
public sealed record WebSettings(IPEndPoint Listen, WebCertificate? Tls = null, bool IsBehindProxy = false)
{
    /// <summary>What is released is for everybody, not for the role city alone.</summary>
    public bool IsReleasePublic { get; init; }

    /// <summary>Of publications of DATEX II.</summary>
    public DatexPublisher Publisher { get; init; } = new("jp", "trafficflow", "ja");

    /// <summary>Browsers are told to come by TLS alone.</summary>
    public bool IsHttps => Tls is not null || IsBehindProxy;
}

/// <summary>PEM files; a renewed certificate is taken while the node runs.</summary>
public sealed record WebCertificate(string Certificate, string PrivateKey);
