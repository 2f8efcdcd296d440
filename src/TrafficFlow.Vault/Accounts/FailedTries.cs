using System.Net;
using System.Net.Sockets;

namespace TrafficFlow.Vault.Accounts;

/// <summary>What follows from a try without a good token.</summary>
/// <param name="RetryAfter">Tries of this address before that are answered with 429; zero for the first ones.</param>
/// <param name="Tell">How many tries one line of the log now stands for; 0 for no line.</param>
public readonly record struct FailedTry(TimeSpan RetryAfter, long Tell);

/// <summary>
/// Tries without a good token, by the address they come from (of IPv6 the network that a household has). A few are answered at once, more of them wait ever
/// longer; a burst is told once a minute. Who has a good token is let in all the same: 256 random bits are not guessed, and whoever shares a router with
/// somebody who tries must not be shut out with them. Bounded; thread-safe.
/// </summary>
public sealed class FailedTries(TimeProvider time)
{
    /// <summary>Addresses that are remembered; beyond them the one that tried longest ago is forgotten.</summary>
    public const int MostAddresses = 1_024;

    /// <summary>Answered without a wait.</summary>
    public const int Free = 5;

    private const int MostLinesOfAMinute = 20;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private sealed class Address(IPAddress network)
    {
        public IPAddress Network { get; } = network;

        public int Tries { get; set; }

        public long LastAt { get; set; }

        public long WaitsUntil { get; set; }

        public long? ToldAt { get; set; }

        public long Untold { get; set; }
    }

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, LinkedListNode<Address>> _byNetwork = [];

    // The one that tried longest ago first.
    private readonly LinkedList<Address> _addresses = [];
    private long _minuteBegan = time.GetTimestamp();
    private int _linesOfMinute;

    /// <summary>Addresses that are remembered now.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _byNetwork.Count;
        }
    }

    public FailedTry Add(IPAddress from)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var address = Of(NetworkOf(from), now);
            address.LastAt = now;
            address.Untold++;
            var isEarly = now < address.WaitsUntil;
            // One that comes too early does not count: its wait would never end for a program that tries each second.
            if (!isEarly && ++address.Tries > Free) address.WaitsUntil = now + (long)(Wait(address.Tries).TotalSeconds * time.TimestampFrequency);
            var wait = address.WaitsUntil > now ? time.GetElapsedTime(now, address.WaitsUntil) : TimeSpan.Zero;
            return new FailedTry(wait, Tell(address, now));
        }
    }

    private static TimeSpan Wait(int tries) => TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, Math.Pow(2, Math.Min(tries - Free, 20))));

    private long Tell(Address address, long now)
    {
        if (address.ToldAt is { } at && time.GetElapsedTime(at, now) < Minute) return 0;
        if (time.GetElapsedTime(_minuteBegan, now) >= Minute) (_minuteBegan, _linesOfMinute) = (now, 0);
        if (_linesOfMinute >= MostLinesOfAMinute) return 0;
        _linesOfMinute++;
        var told = address.Untold;
        (address.ToldAt, address.Untold) = (now, 0);
        return told;
    }

    private Address Of(IPAddress network, long now)
    {
        if (_byNetwork.TryGetValue(network, out var node))
        {
            _addresses.Remove(node);
            if (time.GetElapsedTime(node.Value.LastAt, now) > Forgotten) node.Value.Tries = 0;
        }
        else
        {
            if (_byNetwork.Count >= MostAddresses)
            {
                _byNetwork.Remove(_addresses.First!.Value.Network);
                _addresses.RemoveFirst();
            }

            node = new LinkedListNode<Address>(new Address(network));
            _byNetwork[network] = node;
        }

        _addresses.AddLast(node);
        return node.Value;
    }

    /// <summary>What counts as one address.</summary>
    public static IPAddress NetworkOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        Array.Clear(bytes, 8, 8);
        return new IPAddress(bytes);
    }
}
