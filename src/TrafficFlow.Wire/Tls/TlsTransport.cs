using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote;
using Akka.Remote.Transport;
using Google.Protobuf;
using TrafficFlow.Wire.Peers;

namespace TrafficFlow.Wire.Tls;

/// <summary>
/// Akka's remoting over mutual TLS. Akka's own transport speaks TLS too, but ends the whole node when one handshake that it began fails, so
/// that one peer with an expired certificate, or a link cut at the wrong moment, would take good nodes down one by one; and it cannot
/// tell a node whom a peer claims to be. This one refuses the peer and goes on. One line of log for each refusal.
/// </summary>
/// <remarks>
/// Tried again with Akka.Remote 1.5.74, two systems with certificates of different authorities: the one that sends to the other still runs
/// CoordinatedShutdown (TlsHandshakeFailureReason, exit code 79) after the first refused handshake; the one that is sent to goes on. Akka's
/// transport could take this one's place once a failed outbound handshake only gates the address like any other failed association, the
/// peer's certificate can be held against the address that it claims, and renewed certificates are read without a restart.
/// </remarks>
public sealed class TlsTransport : Transport
{
    // Who knocks and says nothing may hold memory and descriptors only so far.
    private const int MostHandshakes = 256;
    private const int MostHandshakesOfOneAddress = 64;
    private const int MostLinksOfOneCertificate = 16;
    private static readonly TimeSpan SpeakWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HandshakeWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookAtPins = TimeSpan.FromSeconds(2);

    private readonly ILoggingAdapter _log;
    private readonly RefusalLog _refusals;
    private readonly string _host;
    private readonly int _port;
    private readonly TimeSpan _connectWithin;
    private readonly TimeSpan _flushWithin;
    private readonly TimeProvider _time;
    private readonly WatchedCertificates _certificates;
    private readonly IPeerFilter _filter;
    private readonly ConcurrentDictionary<TlsConnection, byte> _connections = new();
    private readonly CancellationTokenSource _stopped = new();
    private readonly HandshakeQueue _handshakes = new(MostHandshakes, MostHandshakesOfOneAddress);
    private Socket? _listening;
    private Address? _local;

    /// <summary>Akka calls it.</summary>
    /// <param name="system">Its setup holds the certificates.</param>
    /// <param name="config">akka.remote.dot-netty.tcp: hostname, port, maximum-frame-size, connection-timeout.</param>
    public TlsTransport(ActorSystem system, Config config)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(config);
        (System, Config, SchemeIdentifier) = (system, config, "tcp");
        MaximumPayloadBytes = config.GetByteSize("maximum-frame-size", null) ?? throw new ConfigurationException("maximum-frame-size is missing");
        var setup = system.Settings.Setup.Get<TlsSetup>();
        if (!setup.HasValue) throw new ConfigurationException($"{nameof(TlsTransport)} needs a {nameof(TlsSetup)}: wire it with WithTrafficFlowCluster");
        _log = Logging.GetLogger(system, typeof(TlsTransport));
        _host = config.GetString("hostname");
        _port = config.GetInt("port");
        _connectWithin = config.GetTimeSpan("connection-timeout");
        _flushWithin = system.Settings.Config.GetTimeSpan("akka.remote.flush-wait-on-shutdown");
        _time = setup.Value.Time;
        _filter = setup.Value.Filter((ExtendedActorSystem)system);
        _refusals = new RefusalLog(_log, _time);
        _certificates = new WatchedCertificates(setup.Value.Files, _host, _time, _log);
    }

    public override bool IsResponsibleFor(Address remote) => true;

    public override async Task<(Address, TaskCompletionSource<IAssociationEventListener>)> Listen()
    {
        var address = await ResolveAsync(_host).ConfigureAwait(false);
        _listening = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _listening.Bind(new IPEndPoint(address, _port));
            _listening.Listen();
        }
        catch (SocketException e)
        {
            throw new RemoteTransportException($"{address}:{_port} cannot be bound: {e.Message}", e);
        }

        _local = new Address(SchemeIdentifier, System.Name, IPAddress.TryParse(_host, out var literal) ? Host(literal) : _host, ((IPEndPoint)_listening.LocalEndPoint!).Port);
        var ready = new TaskCompletionSource<IAssociationEventListener>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = AcceptAllAsync(ready.Task);
        _ = CheckPinsAsync();
        return (_local, ready);
    }

    public override async Task<AssociationHandle> Associate(Address remoteAddress)
    {
        ArgumentNullException.ThrowIfNull(remoteAddress);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stopped.Token);
        patience.CancelAfter(_connectWithin);
        try
        {
            var address = await ResolveAsync(remoteAddress.Host).ConfigureAwait(false);
            var socket = NewSocket(address.AddressFamily);
            try
            {
                await socket.ConnectAsync(address, remoteAddress.Port!.Value, patience.Token).ConfigureAwait(false);
                patience.CancelAfter(HandshakeWithin);
                var peer = await new TlsHandshake(_certificates.Current, _time).DialAsync(socket, remoteAddress.Host.Trim('[', ']'), patience.Token).ConfigureAwait(false);
                return Keep(new TlsConnection(
                    peer, _local!, remoteAddress, (int)MaximumPayloadBytes, _flushWithin, _filter, _time, message => Dialled(peer, remoteAddress, message)));
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
        catch (PeerRefusedException e)
        {
            var peer = Name(remoteAddress);
            _refusals.Report(peer, peer, e.Refusal);
            // Without the inner exceptions, whose stacks Akka would log at each try.
            throw new InvalidAssociationException($"no link with {peer}: {e.Message}");
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or RemoteTransportException)
        {
            throw new InvalidAssociationException($"{Name(remoteAddress)} cannot be reached: {(e is OperationCanceledException ? "no answer in time" : e.Message)}");
        }
    }

    public override async Task<bool> Shutdown()
    {
        await _stopped.CancelAsync().ConfigureAwait(false);
        _listening?.Dispose();
        foreach (var connection in _connections.Keys) connection.CloseAfterFlush();
        var all = Task.WhenAll(_connections.Keys.Select(c => c.Closed));
        return await Task.WhenAny(all, Task.Delay(_flushWithin + _flushWithin)).ConfigureAwait(false) == all;
    }

    private async Task AcceptAllAsync(Task<IAssociationEventListener> ready)
    {
        var associations = await ready.ConfigureAwait(false);
        while (!_stopped.IsCancellationRequested)
        {
            try
            {
                _ = WelcomeAsync(await _listening!.AcceptAsync(_stopped.Token).ConfigureAwait(false), associations);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                // Out of descriptors, or a peer that was gone at once: the next one may come.
                _log.Warning("A connection could not be accepted: {Reason}", e.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(100)).ConfigureAwait(false);
            }
        }
    }

    private async Task WelcomeAsync(Socket socket, IAssociationEventListener associations)
    {
        IPEndPoint? end = null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stopped.Token);
        patience.CancelAfter(SpeakWithin);
        try
        {
            end = (IPEndPoint)socket.RemoteEndPoint!;
            SetOptions(socket);
            using var place = _handshakes.Enter(end.Address, () => Drop(socket));
            if (!await TlsHandshake.SpeaksAsync(socket, patience.Token).ConfigureAwait(false))
            {
                socket.Dispose();
                return;
            }

            place.Spoke();
            patience.CancelAfter(HandshakeWithin);
            var peer = await new TlsHandshake(_certificates.Current, _time).AcceptAsync(socket, patience.Token).ConfigureAwait(false);
            var remote = new Address(SchemeIdentifier, System.Name, Host(end.Address), end.Port);
            var connection = new TlsConnection(
                peer, _local!, remote, (int)MaximumPayloadBytes, _flushWithin, _filter, _time, message => Welcome(peer, end, message));
            associations.Notify(new InboundAssociation(Keep(connection)));
        }
        catch (PeerRefusedException e)
        {
            socket.Dispose();
            Report(end!, e.Refusal);
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            socket.Dispose();
            if (!_stopped.IsCancellationRequested && e is OperationCanceledException)
                Report(end!, new Refusal(RefusalReason.NotTls, $"it does not speak TLS: it said nothing for {SpeakWithin.TotalSeconds:0} s"));
        }
        catch (Exception e)
        {
            // Nothing that a peer sends before it is authenticated may stop the listener for the others.
            socket.Dispose();
            _log.Error(e, "A connection failed unexpectedly while its peer was being authenticated; it was closed");
        }
    }

    /// <summary>Another one needs its place. Without the wait for what it has not read: it never spoke.</summary>
    private static void Drop(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Gone already.
        }

        socket.Dispose();
    }

    private PeerLink? Welcome(AuthenticatedPeer peer, IPEndPoint from, ByteString first)
    {
        var host = AssociateOrigin.Host(first);
        if (host is not null && CertificateCheck.Names(peer.Certificate, host) && AssociateOrigin.Of(first) is { } origin && origin.System == System.Name)
            return new PeerLink(peer.Identity, origin, Here);
        Report(from, _certificates.Current.Refuse(peer.Certificate, host ?? "", _time.GetUtcNow())
            ?? new Refusal(RefusalReason.BrokenHandshake, "it does not say who it is"));
        return null;
    }

    /// <summary>The certificate was held against the dialled host; what the peer says of itself must be that too.</summary>
    private PeerLink? Dialled(AuthenticatedPeer peer, Address dialled, ByteString first)
    {
        // One that does not take this node says so before it says who it is: with that alone nothing can be done.
        var origin = AssociateOrigin.Of(first) ?? new PeerOrigin(dialled.System, dialled.Host, dialled.Port ?? 0, 0);
        return (origin.System, origin.Host, origin.Port) == (dialled.System, dialled.Host, dialled.Port) ? new PeerLink(peer.Identity, origin, Here) : null;
    }

    private PeerOrigin Here => new(_local!.System, _local.Host, _local.Port ?? 0, AddressUidExtension.Uid(System));

    /// <summary>Who was revoked may not stay either.</summary>
    private async Task CheckPinsAsync()
    {
        using var timer = new PeriodicTimer(LookAtPins, _time);
        var last = _certificates.Current;
        try
        {
            while (await timer.WaitForNextTickAsync(_stopped.Token).ConfigureAwait(false))
            {
                if (_certificates.Current is var now && ReferenceEquals(now, last)) continue;
                last = now;
                foreach (var connection in _connections.Keys.Where(c => !now.Pins.Admits(c.Certificate)))
                {
                    var peer = Name(connection.RemoteAddress);
                    if (now.Refuse(connection.Certificate, null, _time.GetUtcNow()) is { } refusal) _refusals.Report(peer, peer, refusal);
                    connection.Abort();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private TlsConnection Keep(TlsConnection connection)
    {
        // A node has a link or two with each other one; the certificate of a machine may be that of several nodes.
        foreach (var old in _connections.Keys.Where(c => c.Certificate.Equals(connection.Certificate)).OrderByDescending(c => c.Number).Skip(MostLinksOfOneCertificate - 1)) old.Abort();
        _connections.TryAdd(connection, 0);
        connection.Closed.ContinueWith(_ => _connections.TryRemove(connection, out byte _), TaskScheduler.Default);
        connection.Start();
        return connection;
    }

    private static Socket NewSocket(AddressFamily family)
    {
        var socket = new Socket(family, SocketType.Stream, ProtocolType.Tcp);
        SetOptions(socket);
        return socket;
    }

    private static void SetOptions(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
    }

    private void Report(IPEndPoint peer, Refusal refusal) => _refusals.Report(peer.ToString(), peer.Address.ToString(), refusal);

    private static string Name(Address address) => $"{address.Host}:{address.Port}";

    private static string Host(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();

    private static async Task<IPAddress> ResolveAsync(string host)
    {
        if (IPAddress.TryParse(host.Trim('[', ']'), out var address)) return address;
        var all = await Dns.GetHostAddressesAsync(host).ConfigureAwait(false);
        return all.OrderBy(a => a.AddressFamily == AddressFamily.InterNetwork ? 0 : 1).FirstOrDefault()
            ?? throw new RemoteTransportException($"the name {host} has no address");
    }
}
