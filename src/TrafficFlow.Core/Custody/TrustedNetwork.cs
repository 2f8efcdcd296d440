using System.Net;
using System.Net.Sockets;

namespace TrafficFlow.Core.Custody;

/// <summary>Why a network may carry pictures in the clear.</summary>
public enum NetworkKind
{
    /// <summary>What crosses it is encrypted between its ends.</summary>
    Vpn = 0,

    /// <summary>Nobody but the installation is on it.</summary>
    Isolated = 1,
}

/// <summary>A network of which somebody has said that pictures may cross it in the clear.</summary>
/// <param name="SaidBy">Who has said so.</param>
/// <param name="SaidOn">When, by the calendar of the site.</param>
public sealed record TrustedNetwork(string Name, IPNetwork Range, NetworkKind Kind, string SaidBy, DateOnly SaidOn)
{
    /// <summary>Whether an address lies in it; an IPv4 address that is written as IPv6 (::ffff:a.b.c.d) is the IPv4 address.</summary>
    public bool Contains(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily == Range.BaseAddress.AddressFamily && Range.Contains(plain);
    }

    /// <summary>Reads NETWORK/BITS of a network that is narrow enough to be one.</summary>
    /// <param name="problem">What is wrong with it, where it is none.</param>
    public static bool TryParseRange(string text, out IPNetwork range, out string problem)
    {
        problem = "";
        if (!IPNetwork.TryParse(text, out range) || !IPAddress.TryParse(text[..text.IndexOf('/')], out var written))
        {
            problem = "is no network";
            return false;
        }

        // The platform takes a host's address for its network.
        if (!written.Equals(range.BaseAddress))
        {
            problem = "is no network: bits are set behind its mask";
            return false;
        }

        // All addresses of the world are not a network of anybody.
        var least = range.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 8 : 16;
        if (range.PrefixLength < least) problem = $"is wider than /{least}, which no VPN and no isolated network is";
        return problem.Length == 0;
    }
}
