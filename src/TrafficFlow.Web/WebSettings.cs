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

    /// <summary>How many programs may follow topics at a time.</summary>
    public StreamLimits Streams { get; init; } = StreamLimits.Default;

    /// <summary>Browsers are told to come by TLS alone.</summary>
    public bool IsHttps => Tls is not null || IsBehindProxy;
}

/// <summary>PEM files; a renewed certificate is taken while the node runs.</summary>
public sealed record WebCertificate(string Certificate, string PrivateKey);

/// <param name="Most">Streams of topics that are open at a time, in all.</param>
/// <param name="OfAnAccount">Of one account, with all of its tokens and pages together.</param>
/// <param name="SlowAfter">A reader that takes nothing for so long is cut off.</param>
public sealed record StreamLimits(int Most, int OfAnAccount, TimeSpan SlowAfter)
{
    public static readonly StreamLimits Default = new(1_500, 200, TimeSpan.FromSeconds(30));

    /// <summary>So often each stream asks again whether its reader may still follow.</summary>
    public TimeSpan CheckEach { get; init; } = TimeSpan.FromSeconds(60);
}
