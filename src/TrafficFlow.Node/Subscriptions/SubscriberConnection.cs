using System.Net;
using Microsoft.AspNetCore.Connections;
using TrafficFlow.Node.Tokens;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Wire.Tls;

namespace TrafficFlow.Node.Subscriptions;

/// <summary>One connection to the port for subscribers: until it shows a good token it may have to make room for another.</summary>
internal sealed class SubscriberConnection : IDisposable
{
    private readonly OpenStreams _streams;
    private readonly HandshakeQueue.Place _place;
    private readonly Lock _gate = new();
    private SubscriberToken? _token;

    private SubscriberConnection(OpenStreams streams, HandshakeQueue unknown, IPAddress from, Action leave)
    {
        (_streams, From) = (streams, from);
        // One host of IPv6 has 2^64 addresses.
        _place = unknown.Enter(FailedTries.NetworkOf(from), leave);
    }

    public IPAddress From { get; }

    /// <summary>Around a connection, before its handshake.</summary>
    public static async Task RunAsync(ConnectionContext connection, ConnectionDelegate next, OpenStreams streams, HandshakeQueue unknown)
    {
        var from = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        using var own = new SubscriberConnection(streams, unknown, from.IsIPv4MappedToIPv6 ? from.MapToIPv4() : from, () => connection.Abort(new ConnectionAbortedException("another one took its place")));
        connection.Features.Set(own);
        await next(connection);
    }

    /// <summary>Its first bytes are there, and are TLS.</summary>
    public void Spoke() => _place.Spoke();

    /// <summary>It has shown a good token, and keeps its place from now on; another token later changes nothing.</summary>
    /// <returns>Why it cannot stay; null where it can.</returns>
    public string? Admit(SubscriberToken token)
    {
        lock (_gate)
        {
            if (_token is not null) return null;
            if (_streams.Connect(token) is { } problem) return problem;
            _token = token;
        }

        _place.Dispose();
        return null;
    }

    public void Dispose()
    {
        _place.Dispose();
        lock (_gate)
        {
            if (_token is { } token) _streams.Disconnect(token);
            _token = null;
        }
    }
}
