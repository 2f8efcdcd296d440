using System.Net;

namespace TrafficFlow.Core.Custody;

/// <summary>How the pictures of a camera come.</summary>
public enum LinkStanding
{
    /// <summary>They cross no network: a file, a device of the machine, a simulation.</summary>
    NotNeeded = 0,

    /// <summary>Encrypted between the camera and the node.</summary>
    Encrypted = 1,

    /// <summary>In the clear, within a network that the site file names.</summary>
    WithinNetwork = 2,

    /// <summary>In the clear, within the machine itself.</summary>
    WithinMachine = 3,

    /// <summary>In the clear, and over a network of which nobody has said that it may be so.</summary>
    Open = 4,

    /// <summary>In the clear, and its name does not resolve now.</summary>
    Unknown = 5,
}

/// <param name="Host">Empty where no network is crossed.</param>
/// <param name="Text">What was found, without password; where it is not good, with what to do.</param>
public sealed record LinkVerdict(LinkStanding Standing, string Host, string Text)
{
    public bool IsGood => Standing is not (LinkStanding.Open or LinkStanding.Unknown);
}

/// <summary>Judges the address of a camera by the networks that the site file names. Pure: names are resolved by the caller.</summary>
public static class LinkJudge
{
    private static readonly string[] Encrypted = ["rtsps", "https"];
    private static readonly string[] Clear = ["rtsp", "http"];

    private const string Remedy =
        "take https:// of the camera where it offers it, or bring it into a VPN or an isolated network and name that under custody.networks in the site file, with who says so";

    /// <summary>The host whose addresses must be known before <paramref name="source"/> can be judged; null where none must.</summary>
    public static string? HostToResolve(string source) => SchemeOf(source) is { } scheme && Clear.Contains(scheme) ? HostOf(source) : null;

    /// <param name="source">As in the site file: an address, a file, a device, synthetic: or replay:.</param>
    /// <param name="addresses">All addresses of its host: each of them must lie inside one of the networks. Empty where it does not resolve.</param>
    public static LinkVerdict Judge(string source, IReadOnlyList<IPAddress> addresses, IReadOnlyList<TrustedNetwork> networks)
    {
        if (SchemeOf(source) is not { } scheme) return new LinkVerdict(LinkStanding.NotNeeded, "", "crosses no network");
        var host = HostOf(source) ?? "";
        if (Encrypted.Contains(scheme)) return new LinkVerdict(LinkStanding.Encrypted, host, $"{scheme}://{host}: encrypted");
        var shown = $"{scheme}://{host}";
        if (!Clear.Contains(scheme)) return new LinkVerdict(LinkStanding.Open, host, $"{shown}: not known to be encrypted; {Remedy}");
        if (addresses.Count == 0) return new LinkVerdict(LinkStanding.Unknown, host, $"{shown}: in the clear, and the name resolves to no address now, so that its network is not known: check the name, or write the address");
        if (addresses.All(IPAddress.IsLoopback)) return new LinkVerdict(LinkStanding.WithinMachine, host, $"{shown}: in the clear, within this machine");
        var outside = addresses.Where(a => !IPAddress.IsLoopback(a) && !networks.Any(n => n.Contains(a))).ToList();
        if (outside.Count > 0)
        {
            var where = networks.Count == 0 ? "the site file names no network" : "no network of the site file holds it";
            return new LinkVerdict(LinkStanding.Open, host, $"{shown} ({string.Join(", ", outside)}): in the clear, and {where}; {Remedy}");
        }

        var named = networks.Where(n => addresses.Any(n.Contains)).Select(n => $"{n.Name} ({n.Range}, {(n.Kind == NetworkKind.Vpn ? "VPN" : "isolated")}, said by {n.SaidBy} on {n.SaidOn:yyyy-MM-dd})");
        return new LinkVerdict(LinkStanding.WithinNetwork, host, $"{shown}: in the clear, within {string.Join(" and ", named)}");
    }

    private static string? SchemeOf(string source)
    {
        var end = source.IndexOf("://", StringComparison.Ordinal);
        return end > 0 ? source[..end].ToLowerInvariant() : null;
    }

    /// <summary>Of what is written without user and password; an address of IPv6 without its brackets.</summary>
    private static string? HostOf(string source)
    {
        var rest = source[(source.IndexOf("://", StringComparison.Ordinal) + 3)..];
        // A password may hold an @ or a / in the clear: what stands before the last @ of the authority is never shown.
        var path = rest.IndexOfAny(['/', '?', '#']);
        var authority = path < 0 ? rest : rest[..path];
        authority = authority[(authority.LastIndexOf('@') + 1)..];
        if (authority.StartsWith('[')) return authority.IndexOf(']') is var close and > 0 ? authority[1..close] : null;
        var colon = authority.IndexOf(':');
        var host = colon < 0 ? authority : authority[..colon];
        return host.Length == 0 ? null : host;
    }
}
